"""The one web server of a process that webhooks come in by. It tells a stranger nothing."""

from __future__ import annotations

import asyncio
import errno
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from monitor.domain.errors import Misconfigured
from monitor.sources.kinds import Handler

LAST_SECONDS: Final = 5.0
"""How long requests that are being answered when the process stops may take."""


class DoorServer:
    """Serves the doors that sources opened. It listens from the first one on; port 0 takes any free port.

    Bodies reach the handlers as they were sent: a signature is made over those bytes.
    """

    def __init__(self, *, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._handlers: dict[str, Handler] = {}
        self._runner: web.AppRunner | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Return the server, which does not listen yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening; what is being answered may end."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def open(self, path: str, handler: Handler) -> None:
        """Let requests to this path go to the handler, whatever their method; listen from the first one on.

        Raises:
            Misconfigured: the path is taken, or the address cannot be listened on.
        """
        async with self._opening:
            if path in self._handlers:
                raise Misconfigured.plain(
                    f"two webhook sources want the path {path}", hint="give one of them a `path` of its own"
                )
            if self._runner is None:
                self._runner = await self._listen()
            self._handlers[path] = handler

    def close(self, path: str) -> None:
        """Answer 404 there from now on."""
        self._handlers.pop(path, None)

    async def _listen(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        app.on_response_prepare.append(_say_nothing)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_SECONDS, auto_decompress=False)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
        except OSError as error:
            await runner.cleanup()
            raise self._misconfigured(error) from error
        self.port = int(runner.addresses[0][1])
        return runner

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        handler = self._handlers.get(request.path)
        return web.Response(status=404) if handler is None else await handler(request)

    def _misconfigured(self, error: OSError) -> Misconfigured:
        if error.errno == errno.EADDRINUSE:
            message = f"port {self.port} on {self.host}, for webhooks, is taken by another process"
        else:
            message = f"webhooks cannot come in by {self.host}:{self.port}: {error.strerror}"
        return Misconfigured.plain(
            message, hint="set another address for webhooks; port 0 takes any free one"
        )


async def _say_nothing(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Leave out which software this is, and in which version."""
    response.headers.popall("Server", None)
