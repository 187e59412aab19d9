"""Scores for texts out of a file or a pipe, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, Literal, NamedTuple, TypeAlias

import msgspec

from monitor.domain.signals import UNDETERMINED, Language, Scores
from monitor.domain.soundness import sound
from monitor.ports import LanguageIdentifier, Scorer
from monitor.services.assuming import Assumption

Form: TypeAlias = Literal["lines", "jsonl"]

BATCH: Final = 256
"""Texts scored in one go: enough for a scorer to sort them by length."""

_DIGITS: Final = 6
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT: Final = msgspec.json.Decoder(str)
_ENCODER: Final = msgspec.json.Encoder()


class Text(NamedTuple):
    """One text and where it stood: the number of its line, from 1, and its own id as raw JSON."""

    line: int
    text: str
    id: msgspec.Raw | None = None


class Unread(NamedTuple):
    """A line that holds no text, and why."""

    line: int
    reason: str


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One text's line of output. `scores` is null where no model judges the text: unknown, never 0.

    `unsupported` says that this is because the model does not know the language.
    """

    line: int
    language: str
    confidence: float
    scores: Mapping[str, float] | None
    scored_by: str | None
    truncated: bool = False
    unsupported: bool = False
    id: msgspec.Raw | None = None


def read(line: bytes, number: int, form: Form, field: str) -> Text | Unread | None:
    """Return what a line holds; None where it holds nothing.

    As `lines` every line is a text. As `jsonl` it is a JSON text, or an object whose `field` is one.
    """
    content = line.rstrip(b"\r\n")
    if form == "lines":
        return Text(number, content.decode(errors="replace"))
    if not content.strip():
        return None
    try:
        if content.lstrip().startswith(b'"'):
            return Text(number, _TEXT.decode(content))
        record = _OBJECT.decode(content)
        if field not in record:
            return Unread(number, f"it has no '{field}'; name the right one with --text")
        return Text(number, _TEXT.decode(record[field]), record.get("id"))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Unread(number, f"it is no JSON object with a text in '{field}'")


class Scoring:
    """Tells languages and scores. Without a scorer the scores are unknown.

    `language` is taken for every text's where it is given; `assume` only where it cannot be told.
    """

    def __init__(
        self, identifier: LanguageIdentifier, scorer: Scorer | None, *, language: str = "", assume: str = ""
    ) -> None:
        self._assumption = Assumption(assume)
        self._identifier = identifier
        self._scorer = scorer
        self._language = Language(code=language, confidence=1.0) if language else None

    def rows(self, texts: Iterable[Text]) -> Iterator[Row]:
        """Yield a row a text, in order.

        Raises:
            Retryable: the model failed.
        """
        texts = iter(texts)
        while batch := list(islice(texts, BATCH)):
            yield from self._batch(batch)

    def _batch(self, batch: list[Text]) -> Iterator[Row]:
        texts = [each.text for each in batch]
        told = [self._language] * len(texts) if self._language else self._identifier.identify(texts)
        languages = told
        scores: list[Scores | None] = [None] * len(texts)
        if self._scorer:
            languages = self._assumption(texts, languages)
            scores = sound(self._scorer.score(texts, languages), self._scorer.name)
        for each, language, scored, scored_as in zip(batch, told, scores, languages, strict=True):
            yield _row(each, language, scored, unsupported=self._unsupported(scored_as))

    def _unsupported(self, language: Language) -> bool:
        """Return whether there is a model, and it does not know this language."""
        if self._scorer is None or language.code == UNDETERMINED:
            return False
        return not self._scorer.covers(language.code)


def line_of(row: Row) -> bytes:
    """Return the row as one line of JSON."""
    return _ENCODER.encode(row) + b"\n"


def _row(text: Text, language: Language, scores: Scores | None, *, unsupported: bool) -> Row:
    return Row(
        line=text.line,
        id=text.id,
        language=language.code,
        confidence=round(language.confidence, _DIGITS) if language.code != UNDETERMINED else 0.0,
        scores={label: round(each, _DIGITS) for label, each in scores.labels.items()} if scores else None,
        scored_by=scores.scored_by if scores else None,
        truncated=scores.truncated if scores else False,
        unsupported=unsupported,
    )
