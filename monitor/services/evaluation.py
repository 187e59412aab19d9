"""How well a scorer tells apart what people labelled, label by label and language by language."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import LABELS, Language, language_code
from monitor.domain.soundness import sound
from monitor.ports import LanguageIdentifier, Scorer
from monitor.services.figures import Figures, Scores, Truth, measured

Row: TypeAlias = Mapping[str, float]
Codes: TypeAlias = NDArray[np.str_]

_BATCH: Final = 1024
_LONGEST_CELL: Final = 10_000_000
_DIVIDERS: Final = (",", ";", "\t")
_HALF: Final = 0.5
"""From here on a label counts as given, where people's answers were averaged."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A comment that people labelled; `labels` is what is known of it, from 0 to 1.

    `language` is None where the file does not tell it.
    """

    text: str
    labels: Row
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """By label, what the scorer said and what people said of each comment; NaN is unknown."""

    scores: Mapping[str, Scores]
    truths: Mapping[str, Scores]
    languages: Codes
    unscored: int

    def known(self, label: str, language: str | None = None) -> tuple[Scores, Truth]:
        """Return scores and truth where both are known, of all languages or of one."""
        scores, truths = self.scores[label], self.truths[label]
        known = ~np.isnan(scores) & ~np.isnan(truths)
        if language is not None:
            known &= self.languages == language
        return scores[known], truths[known] >= _HALF

    def figures(self, language: str | None = None) -> dict[str, Figures]:
        """Return the figures by label, of all languages or of one."""
        return {label: measured(*self.known(label, language)) for label in self.scores}


def evaluate(comments: Iterable[Labelled], scorer: Scorer, identifier: LanguageIdentifier) -> Answers:
    """Return what the scorer says of the comments, beside what people said. No text is kept.

    A language that the file does not tell is identified.

    Raises:
        Misconfigured: what `read_labelled` raises; or there is no comment.
        Retryable: the scorer failed.
    """
    said: list[Row] = []
    true: list[Row] = []
    codes: list[str] = []
    unscored = 0
    rest = iter(comments)
    while batch := list(islice(rest, _BATCH)):
        languages = _languages(batch, identifier)
        scores = sound(scorer.score([each.text for each in batch], languages), scorer.name)
        unscored += scores.count(None)
        said += [each.labels if each else {} for each in scores]
        true += [each.labels for each in batch]
        codes += [each.code for each in languages]
    if not true:
        raise Misconfigured.plain("there is no comment to evaluate on")
    labels = [label for label in LABELS if any(label in each for each in true)]
    return Answers(
        scores={label: _column(said, label) for label in labels},
        truths={label: _column(true, label) for label in labels},
        languages=np.asarray(codes),
        unscored=unscored,
    )


def read_labelled(path: Path) -> Iterator[Labelled]:
    """Yield the comments of a CSV file, gzipped where its name ends in `.gz`.

    It has a column `text`, one or more of the six labels, and maybe `lang`, a language tag such as
    `pt-BR`. An empty cell is unknown. Columns are divided by commas, semicolons or tabs.

    Raises:
        Misconfigured: the file cannot be read, lacks a column, or a cell cannot be what it must be.
    """
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with _opened(path) as file:
            heading = file.readline()
            reader = csv.DictReader(chain([heading], file), delimiter=_divider(heading))
            reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
            yield from _rows(path, reader)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is no CSV file in UTF-8"
        raise Misconfigured.plain(f"{path} cannot be read: {reason}") from error


def _opened(path: Path) -> IO[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    file: IO[str] = opener(path, "rt", encoding="utf-8-sig", newline="")
    return file


def _divider(heading: str) -> str:
    return max(_DIVIDERS, key=heading.count)


def _rows(path: Path, reader: csv.DictReader[str]) -> Iterator[Labelled]:
    columns = reader.fieldnames or ()
    labels = [label for label in LABELS if label in columns]
    if "text" not in columns or not labels:
        there = ", ".join(columns) or "none"
        raise Misconfigured.plain(
            f"{path} needs a column `text` and at least one label; its columns are: {there}",
            hint=f"labels are {', '.join(LABELS)}",
        )
    for row in reader:
        cells = ((label, row[label]) for label in labels)
        yield Labelled(
            text=row["text"] or "",
            labels={label: _number(path, reader, label, cell) for label, cell in cells if cell},
            language=_code(path, reader, row.get("lang") or ""),
        )


def _code(path: Path, reader: csv.DictReader[str], tag: str) -> str | None:
    code = language_code(tag)
    if code is None and tag.strip():
        raise Misconfigured.plain(
            f"{path}, line {reader.line_num}: `lang` is no language tag",
            hint="such as en, pt-BR or und; empty where it is to be told",
        )
    return code


def _number(path: Path, reader: csv.DictReader[str], label: str, cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise Misconfigured.plain(
            f"{path}, line {reader.line_num}: `{label}` is no number from 0 to 1",
            hint="1 where people gave the label, 0 where not, empty where unknown",
        )
    return value


def _languages(batch: list[Labelled], identifier: LanguageIdentifier) -> list[Language]:
    found = iter(identifier.identify([each.text for each in batch if each.language is None]))
    return [Language(code=each.language, confidence=1.0) if each.language else next(found) for each in batch]


def _column(rows: list[Row], label: str) -> Scores:
    return np.asarray([row.get(label, np.nan) for row in rows], dtype=np.float64)
