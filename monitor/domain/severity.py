"""How bad, and how far along a rule is."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """From least to most severe; `rank` orders them."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Return 0 for info up to 4 for critical."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Status(StrEnum):
    """A rule's life cycle. Draft and retired rules are not judged; shadow ones alert nobody."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"

    @property
    def judged(self) -> bool:
        """Return whether a rule in this status is matched against comments."""
        return self in {Status.SHADOW, Status.LIVE}
