"""Features as sparse matrices: a row a text, a column a bucket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from monitor.scorers.embedded.features import BITS, features
from monitor.scorers.embedded.training.rows import Floats, Numbers

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_BATCH: Final = 1000


def counted(texts: Sequence[str]) -> csr_matrix:
    """Return the features of the texts: 1 where the text has it."""
    from scipy.sparse import csr_matrix, vstack

    parts = []
    for start in range(0, len(texts), _BATCH):
        found = features(texts[start : start + _BATCH])
        rows = len(texts[start : start + _BATCH])
        ends = np.cumsum(np.bincount(found.text, minlength=rows))
        cells = (np.ones(len(found.bucket), np.float32), found.bucket.astype(np.int32), np.r_[0, ends])
        parts.append(csr_matrix(cells, shape=(rows, 1 << BITS)))
    return vstack(parts, format="csr")


def document_frequencies(matrix: csr_matrix) -> Numbers:
    """Return in how many texts each feature stands."""
    return np.bincount(matrix.indices, minlength=matrix.shape[1])


def weighted(matrix: csr_matrix, importance: Floats) -> csr_matrix:
    """Return the matrix with each column times its importance, each row of length 1 then."""
    scaled = matrix.copy()
    scaled.data = importance[scaled.indices]
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(scaled.indptr))
    lengths = np.sqrt(np.bincount(rows, scaled.data.astype(np.float64) ** 2, matrix.shape[0]))
    scaled.data = (scaled.data / np.maximum(lengths, 1e-9)[rows]).astype(np.float32)
    return scaled


def narrowed(matrix: csr_matrix, bits: int) -> csr_matrix:
    """Return the matrix with its columns put together into 2^bits, 1 where any of them is."""
    from scipy.sparse import csr_matrix

    columns = matrix.indices >> (BITS - bits)
    cells = (matrix.data.copy(), columns, matrix.indptr.copy())
    narrow = csr_matrix(cells, shape=(matrix.shape[0], 1 << bits))
    narrow.sum_duplicates()
    narrow.data[:] = 1
    return narrow
