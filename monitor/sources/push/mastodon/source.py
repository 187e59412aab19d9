"""The source that follows one timeline of one instance.

The stream has no memory: what is said while nobody listens is never said again. So the stream is
joined first, then the timeline is read upward by REST from the last id that was kept
(`min_id` leaves no gap, as `since_id` would), and only then is the stream listened to. What comes
by both ways is told once. Deletions and edits that were missed are looked for among what was seen
lately.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

import aiohttp
import msgspec

from monitor.domain.comments import EventKind
from monitor.domain.errors import Rejected
from monitor.ports import Batch, Unreadable
from monitor.settings.secret import Secret
from monitor.sources.kinds import Tools
from monitor.sources.push.bundles import MOST, WITHIN, Bundles
from monitor.sources.push.connection import (
    CONNECT_SECONDS,
    Lost,
    asked_wait,
    check_status,
    named_endings,
    open_session,
)
from monitor.sources.push.mastodon.statuses import Selection, earlier, id_of, newest, rank
from monitor.sources.push.news import Told, sift
from monitor.sources.push.sse import EventStream, ServerEvent
from monitor.sources.web.message import Answer, Manners, Refused, Request

PAGE: Final = 40
"""The most statuses that an instance gives at once."""

RECHECKED: Final = 200
"""The most statuses that are looked at again after an interruption."""

BELIEVED: Final = 0.3
"""More gone at once than this share is taken for a fault of the instance."""

_NOT_THERE: Final = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Where a timeline is: its path and parameters by REST, and as a stream."""

    rest: str
    stream: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How an instance is followed. All times in seconds.

    `overlap` is how far before the last id a gap is filled from. `recheck` is how far back missed
    deletions and edits are looked for. After `silence` the connection is taken for dead; Mastodon
    sends a sign of life every 15 s. `oldest` begins a new source at the timeline's beginning, not at
    its latest page. A batch waits `within` for more, up to `most`.
    """

    url: str
    token: Secret
    timeline: Timeline
    selection: Selection
    manners: Manners = field(default_factory=lambda: Manners(robots="skip"))
    overlap: float = 120.0
    recheck: float = 86_400.0
    silence: float = 60.0
    remember: float = 30 * 86_400.0
    oldest: bool = False
    within: float = WITHIN
    most: int = MOST


class MastodonSource:
    """Follows a timeline. Its cursor is the last id before which nothing is missing."""

    def __init__(self, following: Following, tools: Tools) -> None:
        self._following = following
        self._tools = tools
        self._host = urlsplit(following.url).hostname or ""

    @property
    def name(self) -> str:
        """Return the source's id."""
        return self._following.selection.source

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        """Yield what follows the cursor; without one, the latest page and what follows it.

        Raises:
            Retryable: the stream ended; it is joined again and the gap filled.
        """
        try:
            async with self._stream() as events, aclosing(self._told(events, cursor or "")) as told:
                async for batch in told:
                    yield batch
        except (Lost, Refused) as error:
            self._tools.watch.connected(self.name, up=False, reason=error.reason)
            raise

    async def _told(self, events: AsyncIterator[ServerEvent], cursor: str) -> AsyncGenerator[Batch, None]:
        async with aclosing(self._missed(cursor)) as missed:
            async for batch in missed:
                cursor = batch.cursor
                yield batch
        self._tools.watch.connected(self.name, up=True)
        async with aclosing(self._heard(events, cursor)) as heard:
            async for batch in heard:
                yield batch

    async def _missed(self, cursor: str) -> AsyncGenerator[Batch, None]:
        """Yield what came since the cursor, oldest first, then what changed of what was seen lately."""
        following, resumed = self._following, bool(cursor)
        floor = earlier(cursor, following.overlap, self._tools.clock()) if cursor else ""
        if not cursor and following.oldest:
            floor = "0"
        while payloads := await self._page({"min_id": floor} if floor else {}):
            top = newest(id_of(payload) for payload in payloads)
            batch = await self._batch([self._status(payload) for payload in payloads], newest([cursor, top]))
            if _holds(batch) or batch.cursor != cursor:
                yield batch
            if rank(top) <= rank(floor):
                break
            cursor, floor = batch.cursor, top
        if resumed:
            batch = await self._changed(cursor)
            if _holds(batch):
                yield batch

    async def _page(self, params: dict[str, str]) -> list[bytes]:
        """Return a page's statuses, oldest first."""
        timeline = self._following.timeline
        answer = await self._ask(
            timeline.rest, {**timeline.params, **params, "limit": str(min(PAGE, self._following.most))}
        )
        check_status(self._host, answer.status)
        return sorted(_parts(answer, self._host), key=lambda payload: rank(id_of(payload)))

    async def _changed(self, cursor: str) -> Batch:
        """Return what became of the statuses that were seen lately."""
        since = self._tools.clock() - timedelta(seconds=self._following.recheck)
        standing = await self._tools.sightings.standing(self.name, None, since)
        ids = sorted(standing, key=rank, reverse=True)[:RECHECKED]
        found = await self._found(ids)
        if found is None:
            return await self._batch([], cursor)
        told: list[Told | Unreadable | None] = [self._status(payload) for payload in found.values()]
        lost = [native_id for native_id in ids if native_id not in found]
        if len(lost) <= max(1, BELIEVED * len(ids)):
            told += [self._following.selection.gone(native_id) for native_id in lost]
        return await self._batch(told, cursor)

    async def _found(self, ids: Sequence[str]) -> dict[str, bytes] | None:
        """Return those of these statuses that are there, by id; None where the instance cannot be asked."""
        found: dict[str, bytes] = {}
        for start in range(0, len(ids), PAGE):
            query = urlencode([("id[]", native_id) for native_id in ids[start : start + PAGE]])
            answer = await self._ask(f"/api/v1/statuses?{query}", {})
            if answer.status == _NOT_THERE:
                return None  # before Mastodon 4.3
            check_status(self._host, answer.status)
            found |= {id_of(payload): payload for payload in _parts(answer, self._host)}
        return found

    async def _heard(self, events: AsyncIterator[ServerEvent], cursor: str) -> AsyncGenerator[Batch, None]:
        bundles = Bundles(events, most=self._following.most, within=self._following.within)
        try:
            while bundle := await bundles.take():
                told = [self._event(event) for event in bundle]
                cursor = newest([cursor, *_said(told)])
                batch = await self._batch(told, cursor)
                if _holds(batch):
                    yield batch
        finally:
            await bundles.close()

    def _event(self, event: ServerEvent) -> Told | Unreadable | None:
        if event.event == "update":
            return self._status(event.data.encode())
        if event.event == "status.update":
            return self._status(event.data.encode(), EventKind.EDITED)
        if event.event == "delete":
            return self._following.selection.gone(event.data.strip())
        return None

    def _status(self, payload: bytes, kind: EventKind = EventKind.CREATED) -> Told | Unreadable | None:
        try:
            return self._following.selection.told(payload, kind)
        except Rejected as error:
            origin = f"mastodon:{self.name}:{id_of(payload)}"
            return Unreadable(payload=payload, reason=error.reason, detail=error.detail, origin=origin)

    async def _batch(self, heard: Sequence[Told | Unreadable | None], cursor: str) -> Batch:
        now = self._tools.clock()
        counting = [each for each in heard if each is not None]
        news = await sift(counting, self._tools.sightings, self.name, now)
        return Batch(
            events=news.events,
            unreadable=news.unreadable,
            sightings=news.sightings,
            cursor=cursor,
            forget_before=now - timedelta(seconds=self._following.remember),
        )

    async def _ask(self, path: str, params: dict[str, str]) -> Answer:
        request = Request(
            url=f"{self._following.url}{path}",
            params=params,
            headers={"Authorization": Secret(f"Bearer {self._following.token.reveal()}")},
            credentials=frozenset({"Authorization"}),
            accept=("application/json",),
        )
        return await self._tools.web.ask(request, self._following.manners)

    @asynccontextmanager
    async def _stream(self) -> AsyncIterator[AsyncIterator[ServerEvent]]:
        following = self._following
        base = await self._streaming_base()
        host = urlsplit(base).hostname or ""
        headers = {
            "Authorization": f"Bearer {following.token.reveal()}",
            "Accept": "text/event-stream",
        }
        url = f"{base}{following.timeline.stream}"
        agent = following.manners.user_agent or self._tools.agent
        async with open_session(following.manners.networks, agent) as session:
            with named_endings(host):
                async with asyncio.timeout(CONNECT_SECONDS):
                    response = await session.get(url, headers=headers, allow_redirects=False)
            async with response:
                check_status(host, response.status, asked_wait(response.headers, self._tools.clock()))
                if response.content_type != "text/event-stream":
                    raise Lost("unreadable", f"{host} answered with something else than a stream")
                yield self._events(response, host)

    async def _events(self, response: aiohttp.ClientResponse, host: str) -> AsyncIterator[ServerEvent]:
        stream = EventStream()
        while True:
            chunk = await self._chunk(response, host)
            if not chunk:
                raise Lost("closed", f"{host} ended the stream", retry_after=stream.retry)
            try:
                events = stream.feed(chunk)
            except Rejected as error:
                raise Lost("unreadable", f"{host}: {error.detail}") from None
            for event in events:
                yield event

    async def _chunk(self, response: aiohttp.ClientResponse, host: str) -> bytes:
        with named_endings(host):
            try:
                async with asyncio.timeout(self._following.silence):
                    return await response.content.readany()
            except TimeoutError:
                raise Lost("silent", f"{host} sent no sign of life") from None

    async def _streaming_base(self) -> str:
        """Return where the instance says that it streams; itself where it does not say.

        The token goes there, so it is spoken to no less safely than the instance itself.
        """
        answer = await self._ask("/api/v2/instance", {})
        if answer.status == _NOT_THERE:
            return self._following.url
        check_status(self._host, answer.status)
        try:
            named = msgspec.json.decode(answer.body, type=_Instance).configuration.urls.streaming
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Lost("unreadable", f"{self._host} describes itself in no way that is known") from None
        scheme, _, _ = self._following.url.partition("://")
        _, _, place = named.partition("://")
        return f"{scheme}://{place.rstrip('/')}" if place else self._following.url


class _Urls(msgspec.Struct):
    streaming: str = ""


class _Configuration(msgspec.Struct):
    urls: _Urls = msgspec.field(default_factory=_Urls)


class _Instance(msgspec.Struct):
    configuration: _Configuration = msgspec.field(default_factory=_Configuration)


def _parts(answer: Answer, host: str) -> list[bytes]:
    try:
        return [bytes(part) for part in msgspec.json.decode(answer.body, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Lost("unreadable", f"{host} answered with no list of statuses") from None


def _said(told: Sequence[Told | Unreadable | None]) -> list[str]:
    """Return the ids that the cursor goes on to: of what was said, not of what was changed or taken back."""
    return [
        each.comment.native_id for each in told if isinstance(each, Told) and each.kind is EventKind.CREATED
    ]


def _holds(batch: Batch) -> bool:
    return bool(batch.events or batch.unreadable)
