"""Whether a rule may go live: what it needs to have proved in shadow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.domain.severity import Status
from monitor.engine.rules import Rule
from monitor.services.backtest import RuleReport
from monitor.services.ruletests import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionPolicy:
    """How much proof is enough.

    `matches` in the archive, `decided` alerts, and the `precision` of those, from 0 to 1.
    """

    matches: int = 50
    decided: int = 20
    precision: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One thing that is needed, whether it is there, and what was found or is missing."""

    name: str
    met: bool
    said: str


def gates(
    rule: Rule, failures: Sequence[Failure], report: RuleReport | None, policy: PromotionPolicy
) -> tuple[Gate, ...]:
    """Return every gate on the way to `live`.

    `failures` are those of the rule's own tests and of the harmless comments; `report` is what a
    backtest of this version came to, None where there is no archive.
    """
    return (*_declared(rule), _tested(rule, failures), *_shown(report, policy))


def _declared(rule: Rule) -> Iterator[Gate]:
    in_shadow = rule.status is Status.SHADOW
    said = "it is in shadow" if in_shadow else f"it is {rule.status}; let it run in shadow first"
    yield Gate(name="status", met=in_shadow, said=said)
    for name, given in (("owner", rule.owner), ("why", rule.why)):
        yield Gate(name=name, met=bool(given), said=given or f"write `{name}:` into the rule")


def _tested(rule: Rule, failures: Sequence[Failure]) -> Gate:
    alerts = any(test.matches or test.alerts for test in rule.tests)
    silent = any(test.matches is False or test.alerts == 0 for test in rule.tests)
    if not (alerts and silent):
        missing = "it alerts" if not alerts else "it stays silent"
        return Gate(name="tests", met=False, said=f"add a test in which {missing}")
    if failures:
        return Gate(name="tests", met=False, said=f"{failures[0].test}: expected {failures[0].expected}")
    return Gate(name="tests", met=True, said=f"{len(rule.tests)} hold, and harmless comments are left alone")


def _shown(report: RuleReport | None, policy: PromotionPolicy) -> Iterator[Gate]:
    if report is None:
        yield Gate(name="matches", met=False, said="give an archive of verdicts with --archive")
        return
    yield Gate(
        name="matches",
        met=report.matches >= policy.matches,
        said=f"{report.matches} in the archive, {policy.matches} are needed",
    )
    decided = report.precision.decided
    yield Gate(
        name="decisions", met=decided >= policy.decided, said=f"{decided} alerts, {policy.decided} are needed"
    )
    share = report.precision.share
    yield Gate(
        name="precision",
        met=share is not None and share >= policy.precision,
        said=f"{'unknown' if share is None else f'{share:.0%}'}, {policy.precision:.0%} is needed",
    )
    if report.cut_off:
        yield Gate(name="speed", met=False, said=f"its patterns took too long on {report.cut_off} comments")
