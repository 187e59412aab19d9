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
from monitor.scorers.embedded.training.linear import Care, Linear, count_ratios, fit
from monitor.scorers.embedded.training.network import Examples, Trained, train
from monitor.scorers.embedded.training.neutral import sentences
from monitor.scorers.embedded.training.rows import Chosen, Floats, Numbers, Rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Say = Callable[[str], None]
Arrays = dict[str, NDArray[np.generic]]

SEED: Final = 7
NETWORK_BITS: Final = 18
ENGLISH: Final = "en"
NEUTRAL: Final = "OWN"

SOURCES: Final[Mapping[str, Mapping[str, float]]] = {
    ENGLISH: {"J6": 1, "TMPL": 0.5, NEUTRAL: 0.9},
    "de": {"GERMEVAL": 1},
    "pt": {"TOLDBR": 1},
    "zh": {"COLD": 1},
    "ar": {"MLMA": 1},
    "fr": {"MLMA": 1},
}
"""The sources that each language's table is fitted to, and what a row of each counts.

Those that count 1 have labels that mean what a score promises; probabilities are true for them.
"""

OF_NETWORK: Final = {"WDEB": 0.3, "TMPL": 0.3, "DAVID": 0.15, "MLMA": 0.5, NEUTRAL: 0.3, "J6": 0}
"""What a row of a source counts to the network; others count 1. It never sees what counts 0."""

NOT_TOLD: Final = {"zh": ("identity_attack",)}
"""Labels that a language's data only seem to know: theirs are the same as for toxicity."""

PREVALENCE: Final = {ENGLISH: 0.33, "ar": 0.33, "fr": 0.33}
"""The share of toxic texts that probabilities are true for, where the data's own is far from any stream's."""

_FOLDS: Final = 4
_FEWEST: Final = 8
_SHARE_OF_TEXTS: Final = 4000
"""A feature of a table stands in so many texts, and in one of so many. With 2 and 3 it measured worse."""

_FEWEST_OF_NETWORK: Final = 2
"""Texts that a feature stands in which says anything to the network."""

_CARE: Final = Care(looseness=2.0, rounds=40)
_CARE_OF_SIGNALS: Final = Care(looseness=0.1, rounds=200)
_SHARE_OF_NETWORK: Final = 0.3
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
    """Makes a model of the rows; `say` hears what is done."""

    name: str
    rows: Rows
    folds: Numbers
    say: Say
    _arrays: Arrays = field(default_factory=dict)

    def build(self) -> Arrays:
        """Return the arrays of the model file. The same rows give the same arrays."""
        self.say(f"reading the features of {len(self.rows.texts)} texts")
        rows = self.rows.joined(_neutral())
        folds = np.resize(np.arange(_FOLDS), len(rows.texts))
        folds[: len(self.folds)] = self.folds
        material = Material(rows=rows, matrix=sparse.counted(rows.texts), folds=folds)
        network = self._network(material)
        languages = [
            code
            for code in SOURCES
            if self._language(code, material.of(code), network if code == ENGLISH else None)
        ]
        about = {"format": FORMAT, "name": self.name, "languages": languages, "network": [ENGLISH]}
        self._arrays["about"] = np.asarray(json.dumps(about))
        return self._arrays

    def _network(self, material: Material) -> Trained:
        rows = material.rows
        unseen = [name for name, weight in OF_NETWORK.items() if not weight]
        part = material.where((rows.languages == ENGLISH) & ~np.isin(rows.sources, unseen))
        self.say(f"training the network on {len(part.rows.texts)} English texts of other sources")
        names, origins = np.unique(part.rows.sources, return_inverse=True)
        weights = np.asarray([OF_NETWORK.get(name, 1.0) for name in names.tolist()], dtype=np.float32)
        matrix = sparse.narrowed(part.matrix, NETWORK_BITS)
        trained = train(Examples(matrix, part.rows.labels, origins, weights[origins]), SEED)
        trained.table[sparse.document_frequencies(matrix) < _FEWEST_OF_NETWORK] = 0
        table, scale = _small(trained.table)
        self._arrays |= {
            "network.table": table,
            "network.scale": np.asarray(scale, dtype=np.float32),
            "network.hidden": trained.hidden,
            "network.hidden_bias": trained.hidden_bias,
        }
        return trained

    def _language(self, code: str, part: Material, network: Trained | None) -> bool:
        """Return whether any label can be told in this language; its arrays are added then."""
        if not part.rows.texts:
            return False
        self.say(f"fitting {code} to {len(part.rows.texts)} texts")
        signals = network.signals(sparse.narrowed(part.matrix, NETWORK_BITS)) if network else None
        logits = np.zeros_like(part.rows.labels)
        for others, fold in _folds(part.folds):
            fitted = _fit(code, part.where(others), None if signals is None else signals[others])
            logits[fold] = fitted.logits(part.matrix[fold], None if signals is None else signals[fold])
        lines = _lines(code, part, logits)
        if np.isnan(lines).all():
            self.say(f"{code} is left out: none of its labels can be told")
            return False
        self._store(code, _fit(code, part, signals), lines)
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


def _neutral() -> Rows:
    texts = list(sentences())
    labels = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
    return Rows(texts, labels, np.full(len(texts), NEUTRAL), np.full(len(texts), ENGLISH))


def _lines(code: str, part: Material, logits: Floats) -> Floats:
    """Return the calibration, by the sources that count fully."""
    true = part.weights_of(code) == 1
    labels = part.rows.labels[true]
    share = PREVALENCE.get(code, float(np.nanmean(labels[:, 0])))
    lines = calibration.lines(logits[true], labels, calibration.at_prevalence(labels[:, 0], share))
    lines[[LABELS.index(label) for label in NOT_TOLD.get(code, ())]] = np.nan
    return lines


def _folds(folds: Numbers) -> Iterator[tuple[Chosen, Chosen]]:
    """Yield what is fitted to and what is then judged, so that every text is judged once."""
    for fold in range(_FOLDS):
        judged = folds % _FOLDS == fold
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
