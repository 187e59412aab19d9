"""An event loop on which time runs faster: minutes of waiting pass in seconds, over real sockets."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

T = TypeVar("T")

START: Final = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
"""When the loop's clock begins: half an hour past midnight in New York, on the night the clocks go back."""


class _HastySelector(selectors.DefaultSelector):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self._factor = factor

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / self._factor)


class HastyLoop(asyncio.SelectorEventLoop):
    """Every second of the machine is `factor` seconds of this loop: sleeps, time-outs, rate limits."""

    def __init__(self, factor: float, start: datetime = START) -> None:
        self._factor = factor
        self._start = start
        self._begun = time.monotonic()
        super().__init__(_HastySelector(factor))

    def time(self) -> float:
        """Return the loop's own seconds."""
        return (time.monotonic() - self._begun) * self._factor

    def now(self) -> datetime:
        """Return the loop's own time: the clock of everything that runs on it."""
        return self._start + timedelta(seconds=self.time())


def hasten(
    work: Callable[[Callable[[], datetime]], Coroutine[object, object, T]],
    factor: float,
    start: datetime = START,
) -> T:
    """Run the work on a loop of its own, giving it the loop's clock."""
    loop = HastyLoop(factor, start)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(work(loop.now))
