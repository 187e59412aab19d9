"""From labelled rows to a model file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from monitor.domain.signals import LABELS
from monitor.scorers.embedded.features import BITS
from monitor.scorers.embedded.model import FORMAT
from monitor.scorers.embedded.training import calibration, sparse
from monitor.scorers.embedded.training.holdout import FOLDS
from monitor.scorers.embedded.training.linear import Care, Linear, count_ratios, fit
from monitor.scorers.embedded.training.network import Examples, Trained, train
from monitor.scorers.embedded.training.rows import Chosen, Floats, Numbers, Rows
from monitor.scorers.embedded.training.taught import (
    ENGLISH,
    NEUTRAL,
    OF_LABELLED,
    OF_TAUGHT,
    WANTED,
    lessons,
    neutral,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Say = Callable[[str], None]
Arrays = dict[str, NDArray[np.generic]]

SEED: Final = 7
NETWORK_BITS: Final = 18

SOURCES: Final[Mapping[str, Mapping[str, float]]] = {
    ENGLISH: {WANTED: 1, "TMPL": 0.5, NEUTRAL: 1.2},
    "de": {"GERMEVAL": 1},
    "pt": {"TOLDBR": 1},
    "zh": {"COLD": 1},
    "ar": {"MLMA": 1},
    "fr": {"MLMA": 1},
}
"""The sources that each language's table is fitted to, and what a row of each counts.

Those that count 1 have labels that mean what a score promises; probabilities are true for them first of all.
"""

NOT_TOLD: Final = {"zh": ("identity_attack",)}
"""Labels that a language's data only seem to know: theirs are the same as for toxicity."""

PREVALENCE: Final = {ENGLISH: 0.36}
"""The share of toxic texts that probabilities are true for, where it is not that of the data themselves."""

BESIDE: Final = {ENGLISH: 0.1}
"""What a row of a language's other sources counts when logits become probabilities, so that these are not far
off there either."""

_FEWEST: Final = 8
_SHARE_OF_TEXTS: Final = 4000
"""A feature of a table stands in so many texts, and in one of so many. With 2 and 3 it measured worse."""

_FEWEST_OF_NETWORK: Final = 2
"""Texts that a feature stands in which says anything to the network."""

_CARE: Final = Care(looseness=2.0, rounds=40)
_CARE_OF_SIGNALS: Final = Care(looseness=0.1, rounds=200)
_SHARE_OF_NETWORK: Final = 0.4
"""How much of the network's own opinion the table starts from. 0.6 and 1 measured worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All rows that may be learned from, and their features."""

    rows: Rows
    matrix: csr_matrix
    folds: Numbers

    def of(self, code: str) -> Material:
        """Return what one language's table is fitted to."""
        sources = np.isin(self.rows.sources, list(SOURCES[code]))
        return self.where(sources & (self.rows.languages == code))

    def beside(self, code: str) -> Material:
        """Return what else the language's probabilities are to be near the truth for."""
        others = ~np.isin(self.rows.sources, list(SOURCES[code]))
        return self.where(others & (self.rows.languages == code) & (code in BESIDE))

    def weights_of(self, code: str) -> Floats:
        """Return what each row counts to one language's table."""
        return np.asarray([SOURCES[code][name] for name in self.rows.sources.tolist()], dtype=np.float32)

    def where(self, chosen: Chosen) -> Material:
        """Return the part chosen."""
        return Material(rows=self.rows.where(chosen), matrix=self.matrix[chosen], folds=self.folds[chosen])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """One language's table over its own `columns`; `head` is what the network's signals add."""

    columns: Numbers
    importance: Floats
    table: Linear
    head: Linear | None = None

    def logits(self, matrix: csr_matrix, signals: Floats | None) -> Floats:
        """Return a row a text, a column a label."""
        logits = self.table.logits(sparse.weighted(matrix, self.importance)[:, self.columns])
        return logits + self.head.logits(signals) if self.head and signals is not None else logits


@dataclass(slots=True)
class Builder:
    """Makes a model of the rows; `say` hears what is done.

    `taught` are texts of theirs with a better model's scores, for the network to learn.
    """

    name: str
    rows: Rows
    folds: Numbers
    say: Say
    taught: Rows | None = None
    _arrays: Arrays = field(default_factory=dict)

    def build(self) -> Arrays:
        """Return the arrays of the model file. The same rows give the same arrays."""
        self.say(f"reading the features of {len(self.rows.texts)} texts")
        rows = self.rows.joined(neutral())
        folds = np.resize(np.arange(FOLDS), len(rows.texts))
        folds[: len(self.folds)] = self.folds
        material = Material(rows=rows, matrix=sparse.counted(rows.texts), folds=folds)
        network = self._network(material)
        languages = [
            code for code in SOURCES if self._language(code, material, network if code == ENGLISH else None)
        ]
        about = {"format": FORMAT, "name": self.name, "languages": languages, "network": [ENGLISH]}
        self._arrays["about"] = np.asarray(json.dumps(about))
        return self._arrays

    def _network(self, material: Material) -> Trained:
        rows = material.rows
        part = material.where((rows.languages == ENGLISH) & (rows.sources != WANTED))
        labels, counts = part.rows.labels, OF_LABELLED
        if self.taught:
            known, labels = lessons(part.rows, self.taught)
            part, counts = part.where(known), OF_TAUGHT
        self.say(f"training the network on {len(part.rows.texts)} English texts of other sources")
        names, origins = np.unique(part.rows.sources, return_inverse=True)
        weights = np.asarray([counts.get(name, 1.0) for name in names.tolist()], dtype=np.float32)[origins]
        if self.taught:
            origins = np.zeros_like(origins)
        matrix = sparse.narrowed(part.matrix, NETWORK_BITS)
        trained = train(Examples(matrix, labels, origins, weights), SEED)
        trained.table[sparse.document_frequencies(matrix) < _FEWEST_OF_NETWORK] = 0
        table, scale = _small(trained.table)
        self._arrays |= {
            "network.table": table,
            "network.scale": np.asarray(scale, dtype=np.float32),
            "network.hidden": trained.hidden,
            "network.hidden_bias": trained.hidden_bias,
        }
        return trained

    def _language(self, code: str, material: Material, network: Trained | None) -> bool:
        """Return whether any label can be told in this language; its arrays are added then."""
        part = material.of(code)
        if not part.rows.texts:
            return False
        self.say(f"fitting {code} to {len(part.rows.texts)} texts")
        signals = _signals(network, part)
        logits = np.zeros_like(part.rows.labels)
        for others, fold in _folds(part.folds):
            fitted = _fit(code, part.where(others), None if signals is None else signals[others])
            logits[fold] = fitted.logits(part.matrix[fold], None if signals is None else signals[fold])
        fitted = _fit(code, part, signals)
        beside = material.beside(code)
        logits = np.concatenate([logits, fitted.logits(beside.matrix, _signals(network, beside))])
        lines = _lines(code, part.rows.joined(beside.rows), logits)
        if np.isnan(lines).all():
            self.say(f"{code} is left out: none of its labels can be told")
            return False
        self._store(code, fitted, lines)
        return True

    def _store(self, code: str, fitted: Fitted, lines: Floats) -> None:
        importance = fitted.importance[fitted.columns]
        unit = float(np.square(importance).max() / 255)
        known = np.zeros(1 << BITS, dtype=np.uint8)
        known[fitted.columns] = 1
        weights = fitted.table.weights * importance[:, None]
        small, scales = zip(*(_small(weights[:, label]) for label in range(len(LABELS))), strict=True)
        intercepts = fitted.table.intercepts
        if fitted.head:
            intercepts = intercepts + fitted.head.intercepts
            self._arrays["network.head"] = fitted.head.weights
        self._arrays |= {
            f"{code}.known": np.packbits(known),
            f"{code}.weights": np.stack(small, axis=1),
            f"{code}.scales": np.asarray(scales, dtype=np.float32),
            f"{code}.importance": np.round(np.square(importance) / unit).astype(np.uint8),
            f"{code}.unit": np.asarray(unit, dtype=np.float32),
            f"{code}.intercepts": intercepts,
            f"{code}.calibration": lines,
        }


def _signals(network: Trained | None, part: Material) -> Floats | None:
    return network.signals(sparse.narrowed(part.matrix, NETWORK_BITS)) if network else None


def _lines(code: str, rows: Rows, logits: Floats) -> Floats:
    """Return the calibration: by the sources that count fully, and a little by the others."""
    counts = np.asarray([SOURCES[code].get(name, 0) for name in rows.sources.tolist()])
    true = counts == 1
    toxic = rows.labels[true, 0]
    weights = np.where(rows.sources == NEUTRAL, 0, BESIDE.get(code, 0)).astype(np.float32)
    weights[true] = calibration.at_prevalence(toxic, PREVALENCE.get(code, float(np.nanmean(toxic))))
    known = weights > 0
    lines = calibration.lines(logits[known], rows.labels[known], weights[known])
    lines[[LABELS.index(label) for label in NOT_TOLD.get(code, ())]] = np.nan
    return lines


def _folds(folds: Numbers) -> Iterator[tuple[Chosen, Chosen]]:
    """Yield what is fitted to and what is then judged, so that every text is judged once."""
    for fold in range(FOLDS):
        judged = folds % FOLDS == fold
        yield ~judged, judged


def _fit(code: str, part: Material, signals: Floats | None) -> Fitted:
    """Return the language's table, on top of what the network says."""
    labels, weights = part.rows.labels, part.weights_of(code)
    frequencies = sparse.document_frequencies(part.matrix[weights == 1])
    count = int((weights == 1).sum())
    columns = np.flatnonzero(frequencies >= max(_FEWEST, count // _SHARE_OF_TEXTS))
    importance = np.zeros(len(frequencies), dtype=np.float32)
    importance[columns] = np.log(count / frequencies[columns])
    head = None if signals is None else _head(signals, labels, weights)
    offset = head.logits(signals) if head and signals is not None else 0.0
    ratios = count_ratios(part.matrix[:, columns], labels, weights)
    matrix = sparse.weighted(part.matrix, importance)[:, columns]
    table = fit(matrix, labels, weights, _CARE, ratios=ratios, offset=offset)
    return Fitted(columns=columns, importance=importance, table=table, head=head)


def _head(signals: Floats, labels: Floats, weights: Floats) -> Linear:
    """Return the network's share of its opinion, for signals as they are."""
    center, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    opinion = fit(
        (signals - center) / spread,
        labels,
        weights,
        _CARE_OF_SIGNALS,
    )
    slopes = _SHARE_OF_NETWORK * opinion.weights / spread[:, None]
    return Linear(slopes, _SHARE_OF_NETWORK * opinion.intercepts - center @ slopes)


def _small(values: Floats) -> tuple[NDArray[np.int8], float]:
    """Return the values in 255 steps and what a step is; the largest in ten thousand are cut."""
    scale = float(np.quantile(np.abs(values), 0.9999) / 127) or 1.0
    return np.clip(np.round(values / scale), -127, 127).astype(np.int8), scale


def write_model(path: Path, arrays: Arrays) -> None:
    """Write a model file, byte for byte the same for the same arrays."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_DEFLATED)
