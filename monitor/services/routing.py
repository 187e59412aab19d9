"""Which alerts go to which receiver."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from monitor.domain.alerts import Alert
from monitor.domain.severity import Severity
from monitor.ports import Receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A receiver and what it wants: alerts from `min_severity` up, of these rules.

    `rules` are names or families (`threats.*`); none at all means every rule.
    """

    receiver: Receiver
    min_severity: Severity = Severity.INFO
    rules: tuple[str, ...] = ()

    def wants(self, alert: Alert) -> bool:
        """Return whether the alert goes this way."""
        severe = alert.severity.rank >= self.min_severity.rank
        return severe and (not self.rules or any(fnmatchcase(alert.rule, rule) for rule in self.rules))
