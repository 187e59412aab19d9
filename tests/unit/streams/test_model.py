"""A model that is slow to load, missing, or ends every process that loads it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from monitor.metrics import Metrics
from monitor.ports.wire import EVENTS
from monitor.services.health import HealthServer
from monitor.settings import KafkaSettings, RulesSettings, Settings, WorkerSettings
from streams.guard import Message
from streams.judging import Judged
from streams.pool import JudgePool
from streams.steps.inspect import Inspect
from streams.topics import topics
from tests.checkpoints import Tiny, booby_trap, make_tiny
from tests.trial import an_event
from tests.workload import write_rules

pytestmark = pytest.mark.slow

PAYLOAD = EVENTS.encode(an_event("We will find you, wait for it."))
SOON = 2.0
"""Seconds in which a health check is answered on a machine that is very busy; the model here takes longer."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return make_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def settings(tiny: Tiny, tmp_path: Path) -> Settings:
    return Settings(
        rules=RulesSettings(path=write_rules(tmp_path)),
        worker=WorkerSettings(judges=1),
        toxicity=replace(tiny.settings, fallback="none"),
    )


def with_checkpoint(settings: Settings, checkpoint: Path) -> Settings:
    return replace(settings, toxicity=replace(settings.toxicity, checkpoint=checkpoint))


def facts(results: list[object]) -> Iterator[tuple[str | None, str | None]]:
    for result in results:
        assert isinstance(result, Judged)
        yield result.facts.scored_by, result.facts.unknown


async def test_comments_are_scored_in_the_judging_process(settings: Settings) -> None:
    async with JudgePool(settings) as pool:
        loaded = await pool.warm_up()
        assert ("detoxify-tiny", "") == (loaded.scorer, loaded.missing)
        assert [("detoxify-tiny", None)] == list(facts([*await pool.judge([PAYLOAD])]))


async def test_a_cascade_says_which_model_spoke_last(settings: Settings) -> None:
    cascade = replace(settings, toxicity=replace(settings.toxicity, scorer="cascade"))
    async with JudgePool(cascade) as pool:
        assert "cascade" == (await pool.warm_up()).scorer
        # No rule here asks for scores: nothing that Detoxify says could change what the rules say.
        assert [("cascade:embedded-1", None)] == list(facts([*await pool.judge([PAYLOAD])]))


async def test_health_is_answered_while_the_model_loads(settings: Settings, tmp_path: Path) -> None:
    slow = booby_trap(tmp_path / "slow.ckpt", "import time; time.sleep(3); raise ValueError('no model')")
    waits: list[float] = []
    async with (
        HealthServer(Metrics(), host="127.0.0.1", port=0) as health,
        aiohttp.ClientSession() as client,
        JudgePool(with_checkpoint(settings, slow)) as pool,
    ):
        loading = asyncio.create_task(pool.warm_up())
        began = time.monotonic()
        while not loading.done():
            asked = time.monotonic()
            async with client.get(f"http://127.0.0.1:{health.port}/healthz") as answer:
                assert 200 == answer.status
            waits.append(time.monotonic() - asked)
            await asyncio.wait({loading}, timeout=0.02)
        assert time.monotonic() - began > 3
    assert len(waits) > 20
    assert max(waits) < SOON


async def test_a_missing_model_is_told_and_comments_are_judged(settings: Settings, tmp_path: Path) -> None:
    async with JudgePool(with_checkpoint(settings, tmp_path / "gone.ckpt")) as pool:
        loaded = await pool.warm_up()
        assert "none" == loaded.scorer
        assert "gone.ckpt" in loaded.missing
        assert [(None, "no_model")] == list(facts([*await pool.judge([PAYLOAD])]))


async def test_a_model_that_ends_every_process_dead_letters_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    deadly = booby_trap(tmp_path / "deadly.ckpt", "import os; os.kill(os.getpid(), 9)")
    messages = [Message(topic="comments", partition=0, offset=n, key=None, value=PAYLOAD) for n in range(3)]
    async with JudgePool(with_checkpoint(settings, deadly)) as pool:
        loaded = await pool.warm_up()
        assert "none" == loaded.scorer
        assert "ends every process" in loaded.missing
        inspect = Inspect(pool=pool, topics=topics(KafkaSettings()), metrics=Metrics())
        outcome = await inspect.process(messages)
        outcome.done()
        assert [] == outcome.failures
        assert 1 == inspect.metrics.registry.get_sample_value("comment_monitor_model_missing")
        assert 3 == sum(record.topic == inspect.topics.verdicts.name for record in outcome.records)


async def test_the_fallback_scores_while_the_model_rests(settings: Settings, tmp_path: Path) -> None:
    deadly = with_checkpoint(
        settings, booby_trap(tmp_path / "deadly.ckpt", "import os; os.kill(os.getpid(), 9)")
    )
    async with JudgePool(replace(deadly, toxicity=replace(deadly.toxicity, fallback="embedded"))) as pool:
        assert [("embedded-1", None)] == list(facts([*await pool.judge([PAYLOAD])]))
        assert "ends every process" in pool.missing
