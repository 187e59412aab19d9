"""Reads what people decided: which alerts were right, and which were false alarms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from monitor.domain.alerts import Alert
from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.engine.precision import Precision

Outcome = Literal["confirmed", "false_alarm", "escalated"]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision, on an alert by its id, or on a comment by its key (`source:id`).

    A decision on a comment may name the `rule` that it is about; else it counts for all.
    """

    decision: Outcome
    alert: str | None = None
    comment: str | None = None
    rule: str | None = None


_DECODER: Final = msgspec.json.Decoder(Decision)


class Decisions:
    """All decisions, the last on each thing winning."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._alerts: dict[str, bool] = {}
        self._comments: dict[tuple[str | None, str], bool] = {}
        for each in decisions:
            right = each.decision != "false_alarm"
            if each.alert is not None:
                self._alerts[each.alert] = right
            if each.comment is not None:
                self._comments[each.rule, each.comment] = right

    def __bool__(self) -> bool:
        return bool(self._alerts or self._comments)

    def on(self, alert: Alert) -> bool | None:
        """Return whether this alert was right; None where nobody decided.

        What was decided on its comments counts where the alert itself is new: one right comment
        makes it right.
        """
        if alert.id in self._alerts:
            return self._alerts[alert.id]
        known = [
            self._comments[key]
            for comment in alert.comments
            for key in ((alert.rule, comment), (None, comment))
            if key in self._comments
        ]
        return any(known) if known else None

    def precision(self, alerts: Iterable[Alert]) -> Precision:
        """Return how many of these alerts were right."""
        told = [self.on(alert) for alert in alerts]
        return Precision(confirmed=told.count(True), false_alarms=told.count(False))


def read_decisions(path: Path) -> Decisions:
    """Return the decisions of a file, a JSON object a line.

    Raises:
        Misconfigured: with every line that is none.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise Misconfigured.plain(f"the decisions {path} cannot be read: {error.strerror}") from error
    read = list(_read(path, lines))
    if problems := [each for each in read if isinstance(each, Problem)]:
        raise Misconfigured(problems)
    return Decisions(each for each in read if isinstance(each, Decision))


def _read(path: Path, lines: Iterable[bytes]) -> Iterator[Decision | Problem]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            decision = _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            decision = None
        if decision is not None and (decision.alert or decision.comment):
            yield decision
        else:
            yield Problem(
                message="this is no decision",
                hint='such as {"alert": "al_…", "decision": "confirmed"}; or false_alarm, escalated',
                file=str(path),
                line=number,
                column=1,
            )
