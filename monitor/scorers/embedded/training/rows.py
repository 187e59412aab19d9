"""The labelled rows that the model is trained on."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import LABELS

Floats: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.int64]
Chosen: TypeAlias = NDArray[np.bool_]

COLUMNS: Final = ("text", *LABELS, "src", "lang")


@dataclass(frozen=True, slots=True)
class Rows:
    """`labels` is a row a text and a column a label: 1, 0, or NaN where nobody said."""

    texts: Sequence[str]
    labels: Floats
    sources: NDArray[np.str_]
    languages: NDArray[np.str_]

    def joined(self, other: Rows) -> Rows:
        """Return these rows and then the others."""
        return Rows(
            texts=[*self.texts, *other.texts],
            labels=np.concatenate([self.labels, other.labels]),
            sources=np.concatenate([self.sources, other.sources]),
            languages=np.concatenate([self.languages, other.languages]),
        )

    def where(self, chosen: Chosen) -> Rows:
        """Return the rows chosen, in order."""
        texts = [self.texts[number] for number in np.flatnonzero(chosen).tolist()]
        return Rows(texts, self.labels[chosen], self.sources[chosen], self.languages[chosen])


def read_rows(path: Path) -> Rows:
    """Return the rows of a CSV file, gzipped or not, with the columns `COLUMNS`.

    Raises:
        Misconfigured: the file cannot be read, or lacks a column.
    """
    try:
        with _opened(path) as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise Misconfigured.plain(
                    f"{path} has no column {', '.join(missing)}", hint=f"it needs {', '.join(COLUMNS)}"
                )
            found = list(reader)
    except OSError as error:
        raise Misconfigured.plain(
            f"{path} cannot be read: {error.strerror or 'it is no gzip file'}"
        ) from error
    labels = [[float(row[label] or "nan") for label in LABELS] for row in found]
    return Rows(
        texts=[row["text"] for row in found],
        labels=np.asarray(labels, dtype=np.float32).reshape(-1, len(LABELS)),
        sources=np.asarray([row["src"] for row in found], dtype=np.str_),
        languages=np.asarray([row["lang"] for row in found], dtype=np.str_),
    )


def write_rows(path: Path, rows: Rows) -> None:
    """Write rows that `comment-monitor evaluate` reads, gzipped where the name ends in `.gz`."""
    with _opened(path, "wt") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_cells(rows))


def _cells(rows: Rows) -> Iterator[list[str]]:
    origins = zip(rows.sources.tolist(), rows.languages.tolist(), strict=True)
    for text, labels, origin in zip(rows.texts, rows.labels.tolist(), origins, strict=True):
        yield [text, *("" if label != label else f"{label:g}" for label in labels), *origin]  # noqa: PLR0124


def _opened(path: Path, mode: str = "rt") -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, mode, encoding="utf-8", newline="")  # type: ignore[return-value]
    return path.open(mode, encoding="utf-8", newline="")
