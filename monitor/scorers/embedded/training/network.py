"""The network beside the English table: hashed embeddings, averaged, and one hidden layer.

It learns from sources whose labels mean something slightly else, told apart by an intercept each
(Adam, Kingma and Ba 2015; features and units dropped at random). It never sees the rows whose
labels are wanted, so that what it says of them is as uncertain as of any new text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from monitor.domain.signals import LABELS
from monitor.scorers.embedded.training.rows import Floats, Numbers

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WIDTH: Final = 24
_HIDDEN: Final = 64
_EPOCHS: Final = 8
_BATCH: Final = 256
_RATE: Final = 3e-3
_WARM_UP: Final = 200
_DROPPED_FEATURES: Final = 0.2
_DROPPED_UNITS: Final = 0.2
_DECAY: Final = 1e-3
_OF_LABELS: Final = np.array([1, 1.5, 1, 2, 1, 1], dtype=np.float32)
"""Weights of the labels in the loss: more for the rare ones."""

Parameters: TypeAlias = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Examples:
    """`matrix` holds 1 for each feature; `origins` number the sources, `weights` what a row counts."""

    matrix: csr_matrix
    labels: Floats
    origins: Numbers
    weights: Floats


@dataclass(frozen=True, slots=True)
class Trained:
    """What is kept of the network: its signals are its means of embeddings and its hidden units."""

    table: Floats
    hidden: Floats
    hidden_bias: Floats

    def signals(self, matrix: csr_matrix) -> Floats:
        """Return a row a text, `WIDTH` means and then the hidden units."""
        means = _averaging(matrix) @ self.table
        inner = np.maximum(means @ self.hidden + self.hidden_bias, 0)
        return np.concatenate([means, inner], axis=1).astype(np.float32)


class _Adam:
    """Adam for one array; the embeddings are stepped in the rows that a batch touched."""

    def __init__(self, values: Floats, decay: float = 0.0) -> None:
        self.values = values
        self._mean, self._square = np.zeros_like(values), np.zeros_like(values)
        self._decay = decay

    def step(self, gradient: Floats, rate: float, number: int, rows: Numbers | slice = slice(None)) -> None:
        mean = 0.9 * self._mean[rows] + 0.1 * gradient
        square = 0.999 * self._square[rows] + 0.001 * np.square(gradient)
        self._mean[rows], self._square[rows] = mean, square
        change = (mean / (1 - 0.9**number)) / (np.sqrt(square / (1 - 0.999**number)) + 1e-8)
        self.values[rows] -= np.float32(rate) * (change + np.float32(self._decay) * self.values[rows])


def train(examples: Examples, seed: int) -> Trained:
    """Return the network after all epochs; the same for the same examples and seed."""
    random = np.random.default_rng(seed)
    shapes = {
        "means": (WIDTH, len(LABELS)),
        "hidden": (WIDTH, _HIDDEN),
        "inner": (_HIDDEN, len(LABELS)),
    }
    dense = {
        name: _Adam(random.normal(0, shape[0] ** -0.5, shape).astype(np.float32), _DECAY)
        for name, shape in shapes.items()
    }
    origins = int(examples.origins.max()) + 1
    dense["hidden_bias"] = _Adam(np.zeros(_HIDDEN, np.float32))
    dense["bias"] = _Adam(np.zeros((origins, len(LABELS)), np.float32))
    table = _Adam(random.normal(0, 0.05, (examples.matrix.shape[1], WIDTH)).astype(np.float32))
    steps = _EPOCHS * -(-examples.matrix.shape[0] // _BATCH)
    for number, chosen in enumerate(_batches(examples.matrix.shape[0], random), 1):
        rate = _RATE * (min(1, number / _WARM_UP) * (1 - number / steps) + 0.02)
        columns, averaging = _touched(examples.matrix[chosen], random)
        parameters = {name: each.values for name, each in dense.items()}
        gradients, of_table = _gradients(
            _Batch(averaging, table.values[columns], examples, chosen), parameters, random
        )
        for name, each in dense.items():
            each.step(gradients[name], rate, number)
        table.step(of_table, rate, number, columns)
    return Trained(table.values, dense["hidden"].values, dense["hidden_bias"].values)


def _batches(count: int, random: np.random.Generator) -> Iterator[Numbers]:
    for _ in range(_EPOCHS):
        order = random.permutation(count)
        for start in range(0, count, _BATCH):
            yield np.sort(order[start : start + _BATCH])


def _touched(matrix: csr_matrix, random: np.random.Generator) -> tuple[Numbers, csr_matrix]:
    """Return the features that were not dropped, and the matrix that averages their embeddings."""
    from scipy.sparse import csr_matrix

    kept = random.random(matrix.nnz) >= _DROPPED_FEATURES
    ends = np.cumsum(np.r_[0, kept])[matrix.indptr]
    columns, places = np.unique(matrix.indices[kept], return_inverse=True)
    shape = (matrix.shape[0], len(columns))
    return columns, _averaging(csr_matrix((matrix.data[kept], places, ends), shape=shape))


def _averaging(matrix: csr_matrix) -> csr_matrix:
    """Return the matrix with each row of length 1."""
    counts = np.diff(matrix.indptr)
    scaled = matrix.copy()
    scaled.data = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    return scaled


@dataclass(frozen=True, slots=True)
class _Batch:
    averaging: csr_matrix
    table: Floats
    examples: Examples
    chosen: Numbers

    def errors(self, logits: Floats) -> Floats:
        """Return what each logit is off by, weighted; 0 where the label is unknown."""
        labels = self.examples.labels[self.chosen]
        weights = self.examples.weights[self.chosen, None] * _OF_LABELS / len(labels)
        shares = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return (np.where(np.isnan(labels), 0, shares - np.nan_to_num(labels)) * weights).astype(np.float32)


def _gradients(
    batch: _Batch, now: Parameters, random: np.random.Generator
) -> tuple[dict[str, Floats], Floats]:
    """Return the gradient of each parameter, and of the embeddings that the batch touched."""
    origins = batch.examples.origins[batch.chosen]
    means = batch.averaging @ batch.table
    means_mask, inner_mask = _mask(means.shape, random), _mask((len(means), _HIDDEN), random)
    means = means * means_mask
    inner = np.maximum(means @ now["hidden"] + now["hidden_bias"], 0)
    dropped = inner * inner_mask
    errors = batch.errors(means @ now["means"] + dropped @ now["inner"] + now["bias"][origins])
    of_bias = np.zeros_like(now["bias"])
    np.add.at(of_bias, origins, errors)
    of_inner = (errors @ now["inner"].T) * inner_mask * (inner > 0)
    of_means = (errors @ now["means"].T + of_inner @ now["hidden"].T) * means_mask
    gradients = {
        "means": means.T @ errors,
        "inner": dropped.T @ errors,
        "bias": of_bias,
        "hidden": means.T @ of_inner,
        "hidden_bias": of_inner.sum(axis=0),
    }
    return gradients, batch.averaging.T @ of_means


def _mask(shape: tuple[int, ...], random: np.random.Generator) -> Floats:
    kept = random.random(shape, dtype=np.float32) >= _DROPPED_UNITS
    return kept.astype(np.float32) / np.float32(1 - _DROPPED_UNITS)
