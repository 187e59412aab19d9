from __future__ import annotations

import pytest

from monitor.domain.errors import Retryable
from monitor.domain.signals import Scores
from monitor.domain.soundness import sound


def given(score: float) -> list[Scores | None]:
    return [None, Scores(scored_by="model", labels={"insult": 0.5, "threat": score})]


@pytest.mark.parametrize("score", [0.0, 1.0, 0, 1])
def test_probabilities_pass(score: float) -> None:
    assert given(score) == sound(given(score), "model")


@pytest.mark.parametrize("score", [float("nan"), float("inf"), float("-inf"), -0.1, 1.1])
def test_what_is_no_probability_is_the_models_failure(score: float) -> None:
    with pytest.raises(Retryable, match="model gave a score for threat that is no number"):
        sound(given(score), "model")
