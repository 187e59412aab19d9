"""Builds the scorer that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from monitor.domain.errors import Misconfigured

if TYPE_CHECKING:
    from monitor.ports import Scorer

Kind = Literal["none", "detoxify"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def build_scorer(
    kind: str,
    *,
    model: str = "original",
    checkpoint: Path | None = None,
    config_path: Path | None = None,
    device: str = "cpu",
) -> Scorer | None:
    """Return the scorer; None for `none`: scores are unknown then.

    Raises:
        Misconfigured: there is no such scorer, or its model or the extra that runs it is missing.
    """
    if kind not in KINDS:
        raise Misconfigured.plain(
            f"there is no scorer '{kind}'", hint="toxicity.scorer is one of: " + ", ".join(KINDS)
        )
    if kind == "none":
        return None
    from monitor.scorers.weights import load_detoxify

    return load_detoxify(model, checkpoint=checkpoint, config_path=config_path, device=device)
