"""Deliveries that came in and wait for Kafka, and the senders that wait with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Final

from monitor.ports import Unreadable
from monitor.sources.push.news import Told

MOST_WAITING: Final = 1000

MOST_BURIED: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one delivery tells. `safe` becomes true once it is, false where it will not be told now."""

    id: str
    heard: tuple[Told | Unreadable, ...]
    safe: asyncio.Future[bool] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def spoiled(self) -> bool:
        """Return whether some of it could not be read."""
        return any(isinstance(each, Unreadable) for each in self.heard)


class Buried:
    """The ids of deliveries that went to the dead letters, the latest `MOST_BURIED`.

    They are not kept beyond the process: once a person has mended the source's file and started
    anew, the site may send them again under the same ids, and they shall be read then.
    """

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}

    def __contains__(self, delivery_id: str) -> bool:
        return delivery_id in self._ids

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Note those of them of which something could not be read."""
        self._ids |= {delivery.id: None for delivery in deliveries if delivery.spoiled}
        for oldest in [*self._ids][: len(self._ids) - MOST_BURIED]:
            del self._ids[oldest]


class Letterbox:
    """Holds so many deliveries, each id once; the oldest goes first."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        self._held: dict[str, Delivery] = {}

    def find(self, delivery_id: str) -> Delivery | None:
        """Return the delivery of this id that is held."""
        return self._held.get(delivery_id)

    def put(self, delivery: Delivery) -> Delivery | None:
        """Return the delivery that is held under this id now; None where there is no room."""
        if (held := self._held.get(delivery.id)) is not None:
            return held
        if len(self._held) >= self._most:
            return None
        self._held[delivery.id] = delivery
        self._waiting.put_nowait(delivery)
        return delivery

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Yield what was put in, for ever."""
        while True:
            yield await self._waiting.get()

    def settle(self, deliveries: Iterable[Delivery]) -> None:
        """Tell the senders of these that they are safe."""
        for delivery in deliveries:
            self._held.pop(delivery.id, None)
            _tell(delivery, safe=True)

    def close(self) -> None:
        """Tell all senders that wait to come again later."""
        for delivery in self._held.values():
            _tell(delivery, safe=False)
        self._held.clear()


def _tell(delivery: Delivery, *, safe: bool) -> None:
    if not delivery.safe.done():
        delivery.safe.set_result(safe)
