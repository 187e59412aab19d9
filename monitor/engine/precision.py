"""How often people found a rule to be right, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

_Z: Final = 1.959964
"""The two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Decisions on a rule's alerts: how many were right, how many false alarms."""

    confirmed: int = 0
    false_alarms: int = 0

    @property
    def decided(self) -> int:
        """Return how many were decided at all."""
        return self.confirmed + self.false_alarms

    @property
    def share(self) -> float | None:
        """Return the share that was right, from 0 to 1; None where nothing was decided."""
        return self.confirmed / self.decided if self.decided else None

    @property
    def at_least(self) -> float:
        """Return the lower end of Wilson's 95 % interval: what the share may well be as low as.

        Few decisions prove little: 3 of 3 right is at least 44 %, 60 of 60 at least 94 %.
        (E. B. Wilson, Journal of the American Statistical Association 22, 1927, 209-212.)
        """
        if not self.decided:
            return 0.0
        n, p, z2 = self.decided, self.confirmed / self.decided, _Z * _Z
        centre = p + z2 / (2 * n)
        spread = _Z * sqrt((p * (1 - p) + z2 / (4 * n)) / n)
        return max(0.0, (centre - spread) / (1 + z2 / n))
