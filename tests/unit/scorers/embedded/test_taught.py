from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from monitor.domain.signals import LABELS
from monitor.scorers.embedded.training.rows import Rows
from monitor.scorers.embedded.training.taught import NEUTRAL, SOFTNESS, lessons, neutral
from tests.checkpoints import SMALL


def rows(*texts: str, source: str = "CAT", score: float = 0.0) -> Rows:
    labels = np.full((len(texts), len(LABELS)), score, dtype=np.float32)
    return Rows(list(texts), labels, np.full(len(texts), source), np.full(len(texts), "en"))


def test_what_is_taught_is_found_by_the_text_and_the_rest_is_not_learned() -> None:
    known, labels = lessons(rows("a turnip", "a gherkin"), rows("a radish", "a gherkin", score=0.25))
    assert [False, True] == known.tolist()
    softened = 1 / (1 + 3 ** (1 / SOFTNESS))
    assert [softened] * len(LABELS) == pytest.approx(labels[0].tolist())


def test_harmless_sentences_need_no_teacher() -> None:
    known, labels = lessons(neutral(), rows("a radish", score=0.25))
    assert known.all()
    assert labels.max() < 0.05
    assert {NEUTRAL} == set(neutral().sources.tolist())


@pytest.mark.slow
def test_a_teacher_scores_the_comments_of_other_sources_the_same_every_time(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from monitor.scorers.embedded.training.teacher import teach

    make_encoder(tmp_path)
    learnt = rows("you turnip", "you radish", source="J6", score=1).joined(
        rows("thanks for the help", "what a day", source="J6")
    )
    others = rows("what a turnip", "thanks", "you are a potato " * 60)
    folds = np.array([0, 1, 2, 3, 0, 1, 2])
    taught, again = (teach(learnt.joined(others), folds, tmp_path) for _ in range(2))
    assert (others.texts, {"CAT"}) == (taught.texts, set(taught.sources.tolist()))
    assert ((taught.labels > 0) & (taught.labels < 1)).all()
    assert np.array_equal(taught.labels, again.labels)


def make_encoder(folder: Path) -> None:
    """Save a small encoder of random weights, with its tokenizer."""
    import transformers
    from tokenizers import BertWordPieceTokenizer

    words = BertWordPieceTokenizer(lowercase=True)
    words.train_from_iterator(["you turnip radish thanks for the help"], vocab_size=100, show_progress=False)
    words.save(str(folder / "tokenizer.json"))
    config = transformers.BertConfig(vocab_size=words.get_vocab_size(), **SMALL)
    transformers.BertModel(config).save_pretrained(folder)
