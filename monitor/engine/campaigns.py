"""One alert for one campaign, though copies of a text meet in windows that know nothing of each other.

Two alerts about the same comment are about the same campaign: a comment has one text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec

from monitor.domain.alerts import Alert, AlertKind
from monitor.domain.severity import Severity
from monitor.engine.counting import length_of, microseconds
from monitor.engine.windows import LATENESS, MOST_COMMENTS

if TYPE_CHECKING:
    from monitor.domain.observations import Candidate

MOST_CAMPAIGNS: Final = 200
"""The fuse: so many alerts of one rule are remembered; those told of first go."""

_REMEMBERED: Final = 100
"""Comments of one campaign, the newest, by which another window's alert is known to be about it."""


class Campaign(msgspec.Struct, frozen=True, array_like=True):
    """An alert as it stands, opened at `time` (microseconds of event time), and what it is about."""

    id: str
    time: int
    revision: int
    severity: Severity
    comments: tuple[str, ...]


class Campaigns(msgspec.Struct, frozen=True, array_like=True):
    """The alerts of one rule. `until` is the observed time after which none can matter any more."""

    until: int = 0
    standing: tuple[Campaign, ...] = ()


def gather(
    campaigns: Campaigns, candidate: Candidate, *, lateness: float = LATENESS
) -> tuple[Campaigns, Alert | None]:
    """Return the campaigns with this alert, and what people are told of it, if anything."""
    alert, time = candidate.alert, microseconds(candidate.alert.opened_at)
    keep = length_of(2 * candidate.reach + lateness)
    until = max(campaigns.until, microseconds(candidate.observed_at) + keep)
    kept = tuple(each for each in campaigns.standing if abs(each.time - time) <= keep or each.time > time)
    same = _same(kept, alert, time, length_of(candidate.reach))
    rises = same is None or alert.severity.rank > same.severity.rank
    comments = tuple(dict.fromkeys((*(same.comments if same else ()), *alert.comments)))
    now = Campaign(
        id=same.id if same else alert.id,
        time=same.time if same else time,
        revision=(same.revision if same else 0) + rises,
        severity=alert.severity if rises or same is None else same.severity,
        comments=comments[-_REMEMBERED:],
    )
    standing = (*(each for each in kept if each is not same), now)[-MOST_CAMPAIGNS:]
    return Campaigns(until, standing), _told(alert, now, comments) if rises else None


def _same(standing: tuple[Campaign, ...], alert: Alert, time: int, reach: int) -> Campaign | None:
    comments = set(alert.comments)
    for each in standing:
        if abs(each.time - time) <= reach and not comments.isdisjoint(each.comments):
            return each
    return None


def _told(alert: Alert, campaign: Campaign, comments: tuple[str, ...]) -> Alert:
    return replace(
        alert,
        id=campaign.id,
        revision=campaign.revision,
        kind=AlertKind.OPENED if campaign.revision == 1 else AlertKind.UPDATED,
        comments=comments[-MOST_COMMENTS:],
    )
