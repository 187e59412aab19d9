"""Rules change under a running worker: sound ones judge, unsound ones never do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.ports.wire import VERDICTS
from tests.deployment import Deployment, eventually
from tests.trial import a_rule, an_event


@pytest.fixture
async def road(tmp_path: Path, kafka: str, prefix: str) -> AsyncIterator[Deployment]:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "rules.yaml").write_text(a_rule("text: {words: [turnip]}"))
    road = Deployment(folder=tmp_path, bootstrap=kafka, prefix=prefix, rules=rules, partitions=1)
    yield road
    await road.stop()


async def test_a_sound_change_judges_and_an_unsound_one_is_refused(road: Deployment) -> None:
    rules = road.rules / "rules.yaml"
    assert (await road.command("topics", "apply"))[0] == 0
    await road.start("worker", "run", "worker")
    async with road.tail("verdicts") as verdicts:

        async def judged(word: str, books: int) -> bool:
            """Send the word, and return whether so many books have judged so far."""
            await road.send([an_event(f"what a {word}")])
            found = [VERDICTS.decode(message.value) for message in await verdicts.look()]
            return len({verdict.book for verdict in found if verdict.matches}) == books

        async def first() -> bool:
            return await judged("turnip", 1)

        async def second() -> bool:
            return await judged("beet", 2)

        async def refused() -> bool:
            return "rules.refused" in road.log("worker")

        await eventually("a verdict by the first rules", first)
        rules.write_text(a_rule("text: {words: [beet]}"))
        await eventually("a verdict by the second rules", second)
        rules.write_text("id: [")
        await eventually("the refusal in the log", refused)
        assert await judged("beet", 2)
    assert "rules.reloaded" in road.log("worker")
