"""Keeps the windows of all rules and groups as bytes in a mapping: a dict, a Faust table."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, TypeAlias, TypeVar

import msgspec

from monitor.domain.alerts import Alert
from monitor.domain.errors import Rejected
from monitor.domain.observations import Candidate, Counted, Observation, Whereabouts, Withdrawal
from monitor.engine.campaigns import Campaigns, gather
from monitor.engine.counting import microseconds
from monitor.engine.trails import Trail, follow
from monitor.engine.windows import LATENESS, Window, decide, withdraw

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
_TRAIL: Final = msgspec.msgpack.Decoder(Trail)
_CAMPAIGNS: Final = msgspec.msgpack.Decoder(Campaigns)

Kept: TypeAlias = Window | Trail | Campaigns
_HEAD: Final = msgspec.msgpack.Decoder(_Head)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a batch of observations leads to: alert events in order, and the windows after them.

    `onward` is for windows that may be another process's.

    Nothing is applied yet. Publish the alerts first, then `Escalator.keep` the windows: a process
    killed in between decides again on the old windows and publishes the same ids, where the other
    way round the alert would be lost.
    """

    alerts: tuple[Alert, ...]
    windows: dict[str, bytes]
    onward: tuple[Counted, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a batch has come to so far."""

    windows: dict[str, Window] = field(default_factory=dict)
    trails: dict[str, Trail] = field(default_factory=dict)
    campaigns: dict[str, Campaigns] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    onward: list[Counted] = field(default_factory=list)


class Escalator:
    """Decides observations on the windows in `state`.

    Windows are read and written once a batch, however many observations fall into them.
    `lateness` is in seconds of event time. `alone` tells that all windows are in this state, so that
    what one tells others is applied where it arises instead of being given back.
    """

    def __init__(self, state: State, *, lateness: float = LATENESS, alone: bool = False) -> None:
        self._state = state
        self._lateness = lateness
        self._alone = alone

    def decide(self, counted: Iterable[Counted]) -> Decided:
        """Return the alerts that these observations cause, and the windows to keep after publishing.

        Raises:
            Rejected: a window in the state cannot be read (reason `window`).
        """
        batch = _Batch()
        queue = deque(counted)
        while queue:
            onward = self._take(queue.popleft(), batch)
            if self._alone:
                queue.extendleft(reversed(onward))
            else:
                batch.onward += onward
        kept: dict[str, Kept] = {**batch.windows, **batch.trails, **batch.campaigns}
        return Decided(
            alerts=tuple(batch.alerts),
            windows={key: pack(value) for key, value in kept.items()},
            onward=tuple(batch.onward),
        )

    def _take(self, value: Counted, batch: _Batch) -> tuple[Counted, ...]:
        """Count it, and return what other windows must know of it."""
        key = value.key
        match value:
            case Whereabouts():
                trail = batch.trails[key] if key in batch.trails else self._load(key, _TRAIL, Trail())
                batch.trails[key], withdrawals = follow(trail, value, lateness=self._lateness)
                return withdrawals
            case Candidate():
                known = batch.campaigns.get(key) or self._load(key, _CAMPAIGNS, Campaigns())
                batch.campaigns[key], alert = gather(known, value, lateness=self._lateness)
                batch.alerts += [alert] if alert else []
                return ()
        window = batch.windows[key] if key in batch.windows else self._load(key, _WINDOW, Window())
        if isinstance(value, Withdrawal):
            batch.windows[key] = withdraw(window, value, lateness=self._lateness)
            return ()
        batch.windows[key], alert = decide(window, value, lateness=self._lateness)
        return self._alerted(value, alert, batch) if alert else ()

    def _alerted(self, observation: Observation, alert: Alert, batch: _Batch) -> tuple[Candidate, ...]:
        """Take the alert; where copies meet in several windows it is a candidate first."""
        escalation = observation.escalation
        if not observation.sketch or escalation.count == 1:
            batch.alerts.append(alert)
            return ()
        reach = max(escalation.cooldown, escalation.within)
        return (Candidate(alert=alert, observed_at=observation.observed_at, reach=reach),)

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

    def _load(self, key: str, decoder: msgspec.msgpack.Decoder[_T], new: _T) -> _T:
        packed = self._state.get(key)
        return new if packed is None else _read(packed, decoder)

    def _until(self, key: str) -> int:
        packed = self._state.get(key)
        return 0 if packed is None else _read(packed, _HEAD).until


def pack(kept: Kept) -> bytes:
    """Return the window as compact bytes, its version first.

    A window that would not fit (10,000 matches with ids of hundreds of characters, or with the sketches
    of their texts) loses its oldest half until it does.
    """
    packed = _VERSION + _ENCODER.encode(kept)
    while len(packed) > MOST_BYTES and (smaller := _newest_half(kept)) is not None:
        kept = smaller
        packed = _VERSION + _ENCODER.encode(kept)
    return packed


def _newest_half(kept: Kept) -> Kept | None:
    """Return what is left without the oldest half; None where nothing can go."""
    if isinstance(kept, Window) and kept.entries:
        newest = kept.entries[len(kept.entries) // 2 + 1 :]
        return msgspec.structs.replace(kept, entries=newest)
    if isinstance(kept, Campaigns) and kept.standing:
        return msgspec.structs.replace(kept, standing=kept.standing[len(kept.standing) // 2 + 1 :])
    return None


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
