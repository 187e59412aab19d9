"""A real WordPress, with everything in its life that loses comments, read by each of its channels.

`./tests/run --real-wordpress -m wordpress`. The database is the truth; what a channel cannot know is said.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from monitor.domain.comments import CommentEvent, EventKind
from tests.sites.gazette import NIGHT, Gazette
from tests.sites.haste import hasten
from tests.sites.ledger import EVEN, Balance
from tests.sites.watching import Watcher, watching
from tests.sites.wordpress import BLOCKS, CLASSIC, Row, WordPress, running_wordpress

FACTOR: Final = 10.0
START: Final = NIGHT.replace(hour=7, minute=30)
"""What the clock says at the beginning: the hour that comes twice is over, its comments are still to come."""

DEPTH: Final = 5
"""How deep the site nests replies; deeper ones stand beside what they answer."""

PACE: Final = """\
poll: {every: 15s, min: 5s, max: 30s}
politeness: {rate: 4/s, networks: [127.0.0.0/8]}
limits: {timeout: 2m}
"""

ANONYMOUS: Final = """\
id: rest
preset: wordpress
incremental: {deep_every: 45s}
"""

MODERATOR: Final = """\
id: moderator
preset: wordpress
secrets: {user: "${env:WP_USER}", password: "${env:WP_PASSWORD}"}
incremental: {deep_every: 45s}
"""

ATOM: Final = """\
id: atom
preset: wordpress-feed
incremental: {deep_every: 45s}
"""

HTML: Final = """\
id: html
preset: wordpress-html
incremental: {deep_every: 45s}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """A site that has lived, and what each channel told of it."""

    gazette: Gazette
    rows: Mapping[str, Row]
    shown: dict[str, str]
    moderated: dict[str, str]
    channels: Mapping[str, Watcher]


def lived(folder: Path, theme: str, **files: str) -> Lived:
    """Let the site live in this theme while these channels are read; return what came of it."""

    async def work(clock: Callable[[], datetime]) -> Lived:
        async with running_wordpress(folder) as site:
            gazette = Gazette(site, clock)
            await site.act({"do": "theme", "name": theme})
            await gazette.before()
            async with channels(site, clock, files) as watchers:
                await everyone_read(watchers)
                await gazette.during(lambda: everyone_read(watchers))
                await everyone_read(watchers, deep=3)
            both = (site.open, site.protected)
            return Lived(
                gazette=gazette,
                rows=await site.rows(),
                shown=unmarked(await site.truth("1")),
                moderated=unmarked(await site.truth("0", "1", posts=both)),
                channels=watchers,
            )

    return hasten(work, FACTOR, START)


def unmarked(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts as a reader sees them: the gazette's hold no other markup."""
    return {native_id: text.replace("<b>", "").replace("</b>", "") for native_id, text in texts.items()}


@asynccontextmanager
async def channels(
    site: WordPress, clock: Callable[[], datetime], files: Mapping[str, str]
) -> AsyncIterator[dict[str, Watcher]]:
    """Read each of these channels, as a process of its own would."""
    secrets = {"WP_USER": "moderator", "WP_PASSWORD": site.password}
    async with AsyncExitStack() as stack:
        watchers = {
            name: await stack.enter_async_context(
                watching(f"url: {site.url}\n{text}{PACE}", clock, environ=secrets)
            )
            for name, text in files.items()
        }
        yield watchers


async def everyone_read(watchers: Mapping[str, Watcher], deep: int = 0) -> None:
    """Return when every channel was read again, `deep` times back over the late window."""
    await asyncio.gather(*(watcher.readings(1, deep=deep) for watcher in watchers.values()))


@pytest.mark.wordpress
def test_rest_atom_and_pages_tell_what_the_database_holds(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("wp")
    site = lived(folder, CLASSIC, rest=ANONYMOUS, moderator=MODERATOR, atom=ATOM, html=HTML)
    told = {
        name: watcher.balance(site.moderated if name == "moderator" else site.shown)
        for name, watcher in site.channels.items()
    }
    for name, watcher in site.channels.items():
        report(name, watcher, told[name])
    assert (EVEN, EVEN, EVEN) == (told["rest"], told["moderator"], told["html"])
    assert_only_what_a_feed_cannot_know_is_missing(told["atom"], site.gazette)
    for name, watcher in site.channels.items():
        assert_parents_are_the_databases(watcher, site.rows, nested=name == "html")
    for name in ("rest", "moderator", "atom"):  # pages tell local times, which change with the site's zone
        assert_times_are_the_databases(site.channels[name], site)


@pytest.mark.wordpress
def test_pages_of_a_block_theme_tell_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    site = lived(tmp_path_factory.mktemp("wp"), BLOCKS, html=HTML)
    report("blocks", site.channels["html"], site.channels["html"].balance(site.shown))
    assert EVEN == site.channels["html"].balance(site.shown)
    assert_parents_are_the_databases(site.channels["html"], site.rows, nested=True)


def assert_only_what_a_feed_cannot_know_is_missing(told: Balance, gazette: Gazette) -> None:
    """Fail if the feed could have told more.

    It shows the ten newest by the time they were written, and nothing of what becomes of the others.
    """
    old = {*gazette.before_all, *gazette.late, *gazette.dated_back}
    assert told.lost <= {str(each) for each in old | set(gazette.burst)}
    assert told.stale <= {str(each) for each in gazette.edited}
    assert told.ghosts <= {str(each) for each in gazette.taken_away}
    assert () == told.doubled


def assert_parents_are_the_databases(watcher: Watcher, rows: Mapping[str, Row], *, nested: bool) -> None:
    """Fail if a reply is told as an answer to another comment, or to none.

    Where it is known by how comments are `nested`, only as deep as the theme nests them.
    """
    told = {event.comment.native_id: event.comment.parent for event in created(watcher)}
    known = [native_id for native_id in told if not nested or depth(native_id, rows) <= DEPTH]
    assert {each: told[each] for each in known} == {each: rows[each].parent for each in known}


def depth(native_id: str, rows: Mapping[str, Row]) -> int:
    """Return how many comments stand above this one, and itself."""
    parent = rows[native_id].parent
    return 1 + (depth(parent, rows) if parent else 0)


def assert_times_are_the_databases(watcher: Watcher, site: Lived) -> None:
    """Fail if a comment is told with another time than it was written at.

    Not of edited ones: WordPress then reckons the UTC time anew from the local one, and moves a comment
    of the hour that comes twice to the hour before.
    """
    edited = {str(each) for each in site.gazette.edited}
    found = [event.comment for event in created(watcher) if event.comment.native_id not in edited]
    told = {comment.native_id: comment.created_at for comment in found}
    assert told == {each: datetime.fromisoformat(site.rows[each].at).replace(tzinfo=UTC) for each in told}


def created(watcher: Watcher) -> list[CommentEvent]:
    """Return the first events of comments that the database still holds."""
    gone_for_good = {
        event.comment.native_id for event in watcher.ledger.events if event.kind is EventKind.DELETED
    }
    return [
        event
        for event in watcher.ledger.events
        if event.kind is EventKind.CREATED and event.comment.native_id not in gone_for_good
    ]


def report(name: str, watcher: Watcher, balance: Balance) -> None:
    """Print the figures of a channel: they are what the proof is quoted by."""
    counts = {field.name: len(getattr(balance, field.name)) for field in fields(balance)}
    kinds = Counter(str(event.kind) for event in watcher.ledger.events)
    print(f"{name}: {dict(kinds)} told in {len(watcher.polls)} readings; {counts}")
