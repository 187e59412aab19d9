"""The windows as a Faust table whose changelog the escalate step writes itself."""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import faust

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping


class RestoredTable(faust.Table):  # type: ignore[misc]
    """A table that Faust restores from its changelog and never writes to it.

    Faust would send the changelog in the background and move offsets without waiting for it: a
    worker killed in that moment loses the change. So the step produces it as it produces
    everything else, and the guard waits for the acknowledgement.
    """

    logger = logging.getLogger("faust.tables")

    def on_key_set(self, key: Any, value: Any) -> None:
        """Send nothing: the change is in Kafka already."""

    def on_key_del(self, key: Any) -> None:
        """Send nothing: the tombstone goes out with the step's next changes."""


class OwnWindows:
    """The windows of the partitions that this worker holds, as the escalator's state.

    A table keeps what it knew of partitions that went to another worker; forgetting such a leftover
    would delete the other's window from the changelog, so only our own are listed. `place` tells a
    key's partition, None where it is another worker's.
    """

    def __init__(self, table: MutableMapping[str, bytes], place: Callable[[str], int | None]) -> None:
        self._table = table
        self._place = place
        self._deleted: list[str] = []

    def get(self, key: str, /) -> bytes | None:
        """Return the window's bytes, or None."""
        return self._table.get(key)

    def __setitem__(self, key: str, value: bytes, /) -> None:
        self._table[key] = value

    def __delitem__(self, key: str, /) -> None:
        del self._table[key]
        self._deleted.append(key)

    def by_partition(self) -> dict[int, list[str]]:
        """Return the keys of our own windows."""
        keys: dict[int, list[str]] = defaultdict(list)
        for key in self._table:
            partition = self._place(key)
            if partition is not None:
                keys[partition].append(key)
        return keys

    def deleted(self) -> list[str]:
        """Return the keys deleted since the last call: each needs its tombstone."""
        keys, self._deleted = self._deleted, []
        return keys
