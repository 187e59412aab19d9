"""Builds the scorer that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from monitor.domain.errors import Misconfigured
from monitor.scorers.cascade import Cascade
from monitor.scorers.embedded.scorer import load_embedded
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
        return Choice(scorer=_load_if_there(settings.fallback, settings), missing=missing)


def _load_if_there(kind: ScorerKind, settings: ToxicitySettings) -> Scorer | None:
    """Return the fallback; where it is missing too, scores are unknown."""
    try:
        return _load(kind, settings)
    except Misconfigured:
        return None


def _load(kind: ScorerKind, settings: ToxicitySettings) -> Scorer | None:
    if kind == "none":
        return None
    if kind == "embedded":
        return load_embedded(settings.embedded_model)
    from monitor.scorers.weights import load_detoxify

    if kind == "detoxify":
        return load_detoxify(settings)
    return Cascade(
        load_embedded(settings.embedded_model),
        load_detoxify(settings),
        share=settings.doubt,
        shed_after=settings.shed_after,
    )
