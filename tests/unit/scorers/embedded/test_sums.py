from __future__ import annotations

import numpy as np
import pytest

from monitor.scorers.embedded.sums import Sparse

BUCKETS = 1 << 12


@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
def test_buckets_without_a_row_read_zeros_and_the_others_their_row(share: float) -> None:
    random = np.random.default_rng(1)
    known = random.random(BUCKETS) < share
    dense = np.where(known, random.integers(1, 1 << 63, BUCKETS, dtype=np.uint64), np.uint64(0))
    buckets = random.permutation(BUCKETS).astype(np.uint32)
    assert np.array_equal(dense[buckets], Sparse.of(known, dense[known]).at(buckets))


def test_no_buckets_read_no_rows() -> None:
    sparse = Sparse.of(np.ones(BUCKETS, dtype=np.bool_), np.arange(BUCKETS, dtype=np.uint64))
    assert len(sparse.at(np.empty(0, dtype=np.uint32))) == 0
