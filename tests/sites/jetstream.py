"""A Jetstream as a test needs it: events with times, a cursor that is inclusive and may be too old."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from aiohttp import web

NOON: Final = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOON_US: Final = int(NOON.timestamp()) * 1_000_000
POSTS: Final = "app.bsky.feed.post"

_SECOND: Final = 1_000_000
_SEQUENCE_NUMBERS: Final = 10**15

Json = dict[str, object]
Dress = Callable[[Json], Json]
"""Gives an event the form that it has on a wire."""


@dataclass(slots=True)
class Jetstream:
    """What the server remembers, in order. `floor` is the oldest time it still has, in microseconds.

    `strict` answers a cursor below it with 400, as the second wire does for sequence numbers. One that
    is not `patient` hangs up when it has said all.
    """

    events: list[Json] = field(default_factory=list)
    queries: list[dict[str, list[str]]] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    floor: int = 0
    strict: bool = False
    patient: bool = True
    url: str = ""

    def post(self, rkey: str, text: str, *, at: float, did: str = "did:plc:ann", **record: object) -> str:
        """Add a post of so many seconds after noon and return its address."""
        return self._write("create", rkey, text, at=at, did=did, **record)

    def edit(self, rkey: str, text: str, *, at: float, did: str = "did:plc:ann", **record: object) -> str:
        """Write a post anew."""
        return self._write("update", rkey, text, at=at, did=did, **record)

    def _write(self, operation: str, rkey: str, text: str, *, at: float, did: str, **record: object) -> str:
        created = (NOON + timedelta(seconds=at)).isoformat().replace("+00:00", "Z")
        written = {"$type": POSTS, "text": text, "createdAt": created, **record}
        self.commit(operation, rkey, at=at, did=did, record=written)
        return f"at://{did}/{POSTS}/{rkey}"

    def delete(self, rkey: str, *, at: float, did: str = "did:plc:ann") -> None:
        """Take a post away."""
        self.commit("delete", rkey, at=at, did=did)

    def commit(
        self, operation: str, rkey: str, *, at: float, did: str, collection: str = POSTS, **more: object
    ) -> None:
        """Add a change of a record."""
        commit = {"rev": "3l", "operation": operation, "collection": collection, "rkey": rkey, **more}
        self.add({"did": did, "kind": "commit", "commit": commit}, at=at)

    def account(self, did: str, status: str, *, at: float) -> None:
        """Add a change of an account."""
        account = {"active": False, "did": did, "seq": 1, "status": status}
        self.add({"did": did, "kind": "account", "account": account}, at=at)

    def identity(self, did: str, *, at: float) -> None:
        """Add what everybody is told, whatever they asked for."""
        self.add({"did": did, "kind": "identity", "identity": {"did": did, "seq": 1}}, at=at)

    def add(self, event: Json, *, at: float) -> None:
        """Add an event."""
        self.events.append({**event, "time_us": NOON_US + round(at * _SECOND)})
        self.wake()

    def wake(self) -> None:
        """Let every connection look for more."""
        self.more.set()
        self.more = asyncio.Event()

    async def hang_up(self) -> None:
        """End every connection."""
        sockets, self.sockets = self.sockets, []
        for socket in sockets:
            await socket.close()
        self.wake()

    async def heard(self, count: int = 1) -> None:
        """Wait until so many connections are open."""
        async with asyncio.timeout(10):
            while len(self.sockets) < count:  # noqa: ASYNC110 - a test waits seldom, and shortly
                await asyncio.sleep(0.005)

    def app(self) -> web.Application:
        """Return the server as a web application."""
        app = web.Application()
        app.router.add_get("/subscribe", self._first)
        app.router.add_get("/xrpc/network.bsky.jetstream.subscribeEvents", self._second)
        return app

    async def _first(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, "wantedCollections", lambda event: event)

    async def _second(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, "collections", framed)

    async def _serve(self, request: web.Request, collections: str, dress: Dress) -> web.StreamResponse:
        query = {key: request.query.getall(key) for key in request.query}
        self.queries.append(query)
        cursor = int(request.query.get("cursor", "0"))
        if self.strict and 0 < cursor < self.floor:
            return web.json_response({"error": "CursorTooOld", "message": "too old"}, status=400)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if dress is framed and _SEQUENCE_NUMBERS < cursor < self.floor:
            await socket.send_json(message({"$type": "x#info", "name": "OutdatedCursor"}))
        self.sockets.append(socket)
        closed = asyncio.create_task(self._until_closed(socket))
        try:
            with suppress(ConnectionError):  # the listener went away
                await self._send(socket, cursor, query.get(collections, []), dress)
        finally:
            closed.cancel()
        return socket

    async def _until_closed(self, socket: web.WebSocketResponse) -> None:
        async for _ in socket:
            pass
        self.wake()

    async def _send(
        self, socket: web.WebSocketResponse, cursor: int, collections: list[str], dress: Dress
    ) -> None:
        sent = 0 if cursor else len(self.events)
        going = True
        while going and not socket.closed:
            more = self.more
            for event in self.events[sent:]:
                if _time(event) >= max(cursor, self.floor) and _wanted(event, collections):
                    await socket.send_json(dress(event))
            sent, going = len(self.events), self.patient
            if going:
                await more.wait()


def message(payload: Json) -> Json:
    """Return a message as the second wire frames it."""
    return {"$type": "message", "payload": payload}


def framed(event: Json) -> Json:
    """Return an event of the first wire as the second one writes it."""
    at = (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=_time(event))).isoformat()
    kind = str(event["kind"])
    inner = event[kind]
    assert isinstance(inner, dict)
    body = inner if kind == "commit" else {kind: inner}
    prefix = "network.bsky.jetstream.subscribeEvents"
    return message({"$type": f"{prefix}#{kind}", "seq": 1, "did": event["did"], "time": at, **body})


def _time(event: Json) -> int:
    return int(str(event["time_us"]))


def _wanted(event: Json, collections: list[str]) -> bool:
    commit = event.get("commit")
    return not isinstance(commit, dict) or not collections or commit["collection"] in collections


@asynccontextmanager
async def running_jetstream() -> AsyncIterator[Jetstream]:
    """Yield a server that listens on a port of loopback."""
    server = Jetstream()
    runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"ws://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await server.hang_up()
        await runner.cleanup()
