"""The ingest process is killed in the middle of bursts: nothing is lost, little comes twice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import partial

from monitor.ports.wire import EVENTS
from tests.deployment import Deployment, Tail, eventually
from tests.sites.faces.face import serving
from tests.sites.faces.json_api import JsonApi
from tests.sites.faces.store import Store

KILLS = 3
BURST = 150
PAGE = 20


async def more_than(tail: Tail, count: int) -> bool:
    return len(await tail.look()) > count


async def test_a_killed_ingest_loses_nothing_and_repeats_a_page_at_most(road: Deployment) -> None:
    store = Store(lambda: datetime.now(UTC))
    face = JsonApi(store)
    async with serving(face) as url, road.tail("comments") as tail:
        road.sources = road.folder / "sources.yaml"
        road.sources.write_text(face.source_at(url))

        for number in range(KILLS):
            await road.start("ingest", "run", "ingest")
            before = len(await tail.look())
            for _ in range(BURST):
                store.write(f"Comment in burst {number}", thread="article-1", author="ann")
            await eventually("the burst begins to be told", partial(more_than, tail, before))
            await road.kill("ingest")

        async def all_told() -> bool:
            return len({record.key for record in await tail.look()}) == KILLS * BURST

        await road.start("ingest", "run", "ingest")
        await eventually("every comment is told", all_told)
        events = [EVENTS.decode(record.value) for record in tail.messages]
        told = Counter((event.kind, event.comment.key) for event in events)
        assert {("created", f"made-up:{native_id}") for native_id in face.truth()} == set(told)
        assert sum(told.values()) - len(told) <= KILLS * PAGE
