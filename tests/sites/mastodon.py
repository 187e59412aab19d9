"""A Mastodon instance as a test needs it: statuses with real ids, REST pages, and a stream without memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

TOKEN: Final = "a token of the instance"
NOON: Final = datetime(2026, 11, 1, 12, tzinfo=UTC)
_SHIFT: Final = 16

Json = dict[str, object]


@dataclass(slots=True)
class Instance:
    """What the instance holds, and who listens to it. `bulk` says whether it is Mastodon 4.3 or later.

    One that is not `patient` ends every stream at once; one that is `busy` asks to wait so long.
    """

    statuses: dict[str, Json] = field(default_factory=dict)
    listeners: list[asyncio.Queue[bytes | None]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""
    bulk: bool = True
    patient: bool = True
    failures: list[int] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    busy: str = ""

    def post(self, text: str, *, at: float = 0.0, parent: str | None = None, **more: object) -> str:
        """Add a status of so many seconds after noon, tell it to who listens, and return its id."""
        created = NOON + timedelta(seconds=at)
        native_id = str((int(created.timestamp() * 1000) << _SHIFT) + len(self.statuses))
        self.statuses[native_id] = {
            "id": native_id,
            "created_at": created.isoformat().replace("+00:00", "Z"),
            "edited_at": None,
            "in_reply_to_id": parent,
            "visibility": "public",
            "language": "en",
            "spoiler_text": "",
            "uri": f"https://pond.example/users/ann/statuses/{native_id}",
            "url": f"https://pond.example/@ann/{native_id}",
            "content": f"<p>{text}</p>",
            "account": {"id": "7", "acct": "ann", "display_name": "Ann"},
            "reblog": None,
            **more,
        }
        self.tell("update", json.dumps(self.statuses[native_id]))
        return native_id

    def edit(self, native_id: str, text: str, *, at: float) -> None:
        """Change a status at so many seconds after noon."""
        edited = (NOON + timedelta(seconds=at)).isoformat()
        self.statuses[native_id] |= {"content": f"<p>{text}</p>", "edited_at": edited}
        self.tell("status.update", json.dumps(self.statuses[native_id]))

    def delete(self, native_id: str) -> None:
        """Take a status away."""
        del self.statuses[native_id]
        self.tell("delete", native_id)

    def tell(self, event: str, data: str) -> None:
        """Send an event to those who listen now."""
        self.send(f"event: {event}\ndata: {data}\n\n".encode())

    def send(self, chunk: bytes) -> None:
        """Send bytes to those who listen now."""
        for listener in self.listeners:
            listener.put_nowait(chunk)

    def hang_up(self) -> None:
        """End every stream."""
        for listener in self.listeners:
            listener.put_nowait(None)
        self.listeners = []

    async def heard(self, count: int = 1) -> None:
        """Wait until so many streams are listened to."""
        async with asyncio.timeout(10):
            while len(self.listeners) < count:  # noqa: ASYNC110 - a test waits seldom, and shortly
                await asyncio.sleep(0.005)

    def app(self) -> web.Application:
        """Return the instance as a web application."""
        app = web.Application(middlewares=[self._door])
        app.router.add_get("/api/v2/instance", self._instance)
        app.router.add_get("/api/v1/timelines/public", self._timeline)
        app.router.add_get("/api/v1/timelines/tag/{tag}", self._timeline)
        app.router.add_get("/api/v1/statuses", self._several)
        app.router.add_get("/api/v1/streaming/public", self._stream)
        app.router.add_get("/api/v1/streaming/hashtag", self._stream)
        return app

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        if self.failures:
            return web.Response(status=self.failures.pop(0))
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "The access token is invalid"}, status=401)
        return await handler(request)

    async def _instance(self, _request: web.Request) -> web.Response:
        streaming = self.url.replace("http", "ws", 1)
        return web.json_response({"configuration": {"urls": {"streaming": streaming}}})

    async def _timeline(self, request: web.Request) -> web.Response:
        limit = int(request.query.get("limit", "20"))
        ids = sorted(self.statuses, key=lambda each: (len(each), each))
        if floor := request.query.get("min_id"):
            ids = [each for each in ids if (len(each), each) > (len(floor), floor)][:limit]
        return web.json_response([self.statuses[each] for each in reversed(ids[-limit:])])

    async def _several(self, request: web.Request) -> web.Response:
        if not self.bulk:
            return web.json_response({"error": "Record not found"}, status=404)
        ids = request.query.getall("id[]", [])
        return web.json_response([self.statuses[each] for each in ids if each in self.statuses])

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        self.agents.add(request.headers["User-Agent"])
        if self.busy:
            return web.Response(status=429, headers={"Retry-After": self.busy})
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        listener: asyncio.Queue[bytes | None] = asyncio.Queue()
        await response.write(b":)\n")
        self.listeners.append(listener)
        if not self.patient:
            listener.put_nowait(None)
        with suppress(ConnectionError):  # the listener went away
            while (chunk := await listener.get()) is not None:
                await response.write(chunk)
        return response


@asynccontextmanager
async def running_instance() -> AsyncIterator[Instance]:
    """Yield an instance that listens on a port of loopback."""
    instance = Instance()
    runner = web.AppRunner(instance.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    instance.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield instance
    finally:
        instance.hang_up()
        await runner.cleanup()
