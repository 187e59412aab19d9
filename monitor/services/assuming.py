"""In which language to score a text whose language cannot be told: most often it is too short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import regex

from monitor.domain.signals import UNDETERMINED, Language

_SCRIPTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("bg", "mk", "ru", "sr", "uk"), "Cyrillic"),
    **dict.fromkeys(("ar", "fa", "ur"), "Arabic"),
    **dict.fromkeys(("hi", "mr", "ne"), "Devanagari"),
    **dict.fromkeys(("ja", "zh"), "Han}\\p{Hiragana}\\p{Katakana"),
    "bn": "Bengali",
    "el": "Greek",
    "he": "Hebrew",
    "ko": "Hangul",
    "ta": "Tamil",
    "th": "Thai",
}
"""Scripts of languages that are not written in Latin letters."""


class Assumption:
    """Takes texts of which no language can be told for ones in `code`; none where it is empty.

    Only texts with letters, all of them of that language's script: a Russian word is not scored as
    English, and neither is a row of emoji.
    """

    def __init__(self, code: str = "") -> None:
        own = f"[\\p{{{_SCRIPTS.get(code, 'Latin')}}}]"
        self._language = Language(code=code) if code else None
        self._own = regex.compile(own)
        self._foreign = regex.compile(rf"[\p{{L}}--{own}]", regex.V1)

    def __call__(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Language]:
        """Return the languages to score the texts in."""
        assumed = self._language
        if assumed is None:
            return list(languages)
        return [
            assumed if language.code == UNDETERMINED and self._fits(text) else language
            for text, language in zip(texts, languages, strict=True)
        ]

    def _fits(self, text: str) -> bool:
        return bool(self._own.search(text)) and not self._foreign.search(text)
