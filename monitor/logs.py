"""Logs: one line per event on standard error, JSON for machines or columns for people.

Event names are dotted (`alert.opened`) and, with their keys, an API: people filter by them. No
comment text, author or secret is ever a value. Other libraries' lines (Faust, aiokafka, aiohttp)
take the same road; where one of them repeats itself, the repeats are counted instead of written.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

MOST_ALIKE: Final = 5
"""Lines of one template that another library may write within `WINDOW` seconds."""

WINDOW: Final = 10.0

_MOST_TEMPLATES: Final = 1000
_MOST_FRAMES: Final = 20
_ELLIPSIS: Final = "'...'"
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_QUIET: Final = ("kafka", "aiokafka", "faust", "mode", "aiohttp", "asyncio")


class LogChoices(Protocol):
    """What the settings say about logs."""

    @property
    def level(self) -> str:
        """Return the least important level that is written."""
        ...

    @property
    def format(self) -> Literal["auto", "json", "console"]:
        """Return the format; auto is console on a terminal, else JSON."""
        ...


def configure(choices: LogChoices, role: str, stream: TextIO | None = None) -> None:
    """Send every log line of this process to `stream` (standard error), marked with its role.

    Standard output is left alone: commands write their results there. May be called again.
    """
    stream = stream or sys.stderr
    readable = choices.format == "console" or (choices.format == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _role_adder(role),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(allow=("suppressed",))],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_renderers(readable=readable, colors=stream.isatty()),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(Throttle(time.monotonic))
    logging.basicConfig(handlers=[handler], level=choices.level.upper(), force=True)
    logging.captureWarnings(capture=True)
    _quieten(choices.level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _role_adder(role: str) -> Processor:
    def add_role(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["role"] = role
        return event

    return add_role


def _renderers(*, readable: bool, colors: bool) -> list[Processor]:
    """Return what turns an event into a line.

    Tracebacks show no local variables, and of an exception's message nothing that stands in
    quotes: both may be a comment.
    """
    if readable:
        return [
            structlog.dev.ConsoleRenderer(colors=colors, timestamp_key="time", exception_formatter=_write)
        ]
    return [
        structlog.processors.ExceptionRenderer(_trace),
        _in_order,
        structlog.processors.JSONRenderer(default=str),
    ]


def _trace(exc_info: ExcInfo) -> list[str]:
    """Return where an exception came from, frame by frame, then what it was; its cause first."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        link = [
            f"{frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
        ]
        link.append(f"{type(error).__name__}: {_QUOTED.sub(_ELLIPSIS, str(error))}")
        lines = link + lines
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _write(out: TextIO, exc_info: ExcInfo) -> None:
    out.writelines(f"\n    {line}" for line in _trace(exc_info))


def _in_order(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put first what every line has."""
    first = {key: event.pop(key) for key in ("time", "level", "event", "role", "logger") if key in event}
    return {**first, **event}


def _quieten(level: str) -> None:
    """Keep other libraries one step less talkative than ourselves, unless debugging."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.NOTSET if level == "debug" else logging.WARNING)


@dataclass(slots=True)
class _Repeats:
    since: float
    count: int = 0
    suppressed: int = 0


class Throttle(logging.Filter):
    """Lets the first few lines of a template through and counts the rest.

    The line that ends the silence carries `suppressed`: how many were not written. Our own
    events are never held back: each of them matters, and none is written in a loop.
    """

    def __init__(
        self, clock: Callable[[], float], *, most_alike: int = MOST_ALIKE, window: float = WINDOW
    ) -> None:
        super().__init__()
        self._clock = clock
        self._most_alike = most_alike
        self._window = window
        self._seen: dict[tuple[str, str], _Repeats] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is written."""
        if isinstance(record.msg, dict):
            return True
        now = self._clock()
        key = (record.name, str(record.msg))
        repeats = self._seen.get(key)
        if repeats is None or now - repeats.since >= self._window:
            if repeats and repeats.suppressed:
                record.suppressed = repeats.suppressed
            self._forget_before(now)
            repeats = self._seen[key] = _Repeats(since=now)
        repeats.count += 1
        written = repeats.count <= self._most_alike
        repeats.suppressed += not written
        return written

    def _forget_before(self, now: float) -> None:
        """Drop what is over, once there is much of it, so that memory stays flat."""
        if len(self._seen) > _MOST_TEMPLATES:
            self._seen = {
                key: repeats for key, repeats in self._seen.items() if now - repeats.since < self._window
            }
