"""Which model can judge which label in which language: data, shown by `comment-monitor models`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.domain.signals import LABELS
from monitor.scorers.detoxify import COVERED
from monitor.scorers.embedded.model import BUNDLED, Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One model, the setting of `toxicity.scorer` that runs it, and its labels by language.

    Whatever is not in `languages` is unknown to it.
    """

    scorer: str
    model: str
    languages: Mapping[str, tuple[str, ...]]


def coverage(embedded: Path | None = None) -> list[Coverage]:
    """Return what every model covers; no weights are loaded but the embedded model's.

    Raises:
        Misconfigured: `embedded` is no model of ours.
    """
    model = Model.load(embedded or BUNDLED)
    ours = {code: language.labels for code, language in model.languages.items()}
    return [
        Coverage(scorer="embedded", model=model.name, languages=ours),
        *(
            Coverage(scorer="detoxify", model=name, languages=dict.fromkeys(sorted(codes), LABELS))
            for name, codes in COVERED.items()
        ),
    ]
