"""What a process waits for before it can work, as `/readyz` tells it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.services.health import HealthServer


class Readiness:
    """A process is ready once it has reached everything it waits for."""

    def __init__(self, health: HealthServer, *waited_for: str) -> None:
        self._missing = set(waited_for)
        for name in waited_for:
            health.require(name, partial(self._complaint, name))

    def reached(self, name: str) -> None:
        """Record that this is there now."""
        self._missing.discard(name)

    def lost(self, name: str) -> None:
        """Record that this is waited for again."""
        self._missing.add(name)

    def _complaint(self, name: str) -> str | None:
        return f"waiting for {name}" if name in self._missing else None
