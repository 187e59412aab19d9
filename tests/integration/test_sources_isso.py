"""A real isso, its readers and its moderator; a real broker; the product's own process between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from monitor.domain.comments import CommentEvent
from monitor.ports.wire import EVENTS
from tests.deployment import Deployment, eventually
from tests.sites.chaos import open_chaos
from tests.sites.faults import (
    NONSENSE,
    RESET,
    lying_etag,
    reset_mid_body,
    seeded,
    status,
    throttled,
    truncated_gzip,
    zipped,
)
from tests.sites.haste import hasten
from tests.sites.isso import Isso, running_isso
from tests.sites.ledger import EVEN, Balance, balance
from tests.sites.watching import watching

SOURCES = """\
id: blog
preset: isso
url: {url}
poll: {{every: 1s, min: 1s, max: 1s}}
incremental: {{deep_every: 2s}}
politeness: {{rate: 20/s, networks: [127.0.0.0/8]}}
---
id: blog-feed
preset: feed
url: "{url}/feed?uri=/bridge/"
fields: {{id: {{path: id, regex: "([0-9]+)$"}}}}
poll: {{every: 1s, min: 1s, max: 1s}}
incremental: {{deep_every: 2s}}
politeness: {{rate: 20/s, networks: [127.0.0.0/8]}}
"""

WORDS = 'Good & <b>bad</b> "things" – ünï 🙂\n\nin two paragraphs'


async def events_of(road: Deployment, source: str) -> list[CommentEvent]:
    events = [EVENTS.decode(record.value) for record in await road.read("comments")]
    return [event for event in events if event.comment.source == source]


async def told_all(road: Deployment, site: Isso) -> bool:
    return balance(await events_of(road, "blog"), site.truth()) == EVEN


async def life_begins(site: Isso) -> list[int]:
    """Twenty comments, five of them answers; three still wait for the moderator."""
    ids = [await site.post(f"{number} {WORDS}", author="Ann") for number in range(15)]
    ids += [await site.post(f"An answer to {parent}", parent=parent) for parent in ids[:5]]
    for native_id in ids[:-3]:
        await site.approve(native_id)
    return ids


async def life_goes_on(site: Isso, ids: list[int]) -> None:
    """Late approvals, edits, deletions by authors, one refused by the moderator, a burst."""
    await site.edit(ids[0], "Edited, and answered")
    await site.edit(ids[7], "Edited")
    await site.delete(ids[1])  # it has an answer: isso keeps its place
    await site.delete(ids[8])
    await site.approve(ids[-3])
    await site.approve(ids[-2])
    await site.reject(ids[-1])
    for number in range(40):
        await site.approve(await site.post(f"Burst {number}"))


async def test_what_happens_at_a_real_isso_stands_on_the_topic(road: Deployment) -> None:
    async with running_isso(road.folder / "isso", moderated=True) as site:
        road.sources = written(road.folder / "sources.yaml", site)
        await road.start("ingest", "run", "ingest")
        ids = await life_begins(site)
        await eventually("the first comments are told", lambda: told_all(road, site))
        await life_goes_on(site, ids)
        await eventually("what became of them is told", lambda: told_all(road, site))
        await site.edit(ids[3], "Edited at last")
        await eventually("one more edit is told", lambda: told_all(road, site))

        parents = {event.comment.native_id: event.comment.parent for event in await events_of(road, "blog")}
        truth = site.parents()
        assert truth == {native_id: parents[native_id] for native_id in truth}
        await the_feed_tells(road, site)


async def the_feed_tells(road: Deployment, site: Isso) -> None:
    """Return when the feed told all that is shown; it cannot tell what is gone."""

    async def all_shown() -> bool:
        told = balance(await events_of(road, "blog-feed"), site.truth())
        return not (told.lost or told.stale or told.doubled)

    await eventually("the feed tells what is shown", all_shown)


def test_a_real_isso_behind_a_bad_line_is_told_whole(tmp_path: Path) -> None:
    waits = (throttled(2), throttled(1, code=503), status(500))
    storm = seeded(3, *waits, RESET, NONSENSE, truncated_gzip, reset_mid_body, zipped, lying_etag())

    async def work(clock: Callable[[], datetime]) -> tuple[Balance, list[str]]:
        async with (
            running_isso(tmp_path, moderated=True) as site,
            open_chaos(site.url, storm, clock=clock) as chaos,
            watching(SOURCES.partition("---")[0].format(url=chaos.url), clock) as watcher,
        ):
            ids = await life_begins(site)
            await watcher.readings(1)
            await life_goes_on(site, ids)
            await watcher.readings(1, deep=4)
            return watcher.balance(site.truth()), chaos.violations

    assert (EVEN, []) == hasten(work, factor=20, start=datetime.now(UTC))


def written(path: Path, site: Isso) -> Path:
    path.write_text(SOURCES.format(url=site.url))
    return path
