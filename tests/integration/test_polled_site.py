"""A site told in a source file, polled by the real process onto a real broker."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from monitor.ports.wire import EVENTS
from tests.deployment import Deployment, eventually
from tests.workload import write_rules

SOURCE = """\
version: 1
id: gazette
kind: poll
format: json
request: {{url: "{url}"}}
select: {{items: comments}}
fields:
  id: {{path: id}}
  text: {{path: text}}
incremental: {{order: newest_first, deep_every: 2s}}
poll: {{every: 1s, min: 1s, max: 1s}}
politeness: {{robots: skip, networks: ["127.0.0.0/8"], rate: 20/1s}}
"""


@dataclass(slots=True)
class Paper:
    """A site that shows its comments as JSON."""

    texts: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    status: int = 200

    async def show(self, request: web.Request) -> web.Response:
        del request
        self.asked += 1
        comments = [{"id": key, "text": text} for key, text in reversed(self.texts.items())]
        return web.json_response({"comments": comments}, status=self.status)


@pytest.fixture
async def paper() -> AsyncIterator[tuple[Paper, str]]:
    paper = Paper({str(number): f"Good morning {number}" for number in range(5)})
    app = web.Application()
    app.router.add_get("/comments", paper.show)
    async with TestServer(app) as server:
        yield paper, str(server.make_url("/comments"))


@pytest.fixture
async def polling(
    tmp_path: Path, tansu: str, prefix: str, paper: tuple[Paper, str]
) -> AsyncIterator[Deployment]:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "gazette.yaml").write_text(SOURCE.format(url=paper[1]))
    road = Deployment(
        folder=tmp_path,
        bootstrap=tansu,
        prefix=prefix,
        rules=write_rules(tmp_path),
        idempotence=False,
        sources=sources,
    )
    assert (await road.command("topics", "apply"))[0] == 0
    yield road
    await road.stop()


async def told(road: Deployment) -> Counter[str]:
    events = [EVENTS.decode(record.value) for record in await road.read("comments")]
    return Counter(f"{event.kind} {event.comment.native_id}" for event in events)


async def test_a_site_is_polled_for_ever_and_nothing_is_lost_where_the_process_is_killed(
    polling: Deployment, paper: tuple[Paper, str]
) -> None:
    site = paper[0]

    async def five() -> bool:
        return len(await told(polling)) == 5

    await polling.start("ingest", "run", "ingest")
    await eventually("the first five", five)
    await polling.kill("ingest")
    site.texts |= {str(number): f"Good evening {number}" for number in range(5, 9)}
    site.texts["1"] = "Good morning 1, edited"

    async def all_told() -> bool:
        return len(await told(polling)) == 10

    ingest = await polling.start("ingest", "run", "ingest")
    await eventually("four new ones and an edit", all_told)
    expected = {f"created {number}" for number in range(9)} | {"edited 1"}
    assert expected == set(await told(polling))
    assert ingest.returncode is None


async def test_what_a_site_does_is_explained_while_it_is_polled(
    polling: Deployment, paper: tuple[Paper, str]
) -> None:
    await polling.start("ingest", "run", "ingest")

    async def explained(words: str) -> bool:
        code, said = await polling.command("sources", "explain", "gazette")
        assert code == 0, said
        return words in said

    await eventually("that it is well", lambda: explained("of 5 found none was new: 5 known"))
    paper[0].status = 503
    await eventually("that the site fails", lambda: explained("HTTP 503"))
    code, listed = await polling.command("sources", "list", "--format", "json")
    assert (code, json.loads(listed)[0]["state"]) == (0, "failed")
    await polling.stop()
    assert polling.processes["ingest"].returncode == 0
