from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import Language
from monitor.ports import AdaptiveScorer, Need
from monitor.scorers.choose import Choice, choose_scorer
from monitor.settings import ToxicitySettings
from tests.checkpoints import Tiny, make_tiny

EN, DE = Language(code="en", confidence=1.0), Language(code="de", confidence=1.0)
GONE = ToxicitySettings(checkpoint=Path("gone.ckpt"), config_path=Path("gone"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return make_tiny(tmp_path_factory.mktemp("tiny"))


def name_of(choice: Choice) -> str:
    return choice.scorer.name if choice.scorer else "none"


def test_none_is_no_scorer() -> None:
    assert Choice() == choose_scorer(replace(GONE, scorer="none"))


def test_the_embedded_model_is_there_without_anything_else() -> None:
    choice = choose_scorer(ToxicitySettings(scorer="embedded"))
    assert name_of(choice).startswith("embedded")
    assert choice.missing is None


@pytest.mark.slow
@pytest.mark.parametrize("scorer", ["detoxify", "cascade"])
def test_a_model_that_is_missing_is_replaced_by_the_embedded_one_and_told(scorer: str) -> None:
    choice = choose_scorer(replace(GONE, scorer="cascade" if scorer == "cascade" else "detoxify"))
    assert name_of(choice).startswith("embedded")
    assert "gone.ckpt" in str(choice.missing)


@pytest.mark.slow
def test_where_the_fallback_is_missing_too_scores_are_unknown() -> None:
    choice = choose_scorer(replace(GONE, scorer="detoxify", embedded_model=Path("gone.npz")))
    assert "none" == name_of(choice)
    assert "gone.ckpt" in str(choice.missing)


@pytest.mark.slow
def test_a_process_can_refuse_to_start_without_its_model() -> None:
    with pytest.raises(Misconfigured, match=r"gone\.ckpt"):
        choose_scorer(replace(GONE, scorer="detoxify", fallback="stop"))


@pytest.mark.slow
def test_a_cascade_asks_detoxify_where_it_counts(tiny: Tiny) -> None:
    scorer = choose_scorer(replace(tiny.settings, scorer="cascade")).scorer
    assert isinstance(scorer, AdaptiveScorer)
    texts = [
        "What a lovely day for a walk by the river.",
        "You are a stupid, disgusting idiot.",
        "Guten Tag.",
    ]
    need = Need(borders={"insult": 0.8})
    first, second, third = scorer.score_for(texts, [EN, EN, DE], need)
    assert first is not None
    assert first.scored_by.startswith("cascade:embedded")
    assert second is not None
    assert "cascade:detoxify-tiny" == second.scored_by
    assert third is not None
    assert third.scored_by.startswith("cascade:embedded")
