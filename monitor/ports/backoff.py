"""How long to wait before the next try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Doubling ceilings with full jitter: any time up to the ceiling, so that nobody retries in step.

    Seconds. See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    first: float = 0.5
    longest: float = 30.0

    def delay(self, failures: int, chance: Callable[[], float], *, asked: float | None = None) -> float:
        """Return the seconds to wait after so many failures in a row (from 1).

        `chance` gives a number from 0 to 1. `asked` is what the other side asked for
        (`Retryable.retry_after`); it is never undercut.
        """
        doublings = min(failures - 1, 60)
        ceiling: float = min(self.first * 2**doublings, self.longest)
        return max(asked or 0.0, ceiling * chance())
