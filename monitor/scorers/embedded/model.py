"""The embedded model: a table of small numbers a language, and for some a small network beside it.

A text's logits are a sum over its features, of weights that are a naive Bayes classifier's log count
ratios tuned by logistic regression (Wang and Manning 2012), times how rare the feature is, over the
length of all the text's features. English adds what a network says that was trained on sources whose
labels mean something slightly else: hashed embeddings, averaged, and one hidden layer. A line a
label and language turns logits into probabilities (Platt 1999).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import LABELS
from monitor.scorers.embedded.features import BITS, Features, features
from monitor.scorers.embedded.sums import Rows, Sparse, Stretches, packed

Floats: TypeAlias = NDArray[np.float32]
Arrays: TypeAlias = Mapping[str, NDArray[np.generic]]

BUNDLED: Final = Path(__file__).with_name("model.npz")
FORMAT: Final = 1

_ZERO: Final = 128
"""What a stored weight of 0 is; weights are stored as bytes without a sign."""

_IMPORTANCE, _KNOWN = len(LABELS), len(LABELS) + 1
"""Columns of a language's row behind the labels' weights: squared importance, and 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`rows` hold the embeddings of all features of `shift` fewer bits; `head` gives the logits."""

    rows: Sequence[Rows]
    shift: int
    scale: float
    hidden: Floats
    hidden_bias: Floats
    head: Floats

    @classmethod
    def of(cls, arrays: Arrays) -> Network:
        """Return the network that a model file holds."""
        table = arrays["network.table"].astype(np.int16) + _ZERO
        return cls(
            rows=packed(table.astype(np.uint8)),
            shift=BITS - (len(table) - 1).bit_length(),
            scale=float(arrays["network.scale"]),
            hidden=arrays["network.hidden"].astype(np.float32),
            hidden_bias=arrays["network.hidden_bias"].astype(np.float32),
            head=arrays["network.head"].astype(np.float32),
        )

    def logits(self, found: Features, stretches: Stretches) -> Floats:
        """Return what the network adds to each text's logits."""
        places = found.bucket >> np.uint32(self.shift)
        sums = np.concatenate([stretches.total(rows[places]) for rows in self.rows], axis=1)
        counts = np.bincount(found.text, minlength=stretches.texts)[:, None]
        width = len(self.hidden)
        means = (sums[:, :width] - _ZERO * counts) * (self.scale / np.sqrt(np.maximum(counts, 1)))
        signal = means.astype(np.float32)
        inner = np.maximum(_product(signal, self.hidden) + self.hidden_bias, 0)
        return _product(np.concatenate([signal, inner], axis=1), self.head)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """`calibration` holds slope and intercept a label; NaN where the label is unknown in this language."""

    rows: Sparse
    scales: Floats
    importance: float
    intercepts: Floats
    calibration: Floats
    network: Network | None

    @classmethod
    def of(cls, arrays: Arrays, code: str, network: Network | None) -> LanguageModel:
        """Return the model of one language that a model file holds."""
        known = np.unpackbits(arrays[f"{code}.known"].astype(np.uint8)).astype(np.bool_)
        table = np.empty((int(known.sum()), _KNOWN + 1), dtype=np.uint8)
        table[:, :_IMPORTANCE] = arrays[f"{code}.weights"].astype(np.int16) + _ZERO
        table[:, _IMPORTANCE] = arrays[f"{code}.importance"]
        table[:, _KNOWN] = 1
        return cls(
            rows=Sparse.of(known, packed(table)[0]),
            scales=arrays[f"{code}.scales"].astype(np.float32),
            importance=float(arrays[f"{code}.unit"]),
            intercepts=arrays[f"{code}.intercepts"].astype(np.float32),
            calibration=arrays[f"{code}.calibration"].astype(np.float32),
            network=network,
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels that this language's data told apart."""
        lines = zip(LABELS, np.isfinite(self.calibration), strict=True)
        return tuple(label for label, known in lines if known.all())

    def logits(self, texts: Sequence[str]) -> Floats:
        """Return a row a text, a column a label, before calibration."""
        found = features(texts)
        stretches = Stretches.of(found, len(texts))
        sums = stretches.total(self.rows.at(found.bucket))
        weights = (sums[:, :_IMPORTANCE] - _ZERO * sums[:, _KNOWN:]) * self.scales
        length = np.sqrt(np.maximum(sums[:, _IMPORTANCE, None] * self.importance, 1e-9))
        logits: Floats = (weights / length + self.intercepts).astype(np.float32)
        return logits + self.network.logits(found, stretches) if self.network else logits

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return a row a text, a column a label of `labels`."""
        known = [LABELS.index(label) for label in self.labels]
        slopes, intercepts = self.calibration[known].T
        logits = self.logits(texts)[:, known] * slopes + intercepts
        shares: Floats = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """`name` stands for this state of training; `languages` are keyed by ISO 639-1 code."""

    name: str
    languages: Mapping[str, LanguageModel]

    @classmethod
    def load(cls, path: Path = BUNDLED) -> Model:
        """Return the model in this file.

        Raises:
            Misconfigured: there is no such file, or it is no model of ours.
        """
        hint = "toxicity.embedded_model names a file made by `comment-monitor train`"
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls.of({name: file[name] for name in file.files})
        except OSError as error:
            reason = f"{path} cannot be read: {error.strerror or 'it is no model file'}"
            raise Misconfigured.plain(reason, hint=hint) from error
        except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise Misconfigured.plain(f"{path} is no model of ours", hint=hint) from error

    @classmethod
    def of(cls, arrays: Arrays) -> Model:
        """Return the model that these arrays hold."""
        about = json.loads(str(arrays["about"]))
        if about["format"] != FORMAT:
            raise ValueError("made by another release")
        network = Network.of(arrays)
        return cls(
            name=str(about["name"]),
            languages={
                code: LanguageModel.of(arrays, code, network if code in about["network"] else None)
                for code in about["languages"]
            },
        )


def _product(rows: Floats, matrix: Floats) -> Floats:
    """Return `rows @ matrix`, to the last digit the same for a row whatever rows stand beside it."""
    product: Floats = np.einsum("ij,jk->ik", rows, matrix)
    return product
