"""What was measured about a comment before any rule looked at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LABELS: Final = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")
"""The six labels of Detoxify, in its order."""

UNDETERMINED: Final = "und"
"""ISO 639 code for a text whose language cannot be told."""


_TAG: Final = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9_-]+)?", flags=re.IGNORECASE)


def language_code(tag: str) -> str | None:
    """Return the ISO 639 code of a language tag as platforms write it: `pt` of `pt-BR`, `pt_br` and `PT`.

    None where it is none (BCP 47: a primary language of two or three letters, then subtags).
    """
    found = _TAG.fullmatch(tag.strip())
    return found[1].lower() if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """An ISO 639-1 code (`und` where it cannot be told) and the identifier's confidence, 0 to 1."""

    code: str = UNDETERMINED
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Probabilities from 0 to 1 by label, and the scorer that gave them.

    A label that is missing is unknown, which is not the same as 0. `truncated` says that the model
    read only the beginning of a text that is too long for it.
    """

    scored_by: str
    labels: Mapping[str, float]
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """All measurements of one comment. `scores` is None where no model judged it: unknown, never 0.

    `unsupported` says that no model in force knows the comment's language; None where that cannot be
    said: there is no model, or the language cannot be told. `truncated` says that only the beginning
    of an oversized text was matched.
    """

    language: Language = field(default_factory=Language)
    scores: Scores | None = None
    unsupported: bool | None = None
    truncated: bool = False
