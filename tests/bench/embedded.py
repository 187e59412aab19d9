"""The embedded scorer beside what people would write themselves: scikit-learn's hashed n-grams.

Both score the same comments in batches of 256, in turns, on one core. Needs scikit-learn.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.domain.signals import LABELS, Language
from monitor.scorers.embedded.scorer import load_embedded
from tests.bench.comments import comments

BATCH: Final = 256
ROUNDS: Final = 5
BUCKETS: Final = 1 << 20

_EN: Final = Language(code="en", confidence=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Comments a second of each, the median of all rounds; `ratio` is the median of the rounds' ratios.

    Seconds are the processor's, which other programs on the machine change less.
    """

    comments: int
    characters: float
    load_seconds: float
    pipeline: float
    embedded: float
    ratio: float


def measure(count: int) -> Ratio:
    """Return how fast both are on this many comments."""
    texts = comments(count)
    began = time.perf_counter()
    scorer = load_embedded()
    loaded = time.perf_counter() - began
    languages = [_EN] * BATCH
    ours = _pace(texts, lambda batch: scorer.score(batch, languages[: len(batch)]))
    theirs = _pace(texts, _pipeline())
    rounds = [(theirs(), ours()) for _ in range(ROUNDS)]
    return Ratio(
        comments=count,
        characters=statistics.mean(map(len, texts)),
        load_seconds=loaded,
        pipeline=statistics.median(each for each, _ in rounds),
        embedded=statistics.median(each for _, each in rounds),
        ratio=statistics.median(fast / slow for slow, fast in rounds),
    )


def _pipeline() -> Callable[[Sequence[str]], object]:
    """Return scikit-learn's features and the cheapest linear model there is: one product of matrices."""
    try:
        from sklearn.feature_extraction.text import HashingVectorizer
        from sklearn.pipeline import make_union
    except ImportError:
        raise SystemExit("the model to compare with is missing: pip install scikit-learn") from None

    vectorizer = make_union(
        HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=BUCKETS),
        HashingVectorizer(ngram_range=(1, 2), n_features=BUCKETS),
    )
    weights = np.random.default_rng(1).normal(size=(2 * BUCKETS, len(LABELS)))
    return lambda batch: vectorizer.transform(batch) @ weights


def _pace(texts: Sequence[str], score: Callable[[Sequence[str]], object]) -> Callable[[], float]:
    """Return what measures comments a second once."""

    def pace() -> float:
        began = time.process_time()
        for start in range(0, len(texts), BATCH):
            score(texts[start : start + BATCH])
        return len(texts) / (time.process_time() - began)

    pace()
    return pace
