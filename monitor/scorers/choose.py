"""Builds the scorer that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from monitor.domain.errors import Misconfigured
from monitor.settings import ScorerKind

if TYPE_CHECKING:
    from monitor.ports import Scorer
    from monitor.settings import ToxicitySettings

KINDS: Final[tuple[ScorerKind, ...]] = get_args(ScorerKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The scorer to work with; None where scores are unknown.

    `missing` says why it is not the one that the settings name.
    """

    scorer: Scorer | None = None
    missing: Misconfigured | None = None


def choose_scorer(settings: ToxicitySettings) -> Choice:
    """Return the scorer that the settings name, or its fallback where it cannot be loaded.

    Raises:
        Misconfigured: it cannot be loaded, and the fallback is to stop.
    """
    try:
        return Choice(scorer=_load(settings.scorer, settings))
    except Misconfigured as missing:
        if settings.fallback == "stop":
            raise
        return Choice(scorer=_load(settings.fallback, settings), missing=missing)


def _load(kind: ScorerKind, settings: ToxicitySettings) -> Scorer | None:
    if kind == "none":
        return None
    from monitor.scorers.weights import load_detoxify

    return load_detoxify(settings)
