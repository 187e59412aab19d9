"""When to judge without the model, because it ends the processes that use it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from monitor.settings import ScorerKind, Settings

FIRST: Final = 60.0
LONGEST: Final = 3600.0
"""Seconds that a model rests after a batch that could only be judged without it: twice as long each
time, as every try costs the processes and the time to load it into them."""


class ModelBrake:
    """Says by which settings to judge. Times are monotonic seconds.

    `without` are the settings with the model's fallback in its place.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        toxicity = settings.toxicity
        fallback = toxicity.fallback
        other: ScorerKind = "none" if fallback in {"stop", toxicity.scorer} else fallback
        self.without = (
            settings
            if toxicity.scorer == other
            else replace(settings, toxicity=replace(toxicity, scorer=other))
        )
        self.rest = 0.0
        self._until: float | None = None

    @property
    def complaint(self) -> str:
        """Return what is wrong, for a person; empty where nothing is."""
        if not self.rest:
            return ""
        return f"{self._settings.toxicity.scorer} ends every process that uses it (out of memory?)"

    def settings(self, now: float) -> Settings:
        """Return what to judge by now."""
        return self.without if self._until is not None and now < self._until else self._settings

    def failed(self, now: float) -> None:
        """Note that what the model could not do was done without it. Several at once count once."""
        if self._until is None or now >= self._until:
            self.rest = min(self.rest * 2, LONGEST) if self.rest else FIRST
            self._until = now + self.rest

    def succeeded(self) -> None:
        """Note that the model works."""
        self.rest, self._until = 0.0, None
