"""The fuse of a freshly edited rule: when it fires on an outlier share of all comments.

A slip of the pen in a live rule can alert on every tenth comment of a site. While a version of a
rule is new it is on probation: fires it on more than a set share, it must be demoted to shadow.
A rule that has stood its probation is left alone, since a raid makes good rules fire that often.
(Learned from MediaWiki's AbuseFilter, whose emergency throttle does this to fresh filters.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["goes_on", "passed", "demoted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbationPolicy:
    """When a new version is demoted.

    It is, when it fired on more than `share` of the comments judged since the edit, and at least
    `matches` times. After `comments` comments it has passed.
    """

    share: float = 0.1
    matches: int = 50
    comments: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Probation:
    """What is known of a new version: comments judged since, and matches among them.

    A match of a rule that counts before it alerts weighs that much less: three matches are one
    alert where `escalate.count` is 3.
    """

    comments: int = 0
    matches: float = 0.0


def decide(
    policy: ProbationPolicy, state: Probation, comments: int, matches: float
) -> tuple[Probation, Outcome]:
    """Return the probation after so many more comments and matches, and what follows."""
    after = Probation(comments=state.comments + comments, matches=state.matches + matches)
    if after.matches >= policy.matches and after.matches > policy.share * after.comments:
        return after, "demoted"
    return after, "passed" if after.comments >= policy.comments else "goes_on"
