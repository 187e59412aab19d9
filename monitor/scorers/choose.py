"""Builds the scorer that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from monitor.ports import Scorer

Kind = Literal["none", "detoxify"]


def build_scorer(
    kind: Kind,
    *,
    model: str = "original",
    checkpoint: Path | None = None,
    config_path: Path | None = None,
    device: str = "cpu",
) -> Scorer | None:
    """Return the scorer; None for `none`: scores are unknown then.

    Raises:
        Misconfigured: the model, or the extra that runs it, is missing.
    """
    if kind == "none":
        return None
    from monitor.scorers.weights import load_detoxify

    return load_detoxify(model, checkpoint=checkpoint, config_path=config_path, device=device)
