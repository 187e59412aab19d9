"""Faust's Kafka transport, which makes tasks only where there is something to wait for.

For every message Faust waits for the first of four things: that the message stands in its stream,
that the flow is suspended, that the consumer stops, that it crashes. These are four tasks, and more
work than all that it does with the message besides. Nearly always the first has ended before it
ever waits. So it is tried first, which spares a third of what a worker's main process does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from typing import TYPE_CHECKING, Any, Self

from faust.transport.drivers import aiokafka as driver
from mode.services import Service, WaitResults

from streams.rewinding import Rewinding

if TYPE_CHECKING:
    import faust


def use_transport(app: faust.App) -> None:
    """Let the app consume by this transport. Call before it has topics or agents."""
    app.transport = Transport(app.conf.broker_consumer, app)


class Begun(Generator[Any, Any, object]):
    """A coroutine that has run until it first waits, or to its end.

    Where it has `ended`, `result` is what it returned; what it raised is raised here. Else a task
    can be made of it, or it can be awaited: that goes on from where it waits.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, object]) -> None:
        self._coroutine = coroutine
        self._waits_for: list[Any] = []
        self.ended = False
        self.result: object = None
        try:
            self._waits_for.append(coroutine.send(None))
        except StopIteration as end:
            self.ended = True
            self.result = end.value

    def __await__(self) -> Self:
        return self

    def send(self, value: Any, /) -> Any:
        """Name what it waits for already, then what it waits for next."""
        return self._waits_for.pop() if self._waits_for else self._coroutine.send(value)

    def throw(self, *error: Any) -> Any:
        """Let the coroutine have an error, its task's end for one."""
        self._waits_for.clear()
        return self._coroutine.throw(*error)


class Eager(Service):  # type: ignore[misc]
    """A service of Faust; only how it waits differs, not what for."""

    async def wait_first(self, *coros: Any, timeout: Any = None) -> WaitResults:  # noqa: ASYNC109 - Faust's name
        """Return when the first has ended; tasks are made only if the one named first has to wait."""
        first, *others = coros
        if not asyncio.iscoroutine(first):
            return await super().wait_first(*coros, timeout=timeout)
        try:
            begun = Begun(first)
        except BaseException:
            _close(others)
            raise
        if not begun.ended:
            return await super().wait_first(begun, *others, timeout=timeout)
        _close(others)
        return WaitResults([], [], True) if self.should_stop else WaitResults([first], [begun.result], False)


class Consumer(Rewinding, Eager, driver.Consumer):  # type: ignore[misc]
    """Faust's consumer, eager, and sure of where it stands after a seek."""


class Transport(driver.Transport):  # type: ignore[misc]
    """Faust's transport with this consumer."""

    Consumer = Consumer


def _close(waiting: list[Any]) -> None:
    """Close coroutines that nobody will await; Python warns of others."""
    for each in waiting:
        if asyncio.iscoroutine(each):
            each.close()
