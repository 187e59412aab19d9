"""Each process's small web server: `/metrics`, `/healthz`, `/readyz`.

It starts before rules and models are loaded, so that whoever watches the process sees why it is
not ready yet.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from monitor.domain.errors import Misconfigured
from monitor.metrics import Metrics

Check = Callable[[], str | None]
"""Returns why the process cannot work now, in a person's words, or None where it can."""

_LAST_SECONDS: Final = 1.0


class HealthServer:
    """Serves what `metrics` counted and what the checks say.

    `port` 0 takes any free port; after `start`, `port` is the real one. No check at all means
    ready.
    """

    def __init__(self, metrics: Metrics, *, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._metrics = metrics
        self._checks: dict[str, Check] = {}
        self._runner: web.AppRunner | None = None

    def require(self, name: str, check: Check) -> None:
        """Be ready only while this check has no complaint. The same name replaces its check."""
        self._checks[name] = check

    async def start(self) -> None:
        """Listen.

        Raises:
            Misconfigured: the address cannot be listened on.
        """
        app = web.Application()
        app.router.add_get("/metrics", self._serve_metrics)
        app.router.add_get("/healthz", self._serve_health)
        app.router.add_get("/readyz", self._serve_readiness)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port).start()
        except OSError as error:
            await runner.cleanup()
            raise self._misconfigured(error) from error
        self.port = int(runner.addresses[0][1])
        self._runner = runner

    async def stop(self) -> None:
        """Stop listening; calling it again does nothing."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _serve_metrics(self, request: web.Request) -> web.Response:
        body, content_type = self._metrics.exposition(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def _serve_health(self, _request: web.Request) -> web.Response:
        """Answer at all: the event loop is not held up. A probe that times out says that it is."""
        return web.json_response({"status": "alive"})

    async def _serve_readiness(self, _request: web.Request) -> web.Response:
        reasons = {name: check() for name, check in self._checks.items()}
        ready = not any(reasons.values())
        answer = {
            "status": "ready" if ready else "not ready",
            "checks": {name: reason or "ok" for name, reason in reasons.items()},
        }
        return web.json_response(answer, status=200 if ready else 503)

    def _misconfigured(self, error: OSError) -> Misconfigured:
        if error.errno == errno.EADDRINUSE:
            message = f"port {self.port} on {self.host} is taken by another process"
        else:
            message = f"cannot listen on {self.host}:{self.port}: {error.strerror}"
        hint = "set http.host and http.port, or COMMENT_MONITOR_HTTP__PORT (0 takes any free port)"
        return Misconfigured.plain(message, hint=hint)
