"""The source that follows a Jetstream, on the next host of several whenever one fails.

Its cursor is a time, and a host begins with the first event at or after it. Events that the network
made at almost the same moment come in no strict order, and another host saw them a little earlier
or later, so the cursor is put back by some seconds every time; what comes twice is told once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

import aiohttp
import msgspec

from monitor.domain.errors import Misconfigured, Rejected
from monitor.ports import Batch, Unreadable
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
from monitor.sources.push.jetstream.messages import microseconds, read_message
from monitor.sources.push.jetstream.posts import Wanted, did_of
from monitor.sources.push.news import Told, sift
from monitor.sources.web.message import Refused

GAP: Final = 60_000_000
"""Microseconds without any event after an old cursor that are taken for a gap: it is never so quiet."""

OLD: Final = 600_000_000
"""A cursor younger than so many microseconds is within every server's memory."""

OLDEST: Final = 1_000_000_000_000_000
"""The least cursor that is a time to a server (2001): it begins with the oldest event it has."""

SAVED_EVERY: Final = 5_000_000
"""Microseconds of the stream after which the cursor is saved though nothing came that counts."""

MOST_BYTES: Final = 1_000_000
MOST_DIDS: Final = 100
"""More than so many make an address too long; then all is asked for and the rest left out here."""

_SECOND_WIRE: Final = "subscribeEvents"
_BAD_REQUEST: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Which hosts are asked, `wss://host` or a full address, and how. All times in seconds.

    `rewind` is how far the cursor is put back. A host that answers no ping for `silence` is left.
    `oldest` begins a new source with the oldest event that the host remembers, not with the next one.
    A batch waits `within` for more, up to `most`.
    """

    hosts: tuple[str, ...]
    wanted: Wanted
    rewind: float = 5.0
    silence: float = 60.0
    remember: float = 7 * 86_400.0
    oldest: bool = False
    within: float = WITHIN
    most: int = MOST
    networks: tuple[str, ...] = ()
    user_agent: str = ""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A cursor: the latest time that was seen, in microseconds since 1970, and on which host."""

    at: int = 0
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one message came to. `account_gone` names an account that was deleted or taken down."""

    at: int
    told: Told | Unreadable | None = None
    account_gone: str = ""


class JetstreamSource:
    """Follows the network from the first host that answers."""

    def __init__(self, network: Network, tools: Tools) -> None:
        self._network = network
        self._tools = tools
        self._turn = 0

    @property
    def name(self) -> str:
        """Return the source's id."""
        return self._network.wanted.source

    async def batches(self, cursor: str | None) -> AsyncGenerator[Batch, None]:
        """Yield what follows the cursor; without one, what is posted from now on.

        Raises:
            Retryable: the stream ended; the next host is asked then.
            Misconfigured: the cursor is none of this kind of source.
        """
        mark = _mark(cursor)
        base = self._network.hosts[self._turn % len(self._network.hosts)]
        host = urlsplit(base).hostname or ""
        try:
            async with (
                self._socket(base, self._since(mark)) as socket,
                aclosing(self._batches(socket, mark, host)) as batches,
            ):
                async for batch in batches:
                    yield batch
        except (Lost, Refused) as error:
            self._turn += 1
            self._tools.watch.connected(self.name, up=False, reason=error.reason)
            raise

    def _since(self, mark: Mark) -> int:
        """Return the time to begin at; 0 for now."""
        if not mark.at:
            return OLDEST if self._network.oldest else 0
        return max(OLDEST, mark.at - round(self._network.rewind * 1_000_000))

    async def _batches(
        self, socket: aiohttp.ClientWebSocketResponse, mark: Mark, host: str
    ) -> AsyncGenerator[Batch, None]:
        heard = self._heard(socket, mark, host)
        bundles = Bundles(heard, most=self._network.most, within=self._network.within)
        saved = mark.at
        try:
            while bundle := await bundles.take():
                mark = Mark(at=max(mark.at, *(each.at for each in bundle)), host=host)
                batch = await self._batch(bundle, mark)
                if batch.events or batch.unreadable or mark.at - saved >= SAVED_EVERY:
                    saved = mark.at
                    yield batch
        finally:
            await bundles.close()

    async def _batch(self, bundle: Sequence[Heard], mark: Mark) -> Batch:
        told: list[Told | Unreadable] = []
        for heard in bundle:
            told += await self._of_account(heard, told) if heard.account_gone else []
            told += [heard.told] if heard.told else []
        now = self._tools.clock()
        news = await sift(told, self._tools.sightings, self.name, now)
        return Batch(
            events=news.events,
            sightings=news.sightings,
            cursor=msgspec.json.encode(mark).decode(),
            unreadable=news.unreadable,
            forget_before=now - timedelta(seconds=self._network.remember),
        )

    async def _of_account(self, heard: Heard, told: Sequence[Told | Unreadable]) -> list[Told]:
        """Return that all that is known of an account is gone, what came just now too."""
        did = heard.account_gone
        known = await self._tools.sightings.beginning(self.name, f"at://{did}/")
        just = [each.comment.native_id for each in told if isinstance(each, Told)]
        fresh = [uri for uri in just if did_of(uri) == did]
        return [self._network.wanted.gone(uri, heard.at) for uri in dict.fromkeys([*known, *fresh])]

    async def _heard(
        self, socket: aiohttp.ClientWebSocketResponse, mark: Mark, host: str
    ) -> AsyncIterator[Heard]:
        first = True
        while True:
            text = await _text(socket, host)
            heard = self._read(text, host)
            if heard is None:
                continue
            if first and heard.at and self._skipped(mark, heard.at):
                self._tools.watch.connected(self.name, up=True, reason="gap")
            first = first and not heard.at
            yield heard

    def _read(self, text: str, host: str) -> Heard | None:
        """Return what a message says of comments, None where it is about the stream itself."""
        at = 0
        try:
            message = read_message(text)
            at = message.at
            if message.notice:
                self._noticed(message.notice, host)
                return None
            gone = message.did if message.account_gone else ""
            return Heard(at=at, told=self._network.wanted.told(message), account_gone=gone)
        except Rejected as error:
            origin = f"jetstream:{self.name}:{host}@{at}"
            unreadable = Unreadable(
                payload=text.encode(), reason=error.reason, detail=error.detail, origin=origin
            )
            return Heard(at=at, told=unreadable)

    def _skipped(self, mark: Mark, at: int) -> bool:
        """Return whether the server began later than it was asked to: the first wire does so silently."""
        age = microseconds(self._tools.clock()) - mark.at
        return bool(mark.at) and age > OLD and at > mark.at + GAP

    def _noticed(self, notice: str, host: str) -> None:
        if notice == "OutdatedCursor":
            self._tools.watch.connected(self.name, up=True, reason="gap")
        elif notice != "FutureCursor":
            raise Lost("closed", f"{host} ended the stream")

    @asynccontextmanager
    async def _socket(self, base: str, since: int) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        host = urlsplit(base).hostname or ""
        async with open_session(
            self._network.networks, self._network.user_agent or self._tools.agent
        ) as session:
            socket = await self._connect(session, base, since)
            if socket is None and since:
                self._tools.watch.connected(self.name, up=True, reason="gap")
                socket = await self._connect(session, base, 0)
            if socket is None:
                raise Lost("unreachable", f"{host} opens no WebSocket")
            self._tools.watch.connected(self.name, up=True)
            async with socket:
                yield socket

    async def _connect(
        self, session: aiohttp.ClientSession, base: str, since: int
    ) -> aiohttp.ClientWebSocketResponse | None:
        """Return the connection; None where the server declines what was asked for, the cursor mostly."""
        host = urlsplit(base).hostname or ""
        with named_endings(host):
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await session.ws_connect(
                        _address(base, self._network.wanted, since),
                        heartbeat=self._network.silence,
                        max_msg_size=2 * MOST_BYTES,
                    )
            except aiohttp.WSServerHandshakeError as error:
                if error.status != _BAD_REQUEST:
                    check_status(host, error.status, asked_wait(error.headers, self._tools.clock()))
                return None


async def _text(socket: aiohttp.ClientWebSocketResponse, host: str) -> str:
    with named_endings(host):
        message = await socket.receive()
    if message.type is aiohttp.WSMsgType.TEXT:
        return str(message.data)
    if isinstance(socket.exception(), TimeoutError):
        raise Lost("silent", f"{host} sent no sign of life")
    raise Lost("closed", f"{host} ended the stream")


def _address(base: str, wanted: Wanted, since: int) -> str:
    second = base.endswith(_SECOND_WIRE)
    collections, dids = ("collections", "dids") if second else ("wantedCollections", "wantedDids")
    query = [(collections, each) for each in sorted(wanted.collections)]
    if len(wanted.dids) <= MOST_DIDS:
        query += [(dids, each) for each in sorted(wanted.dids)]
    query += [("maxMessageSizeBytes", str(MOST_BYTES))]
    query += [("kinds", "commit"), ("kinds", "account")] if second else []
    query += [("cursor", str(since))] if since else []
    path = "" if urlsplit(base).path.strip("/") else "/subscribe"
    return f"{base.rstrip('/')}{path}?{urlencode(query)}"


def _mark(cursor: str | None) -> Mark:
    try:
        return msgspec.json.decode(cursor, type=Mark) if cursor else Mark()
    except msgspec.DecodeError:
        raise Misconfigured.plain(
            "the saved cursor is none of a Jetstream source",
            hint="another kind of source had this id; give this one an id of its own",
        ) from None
