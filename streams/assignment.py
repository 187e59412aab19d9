"""Which partitions a process holds, as Faust's events tell it.

The consumer could be asked, but it lives in a thread of its own, where a rebalance may be half way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiokafka.partitioner import DefaultPartitioner

if TYPE_CHECKING:
    import faust
    from faust.types import TP

    from streams.topics import Topic


class Assignment:
    """What is held now: nothing while partitions change hands. Make it before the app starts."""

    def __init__(self, app: faust.App) -> None:
        self.partitions: frozenset[TP] = frozenset()
        app.on_partitions_assigned.connect(self._assigned)
        app.on_partitions_revoked.connect(self._revoked)

    def place_of(self, topic: Topic) -> Callable[[str], int | None]:
        """Return a function that tells a key's partition of this topic, None where it is not held now."""
        choose = DefaultPartitioner()
        numbers = list(range(topic.partitions))

        def place(key: str) -> int | None:
            partition: int = choose(key.encode(), numbers, numbers)
            return partition if (topic.name, partition) in self.partitions else None

        return place

    async def _assigned(self, _app: faust.App, assigned: set[TP], **_: Any) -> None:
        self.partitions = frozenset(assigned)

    async def _revoked(self, _app: faust.App, _revoked: set[TP], **_: Any) -> None:
        self.partitions = frozenset()
