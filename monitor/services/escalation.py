"""Keeps the windows of all rules and groups as bytes in a mapping: a dict, a Faust table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

import msgspec

from monitor.domain.alerts import Alert
from monitor.domain.errors import Rejected
from monitor.domain.observations import Observation
from monitor.engine.counting import microseconds
from monitor.engine.windows import LATENESS, Window, decide

MOST_BYTES: Final = 1_000_000
"""The fuse: no window is larger, so that it fits into one message of the table's changelog."""

_VERSION: Final = b"\x01"


class State(Protocol):
    """What the escalator needs of the mapping that its windows live in: a dict has it."""

    def get(self, key: str, /) -> bytes | None:
        """Return the window's bytes, or None."""
        ...

    def __setitem__(self, key: str, value: bytes, /) -> None:
        """Keep the window's bytes."""
        ...

    def __delitem__(self, key: str, /) -> None:
        """Forget the window."""
        ...


class _Head(msgspec.Struct, frozen=True, array_like=True):
    """The beginning of a window: enough to tell whether it may be forgotten."""

    until: int = 0


_T = TypeVar("_T")
_ENCODER: Final = msgspec.msgpack.Encoder()
_WINDOW: Final = msgspec.msgpack.Decoder(Window)
_HEAD: Final = msgspec.msgpack.Decoder(_Head)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a batch of observations leads to: alert events in order, and the windows after them.

    Nothing is applied yet. Publish the alerts first, then `Escalator.keep` the windows: a process
    killed in between decides again on the old windows and publishes the same ids, where the other
    way round the alert would be lost.
    """

    alerts: tuple[Alert, ...]
    windows: dict[str, bytes]


class Escalator:
    """Decides observations on the windows in `state`.

    Windows are read and written once a batch, however many observations fall into them.
    `lateness` is in seconds of event time.
    """

    def __init__(self, state: State, *, lateness: float = LATENESS) -> None:
        self._state = state
        self._lateness = lateness

    def decide(self, observations: Iterable[Observation]) -> Decided:
        """Return the alerts that these observations cause, and the windows to keep after publishing.

        Raises:
            Rejected: a window in the state cannot be read (reason `window`).
        """
        alerts: list[Alert] = []
        windows: dict[str, Window] = {}
        for observation in observations:
            key = observation.key
            window = windows[key] if key in windows else self._load(key)
            windows[key], alert = decide(window, observation, lateness=self._lateness)
            if alert is not None:
                alerts.append(alert)
        return Decided(alerts=tuple(alerts), windows={key: pack(window) for key, window in windows.items()})

    def keep(self, decided: Decided) -> None:
        """Put the windows into the state. Call it once the alerts are safe."""
        for key, packed in decided.windows.items():
            self._state[key] = packed

    def forget(self, now: datetime, keys: Iterable[str]) -> int:
        """Drop those of these windows in which nothing can matter any more; return how many those were.

        `now` is the latest time at which a comment was observed that these windows have seen, not
        the clock's: whoever reads an archive, or lags behind, must not lose its windows half way.
        Without this the state grows by each author that ever matched.
        """
        moment = microseconds(now)
        idle = [key for key in keys if self._until(key) < moment]
        for key in idle:
            del self._state[key]
        return len(idle)

    def _load(self, key: str) -> Window:
        packed = self._state.get(key)
        return Window() if packed is None else unpack(packed)

    def _until(self, key: str) -> int:
        packed = self._state.get(key)
        return 0 if packed is None else _read(packed, _HEAD).until


def pack(window: Window) -> bytes:
    """Return the window as compact bytes, its version first.

    A window that would not fit (10,000 matches with ids of hundreds of characters) loses its oldest
    half until it does.
    """
    packed = _VERSION + _ENCODER.encode(window)
    while len(packed) > MOST_BYTES and window.entries:
        newest = window.entries[len(window.entries) // 2 + 1 :]
        window = msgspec.structs.replace(window, entries=newest)
        packed = _VERSION + _ENCODER.encode(window)
    return packed


def unpack(packed: bytes) -> Window:
    """Return the window.

    Raises:
        Rejected: with reason `window`, where the bytes are not a window of this version.
    """
    return _read(packed, _WINDOW)


def _read(packed: bytes, decoder: msgspec.msgpack.Decoder[_T]) -> _T:
    if packed[:1] != _VERSION:
        raise Rejected("window", "a window in the state was written by a release that this one cannot read")
    try:
        return decoder.decode(packed[1:])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Rejected("window", "a window in the state is damaged") from None
