"""What stands behind a source file's `kind`, ours and guests' alike: the entry point group of sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from aiohttp import web

from monitor.engine.cursor import Cursor
from monitor.plugins import Plugins
from monitor.ports import Clock, Sightings, Source
from monitor.sources.polling.site import Poll
from monitor.sources.web.message import Value, Web


class Watch(Protocol):
    """Is told what sources go through, to count it, log it, and answer who asks why nothing came."""

    def polled(self, source: str, poll: Poll) -> None:
        """Learn what one reading of a site came to."""
        ...

    def connected(self, source: str, *, up: bool, reason: str = "") -> None:
        """Learn that a stream is connected or not; `reason` is from a closed set."""
        ...

    def knocked(self, source: str, outcome: str) -> None:
        """Learn that a webhook was asked, and what it answered (a closed set)."""
        ...


class Doors(Protocol):
    """The one web server of a process that webhooks come in by."""

    async def open(self, path: str, handler: Handler) -> None:
        """Let requests to this path go to the handler, whatever their method; listen from the first one on.

        Raises:
            Misconfigured: the path is taken, or the address cannot be listened on.
        """
        ...

    def close(self, path: str) -> None:
        """Answer 404 there from now on."""
        ...


class Handler(Protocol):
    """Answers one request."""

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Return the response; the request's body was not read yet."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every source of a process shares. `agent` is how it names itself to servers."""

    web: Web
    sightings: Sightings
    clock: Clock
    watch: Watch
    doors: Doors
    agent: str = "comment-monitor"


class Description(Protocol):
    """A source file as read: presets merged in, `kind` and `id` checked, the rest for its kind to read."""

    @property
    def id(self) -> str:
        """Return the source's id, which its cursor, comments and metrics carry."""
        ...

    @property
    def root(self) -> Cursor:
        """Return where the file's keys stand; errors reported there point into the person's file."""
        ...

    def value(self, cursor: Cursor) -> Value:
        """Return the text at this place with `${env:…}` and `${file:…}` put in: a Secret where any were.

        What cannot be put in is reported at its place, and the text returned as it stands.
        """
        ...


class SourceFactory(Protocol):
    """Makes the source of a description.

    Problems are reported on the description's cursors, all of them, and the reader of the file
    raises them together.
    """

    def __call__(self, description: Description, tools: Tools) -> Source | None:
        """Return the source; None where the description cannot stand."""
        ...


KINDS: Final = Plugins[SourceFactory]("comment_monitor.sources", "source kind")
