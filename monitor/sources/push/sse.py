"""Server-sent events: the bytes of a `text/event-stream` as events (WHATWG HTML, section 9.2.6)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from monitor.domain.errors import Rejected

MOST_CHARACTERS: Final = 1_000_000
"""An event longer than this is none that a site of comments sends."""

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerEvent:
    """One event. `id` is the last one that the stream named, in this event or before it."""

    event: str = "message"
    data: str
    id: str = ""


class EventStream:
    """Cuts a stream into events. Where the bytes are cut into chunks makes no difference.

    Comments, which servers send to show that they live, give nothing. An event that the stream ends
    in is dropped, as the standard demands: it may be half a one. `retry` is how many seconds the
    server asks to wait before connecting again, None where it does not say.
    """

    def __init__(self, *, most: int = MOST_CHARACTERS) -> None:
        self.retry: float | None = None
        self._most = most
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._rest = ""
        self._after_return = False
        self._event = ""
        self._data: list[str] = []
        self._size = 0
        self._id = ""

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """Return the events that are complete with this chunk.

        Raises:
            Rejected: with reason `too_large`; the stream cannot be read on.
        """
        text = self._decoder.decode(chunk)
        if not text:
            return []
        if self._after_return:
            text = text.removeprefix("\n")
        self._after_return = text.endswith("\r")
        *lines, self._rest = _LINE_END.split(self._rest + text)
        events = [event for line in lines if (event := self._line(line)) is not None]
        self._check(len(self._rest))
        return events

    def _line(self, line: str) -> ServerEvent | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._size += len(value)
            self._check(0)
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value[:9]) / 1000
        return None

    def _dispatch(self) -> ServerEvent | None:
        data, event = self._data, self._event
        self._data, self._event, self._size = [], "", 0
        if not data:
            return None
        return ServerEvent(event=event or "message", data="\n".join(data), id=self._id)

    def _check(self, more: int) -> None:
        if self._size + more > self._most:
            raise Rejected("too_large", f"an event of the stream is longer than {self._most} characters")
