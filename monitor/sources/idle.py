"""Tools that touch nothing: source files can be read and checked with them, and no source run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from monitor.domain.errors import Retryable
from monitor.ports import Clock, Sighting
from monitor.sources.kinds import Handler, Tools
from monitor.sources.polling.site import Poll
from monitor.sources.web.message import NO_VALIDATORS, Answer, Manners, Request, Validators


class _NoWeb:
    async def ask(self, request: Request, manners: Manners, validators: Validators = NO_VALIDATORS) -> Answer:  # noqa: ARG002 - the port's
        raise Retryable("nothing is asked here")


class _NoSightings:
    async def known(self, source: str, native_ids: Collection[str]) -> Mapping[str, Sighting]:  # noqa: ARG002 - the port's
        return {}

    async def standing(self, source: str, thread: str | None, since: datetime) -> Mapping[str, Sighting]:  # noqa: ARG002 - the port's
        return {}

    async def beginning(self, source: str, prefix: str) -> Mapping[str, Sighting]:  # noqa: ARG002 - the port's
        return {}


class _NoWatch:
    def polled(self, source: str, poll: Poll) -> None:
        """Forget it."""

    def connected(self, source: str, *, up: bool, reason: str = "") -> None:
        """Forget it."""

    def knocked(self, source: str, outcome: str) -> None:
        """Forget it."""


class _NoDoors:
    async def open(self, path: str, handler: Handler) -> None:
        """Open nothing."""

    def close(self, path: str) -> None:
        """Close nothing."""


def idle_tools(clock: Clock) -> Tools:
    """Return tools with which no source can do anything."""
    return Tools(web=_NoWeb(), sightings=_NoSightings(), clock=clock, watch=_NoWatch(), doors=_NoDoors())
