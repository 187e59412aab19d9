"""A source that asks a site again and again, and tells what changed there.

"Newer than what I saw last" would lose comments: one that was held for moderation appears with its
old date, and edits and deletions have no date at all. So the poller remembers what it saw
(`ports.Sightings`), reads back over a late window every `deep_every` whatever is known, and asks
without validators now and then because validators lie. A cursor holds when each thread is due and
how far its reading got; a batch is one page, so that a process that is killed repeats one page at
most. Only one may run for a source at a time.

What fails is tried again here, thread by thread, so that one broken thread stops no other; what the
site asked to wait for holds for all of it, also over a restart.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Final

from msgspec import structs

from monitor.domain.errors import Retryable
from monitor.ports import Batch
from monitor.sources.kinds import Tools
from monitor.sources.polling.bookmarks import LONGEST_WAIT, WHOLE, Bookmark, Bookmarks
from monitor.sources.polling.planning import advanced, counted, forget_before, plan, settled
from monitor.sources.polling.reading import Harvest, Reading, Sleep
from monitor.sources.polling.schedule import backed_off, turn
from monitor.sources.polling.site import Poll, Site, Thread
from monitor.sources.polling.vanishing import vanished
from monitor.sources.web.message import NO_VALIDATORS, Refused

SPREAD: Final = 10.0
"""Seconds over which the sources of a process start, so that they do not all ask at once."""

TICK: Final = 0.001
"""Seconds of the shortest sleep: a clock that counts microseconds never reaches a fraction of one."""

MOST_THREADS: Final = 1000
"""Threads that are read, the most active first."""

FAREWELLS: Final = 3
"""Failures after which a thread that is no longer listed is given up."""


class Poller:
    """Reads one site. `sleep` and `chance` (from 0 to 1) are given by tests that pass no time."""

    def __init__(
        self,
        site: Site,
        tools: Tools,
        *,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._site = site
        self._tools = tools
        self._sleep = sleep
        self._chance = chance

    @property
    def name(self) -> str:
        """Return the name that the cursor and the sightings are kept under."""
        return self._site.name

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        """Yield what changed at the site, for ever.

        What was yielded must be saved before the next batch is asked for. A batch without events
        carries the cursor alone.

        Raises:
            Misconfigured: the cursor is of another kind of source, or the site can never be read.
        """
        bookmarks = Bookmarks.read(cursor, self._tools.clock().timestamp())
        rounds = _Rounds(self._site, self._tools, self._sleep, self._chance, bookmarks)
        async with aclosing(rounds.run()) as batches:
            async for batch in batches:
                yield batch


class _Rounds:
    """One run of the poller: the bookmarks, and whose turn it is."""

    def __init__(
        self, site: Site, tools: Tools, sleep: Sleep, chance: Callable[[], float], bookmarks: Bookmarks
    ) -> None:
        self._site = site
        self._tools = tools
        self._sleep = sleep
        self._chance = chance
        self._threads = _admitted(site, dict(bookmarks.threads))
        self._listing = bookmarks.listing
        self._began = bookmarks.began
        self._paused_until = bookmarks.paused_until
        self._batches = bookmarks.batches

    async def run(self) -> AsyncGenerator[Batch, None]:
        """Yield the batches of each reading in its turn."""
        start = self._now().timestamp() + self._chance() * min(self._site.policy.every, SPREAD)
        self._paused_until = max(self._paused_until, start)
        while True:
            key, due = self._next()
            await self._until(max(due, self._paused_until))
            async with aclosing(self._list() if key is None else self._read(key)) as batches:
                async for batch in batches:
                    yield batch

    def _next(self) -> tuple[str | None, float]:
        """Return whose turn it is, None for the list of threads, and when."""
        turns: list[tuple[float, str | None]] = [(each.next_at, key) for key, each in self._threads.items()]
        if self._site.listing() is not None:
            turns.append((self._listing.next_at, None))
        due, key = min(turns, key=lambda each: each[0])
        return key, due

    async def _read(self, key: str) -> AsyncGenerator[Batch, None]:
        """Read one thread, or the whole site."""
        before, now = self._threads[key], self._now()
        reading = Reading(
            self._site, self._tools, plan(self._site.policy, key, before, self._began, now), self._sleep
        )
        last, forget = Harvest(), None
        try:
            while (harvest := await reading.step()) is not None:
                self._threads[key] = advanced(self._site.policy, self._threads[key], reading, harvest)
                if reading.ended:
                    last = harvest  # the last page goes out with the end of the reading: one save less
                elif harvest:
                    yield self._batch(harvest)
            for harvest in await self._vanished(before, reading):
                reading.tally.count(harvest)
                yield self._batch(harvest)
        except Retryable as error:
            poll = self._failed(key, reading, error)
        else:
            poll = self._settled(key, before, reading)
            forget = self._forget(key, now)
        yield self._batch(last, forget)
        self._tools.watch.polled(self._site.name, poll)

    async def _vanished(self, before: Bookmark, reading: Reading) -> list[Harvest]:
        """Return the deletions that no page told; none where comments cannot be told from a fault."""
        if not reading.tally.found and before.most > 1:
            return []
        return await vanished(self._site, self._tools, reading)

    def _settled(self, key: str, before: Bookmark, reading: Reading) -> Poll:
        after, poll = settled(self._site, before, self._threads[key], reading, self._chance())
        if reading.tally.rest:
            self._pause(reading.tally.rest)
        self._threads[key] = after
        return poll

    def _forget(self, key: str, now: datetime) -> datetime | None:
        """Return what may be forgotten after a deep reading; let go of a thread that has left."""
        after = self._threads[key]
        if after.deep_at < now.timestamp():
            return None
        if after.leaving:
            del self._threads[key]
        deep = [each.deep_at for each in self._threads.values() if each.deep_at]
        return forget_before(self._site.policy, deep, now.timestamp())

    def _failed(self, key: str, reading: Reading, error: Retryable) -> Poll:
        before = self._threads[key]
        after, poll = self._backed_off(before, error)
        poll = counted(poll, reading)
        if before.leaving and after.failures >= FAREWELLS:
            del self._threads[key]
        else:
            self._threads[key] = structs.replace(after, validators=NO_VALIDATORS, last=poll)
        return poll

    async def _list(self) -> AsyncGenerator[Batch, None]:
        """Ask which threads are active, and admit the new ones."""
        try:
            found = await self._listed()
        except Retryable as error:
            self._listing, poll = self._backed_off(self._listing, error)
            poll = structs.replace(poll, requests=1)
        else:
            poll = self._admit(found)
        self._listing = structs.replace(self._listing, last=poll)
        yield self._batch(Harvest())
        self._tools.watch.polled(self._site.name, poll)

    async def _listed(self) -> tuple[Thread, ...]:
        request = self._site.listing()
        if request is None:
            return ()
        answer = await self._tools.web.ask(request, self._site.manners)
        return self._site.threads(answer)[:MOST_THREADS]

    def _admit(self, found: tuple[Thread, ...]) -> Poll:
        """Take the listed threads in; a list that is suddenly empty takes none away."""
        policy, now = self._site.policy, self._now()
        at = now.timestamp()
        drifted = not found and any(not each.leaving for each in self._threads.values())
        listed = {thread.id: thread for thread in (*self._site.fixed(), *found)}
        for key, thread in listed.items():
            known = self._threads.get(key, Bookmark(next_at=at))
            self._threads[key] = structs.replace(known, url=thread.url, leaving=False)
        for key, each in self._threads.items():
            if key not in listed and not each.leaving and not drifted:
                self._threads[key] = structs.replace(each, leaving=True, next_at=at)
        next_turn = turn(policy, policy.threads_every, "every", self._chance())
        self._listing = structs.replace(self._listing, next_at=at + next_turn.seconds, failures=0)
        return Poll(
            outcome="drifted" if drifted else "read",
            at=now,
            requests=1,
            answers={"2xx": 1},
            next_in=next_turn.seconds,
            why=next_turn.why,
            trouble="the list of threads names none, as it used to" if drifted else "",
        )

    def _backed_off(self, bookmark: Bookmark, error: Retryable) -> tuple[Bookmark, Poll]:
        """Return the bookmark put off, and what is told of it; what a site asks for holds for all of it."""
        refused, now = isinstance(error, Refused), self._now()
        failures, asked = bookmark.failures + 1, min(error.retry_after or 0.0, LONGEST_WAIT)
        later = backed_off(self._site.policy, failures, self._chance(), asked=asked)
        if asked and not refused:
            self._pause(asked)
        poll = Poll(
            outcome="refused" if refused else "failed",
            at=now,
            next_in=later.seconds,
            why=later.why,
            trouble=str(error),
        )
        return structs.replace(bookmark, failures=failures, next_at=now.timestamp() + later.seconds), poll

    def _batch(self, harvest: Harvest, forget: datetime | None = None) -> Batch:
        self._batches += 1
        cursor = Bookmarks(
            began=self._began,
            batches=self._batches,
            paused_until=self._paused_until,
            listing=self._listing,
            threads=self._threads,
        )
        return Batch(
            events=harvest.events,
            cursor=cursor.write(),
            unreadable=harvest.unreadable,
            sightings=harvest.sightings,
            forget_before=forget,
        )

    def _pause(self, seconds: float) -> None:
        until = self._now().timestamp() + min(seconds, LONGEST_WAIT)
        self._paused_until = max(self._paused_until, until)

    async def _until(self, moment: float) -> None:
        while (seconds := moment - self._now().timestamp()) > 0:
            await self._sleep(max(seconds, TICK))

    def _now(self) -> datetime:
        return self._tools.clock()


def _admitted(site: Site, threads: dict[str, Bookmark]) -> dict[str, Bookmark]:
    """Return the bookmarks to go on with: the saved ones, as far as the site is still read that way."""
    fixed, listed = site.fixed(), site.listing() is not None
    wanted = {thread.id: thread.url for thread in fixed} or ({} if listed else {WHOLE: ""})
    kept = {key: each for key, each in threads.items() if key in wanted or (listed and key != WHOLE)}
    for key, url in wanted.items():
        kept[key] = structs.replace(kept.get(key, Bookmark()), url=url)
    return kept
