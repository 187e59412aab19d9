"""Exact sliding windows on event time: from counted matches to one alert an episode.

Everything here is a pure function of the window and the observation: replaying an observation
on the old window gives the very same alert, on the new one it gives none.

How it counts: on every arrival, the fullest window that contains the arriving match. Whichever
of a window's matches arrives last sees all of it, so no order of arrival can miss a threshold.
One alert stands for a stretch of `max(cooldown, within)` to either side of the moment it was
opened at; whatever reaches the threshold there joins it, also when it arrives late.

A withdrawn match leaves its window, whichever of the two arrives first; an alert that it helped to
open stands, since people were told.
"""

from __future__ import annotations

from typing import Final

import msgspec

from monitor.domain.alerts import Alert, AlertKind, alert_id
from monitor.domain.comments import EventKind
from monitor.domain.observations import Escalation, Observation, Withdrawal
from monitor.domain.severity import Severity
from monitor.engine.counting import (
    Best,
    Entry,
    best_window,
    between,
    length_of,
    microseconds,
    moment_of,
    remember,
    same,
)
from monitor.engine.likeness import ALIKE, copies, likeness
from monitor.engine.wording import sentence

LATENESS: Final = 600.0
"""Seconds that a match may come late (in event time) and still be counted with its neighbours."""

MOST_ALERTS: Final = 1_000
"""The fuse: a window remembers no more alerts than this; those opened first go."""

MOST_COMMENTS: Final = 500
"""An alert carries no more comment keys than this; its count stays true."""

MOST_WITHDRAWN: Final = 1_000
"""The fuse: a window remembers no more withdrawals than this; those of comments observed first go."""


class Opened(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An alert that this window opened at `time` (microseconds of event time), as it stands now.

    `sketch` is that of the text that opened it, where copies are counted.
    """

    id: str
    time: int
    revision: int
    severity: Severity
    group: tuple[tuple[str, str], ...]
    count: int
    sketch: bytes = b""


class Withdrawn(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """What was observed of this comment before this time (microseconds) does not count."""

    before: int
    comment: str


class Window(msgspec.Struct, frozen=True, array_like=True):
    """The state of one rule for one group value.

    `until` is the observed time (microseconds) after which nothing in it can matter any more; it
    stands first so that it can be read without the rest.
    """

    until: int = 0
    entries: tuple[Entry, ...] = ()
    alerts: tuple[Opened, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()


def decide(
    window: Window, observation: Observation, *, lateness: float = LATENESS
) -> tuple[Window, Alert | None]:
    """Return the window after this observation, and the alert event that it causes, if any."""
    entry = _entry(observation)
    known = same(window.entries, entry)
    if known is not None:
        return _seen_again(window, known, entry), None
    if any(each.comment == entry.comment and entry.observed < each.before for each in window.withdrawn):
        return window, None
    window = _remembering(window, observation, entry, lateness)
    best = _best(window, observation.escalation, entry)
    if best is None:
        return window, None
    standing = _standing(window, observation, best)
    if standing is None:
        return _open(window, observation, best)
    return _join(window, observation, best, standing)


def withdraw(window: Window, withdrawal: Withdrawal, *, lateness: float = LATENESS) -> Window:
    """Return the window without what was observed of the comment before it was withdrawn."""
    observed = microseconds(withdrawal.observed_at)
    keep = length_of(withdrawal.keep + lateness)
    until = max(window.until, observed + keep)
    withdrawn = {each.comment: each.before for each in window.withdrawn}
    withdrawn[withdrawal.comment] = max(observed, withdrawn.get(withdrawal.comment, observed))
    kept = sorted(
        Withdrawn(before, comment) for comment, before in withdrawn.items() if before >= until - 2 * keep
    )
    entries = tuple(
        entry for entry in window.entries if entry.comment != withdrawal.comment or entry.observed >= observed
    )
    return msgspec.structs.replace(
        window, until=until, entries=entries, withdrawn=tuple(kept[-MOST_WITHDRAWN:])
    )


def _entry(observation: Observation) -> Entry:
    time = microseconds(observation.time)
    return Entry(
        time=time,
        comment=observation.event.comment.key,
        value=observation.value or "",
        lag=microseconds(observation.observed_at) - time,
        sketch=observation.sketch,
    )


def _seen_again(window: Window, known: Entry, entry: Entry) -> Window:
    """Return the window that knows when the entry was observed last: what is withdrawn was seen before."""
    if entry.lag <= known.lag:
        return window
    latest = msgspec.structs.replace(known, lag=entry.lag)
    entries = tuple(latest if each is known else each for each in window.entries)
    return msgspec.structs.replace(window, entries=entries)


def _remembering(window: Window, observation: Observation, entry: Entry, lateness: float) -> Window:
    """Return the window with the entry, bounded: what is too old to matter is gone."""
    escalation = observation.escalation
    keep = length_of(escalation.within + escalation.cooldown + lateness)
    entries = remember(window.entries, entry, keep)
    latest = entries[-1].time
    alerts = tuple(
        alert
        for alert in window.alerts
        if alert.time >= latest - keep or abs(alert.time - entry.time) <= keep
    )
    return msgspec.structs.replace(
        window,
        until=max(window.until, microseconds(observation.observed_at) + keep),
        entries=entries,
        alerts=alerts[-MOST_ALERTS:],
    )


def _best(window: Window, escalation: Escalation, entry: Entry) -> Best | None:
    """Return the fullest window around this entry; a rule without a window counts each match as one."""
    if not escalation.within:
        return Best(last=entry.time, count=1)
    within = length_of(escalation.within)
    near = _counted(window, entry.time - within, entry.time + within, entry.sketch)
    return best_window(near, entry.time, within, escalation.count, distinct=escalation.distinct)


def _counted(window: Window, first: int, last: int, sketch: bytes) -> tuple[Entry, ...]:
    """Return the entries of this time, and of a campaign's only the copies of this text."""
    near = between(window.entries, first, last)
    return copies(near, sketch) if sketch else near


def _standing(window: Window, observation: Observation, best: Best) -> Opened | None:
    """Return the alert of the same cool-down group that this match joins, the nearest one.

    A rule that neither counts nor cools down has none: each comment is its own alert.
    """
    reach = length_of(max(observation.escalation.cooldown, observation.escalation.within))
    if not reach:
        return None
    time = microseconds(observation.time)
    near = [
        alert
        for alert in window.alerts
        if alert.group == observation.cooldown_group
        and _of_one_text(alert, window, observation.sketch)
        and min(abs(alert.time - time), abs(alert.time - best.last)) <= reach
    ]
    return min(near, key=lambda alert: abs(alert.time - best.last), default=None)


def _of_one_text(alert: Opened, window: Window, sketch: bytes) -> bool:
    """Return whether the alert is not of another text that only shares the window."""
    if not alert.sketch or not sketch or likeness(alert.sketch, sketch) >= ALIKE:
        return True
    return any(entry.sketch == alert.sketch for entry in copies(window.entries, sketch))


def _open(window: Window, observation: Observation, best: Best) -> tuple[Window, Alert | None]:
    """Open an alert at the time of the window's last match.

    None where this comment opened that very alert before (it was edited and matches again).
    """
    opened = Opened(
        id=alert_id(observation.key, _opener(observation)),
        time=best.last,
        revision=1,
        severity=_severity(observation.escalation, best.count),
        group=observation.cooldown_group,
        count=best.count,
        sketch=observation.sketch,
    )
    if any(alert.id == opened.id for alert in window.alerts):
        return window, None
    alert = _alert(AlertKind.OPENED, opened, window, observation, best)
    return msgspec.structs.replace(window, alerts=(*window.alerts, opened)), alert


def _opener(observation: Observation) -> str:
    """Return what tells this opening from others in the same window.

    The comment's key; and where matches are counted, an edit is a new deed of the same comment,
    which may bring the count to its threshold once more, another day.
    """
    comment = observation.event.comment.key
    if observation.escalation.count == 1 or observation.event.kind is EventKind.CREATED:
        return comment
    return f"{comment}@{microseconds(observation.time)}"


def _join(
    window: Window, observation: Observation, best: Best, standing: Opened
) -> tuple[Window, Alert | None]:
    """Count towards the alert that stands; say so to people only when its severity rises."""
    severity = _severity(observation.escalation, best.count)
    rises = severity.rank > standing.severity.rank
    joined = msgspec.structs.replace(
        standing,
        revision=standing.revision + rises,
        severity=severity if rises else standing.severity,
        count=max(standing.count, best.count),
    )
    if joined == standing:
        return window, None
    alerts = tuple(joined if alert is standing else alert for alert in window.alerts)
    window = msgspec.structs.replace(window, alerts=alerts)
    return window, _alert(AlertKind.UPDATED, joined, window, observation, best) if rises else None


def _severity(escalation: Escalation, count: int) -> Severity:
    """Return the highest severity among the steps that this count reaches."""
    reached = [step.severity for step in escalation.steps if step.count <= count]
    return max(reached, key=lambda severity: severity.rank)


def _alert(kind: AlertKind, opened: Opened, window: Window, observation: Observation, best: Best) -> Alert:
    return Alert(
        id=opened.id,
        revision=opened.revision,
        kind=kind,
        rule=observation.match.rule,
        title=observation.title,
        severity=opened.severity,
        group=observation.group,
        comments=_comments(opened, window, observation, best),
        count=opened.count,
        within=observation.escalation.within,
        opened_at=moment_of(opened.time),
        comment=observation.event.comment,
        signals=observation.signals,
        match=observation.match,
        book=observation.book,
        say=sentence(observation, opened.count),
    )


def _comments(opened: Opened, window: Window, observation: Observation, best: Best) -> tuple[str, ...]:
    """Return the keys of what was counted from the opening window to this one, the newest of them."""
    if not observation.escalation.within:
        return (observation.event.comment.key,)
    first = min(opened.time, best.last) - length_of(observation.escalation.within)
    last = max(opened.time, best.last)
    counted = _counted(window, first, last, observation.sketch)
    keys = dict.fromkeys(entry.comment for entry in counted)
    return tuple(keys)[-MOST_COMMENTS:]
