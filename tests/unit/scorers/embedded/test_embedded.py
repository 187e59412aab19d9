from __future__ import annotations

import resource
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import LABELS, Language, Scores
from monitor.scorers.embedded.model import BUNDLED, Model
from monitor.scorers.embedded.scorer import LONGEST, EmbeddedScorer, batches, load_embedded

ANY_TEXT = st.text(st.characters(exclude_categories=()))
EN = Language(code="en", confidence=1.0)

HOSTILE = (
    "you are a complete idiot and nobody likes you",
    "shut your mouth you pathetic loser",
    "i will find out where you live and kill you",
    "this is a load of shit and you are full of it too",
    "go fuck yourself you stupid bastard",
    "he is a disgusting pig and a liar",
    "what an ugly stupid bitch",
    "you are a moron, an absolute m o r o n",
)

HARMLESS = (
    "the library opens at nine and closes at six on weekdays",
    "thank you for explaining this so patiently",
    "I do not agree with the mayor, the bridge is too expensive",
    "does anybody know when the next train to the coast leaves",
    "my grandmother made this soup every winter",
    "the second goal was offside if you ask me",
    "please add a source for the second paragraph",
    "we should meet again when the weather is better",
    "the article forgets to say who paid for the study",
    "her new album is not as good as the first one",
)

TWO_PERCENT = 0.57
"""Two in a hundred harmless comments of the rows held out score above."""

GROUPS = (
    "a Muslim",
    "a Jew",
    "a Christian",
    "an atheist",
    "gay",
    "a lesbian",
    "transgender",
    "Black",
    "white",
    "Mexican",
    "an immigrant",
    "disabled",
    "a woman",
)

MENTIONS = (
    "{} and happy to answer questions about it, says my colleague, who is just that",
    "The woman who repaired our roof is {}.",
    "My new flatmate told me yesterday: I am {}.",
    "One of the authors is {}, the other one is not.",
    "If you are {} you may find this guide to the city helpful.",
)


@pytest.fixture(scope="module")
def scorer() -> EmbeddedScorer:
    return load_embedded()


def scored(scorer: EmbeddedScorer, texts: Sequence[str], code: str = "en") -> list[Scores]:
    found = scorer.score(texts, [Language(code=code, confidence=1.0)] * len(texts))
    return [each for each in found if each is not None]


def toxicity(scorer: EmbeddedScorer, *texts: str, code: str = "en") -> list[float]:
    return [each.labels["toxicity"] for each in scored(scorer, texts, code)]


def test_it_tells_hostile_comments_from_harmless_ones(scorer: EmbeddedScorer) -> None:
    assert min(toxicity(scorer, *HOSTILE)) > 0.8
    assert max(toxicity(scorer, *HARMLESS)) < 0.4


def test_a_threat_is_a_threat_and_an_insult_is_none(scorer: EmbeddedScorer) -> None:
    threat, insult = (
        each.labels for each in scored(scorer, ["i am going to kill you tonight", "you are an idiot"])
    )
    assert threat["threat"] > 0.8 > insult["threat"]
    assert insult["insult"] > 0.8 > threat["insult"]


def test_a_disguised_insult_is_one(scorer: EmbeddedScorer) -> None:
    assert min(toxicity(scorer, "you i d i o t", "you 1d10t", "you idi\u200bot", "YOU IDIOTTTTT")) > 0.7


def test_people_are_no_insult(scorer: EmbeddedScorer) -> None:
    mentions = [sentence.format(group) for sentence in MENTIONS for group in GROUPS]
    flagged = [score > TWO_PERCENT for score in toxicity(scorer, *mentions)]
    assert sum(flagged) <= 0.05 * len(mentions)


@pytest.mark.parametrize(
    ("code", "hostile", "harmless"),
    [
        ("de", "du bist ein dummes arschloch, halt die fresse", "die sitzung beginnt morgen um neun uhr"),
        ("pt", "vai se foder, seu idiota de merda", "obrigado pelo vídeo, aprendi muito"),
        ("zh", "你们这些垃圾黑鬼滚出去", "谢谢你的视频，学到了很多"),
    ],
)
def test_other_languages_have_models_of_their_own(
    scorer: EmbeddedScorer, code: str, hostile: str, harmless: str
) -> None:
    high, low = toxicity(scorer, hostile, harmless, code=code)
    assert high > 0.6
    assert low < 0.3


@pytest.mark.parametrize("code", ["und", "tr", "pl", "ja", "fr", "es", "xx", ""])
def test_a_language_without_data_is_unknown(scorer: EmbeddedScorer, code: str) -> None:
    assert [None] == scorer.score(["you are an idiot"], [Language(code=code, confidence=1.0)])


def test_a_label_that_a_language_s_data_lack_is_missing(scorer: EmbeddedScorer) -> None:
    german, english = scored(scorer, ["halt die fresse"], "de") + scored(scorer, ["shut up"])
    assert "threat" not in german.labels
    assert set(LABELS) == set(english.labels)


def test_languages_may_be_mixed(scorer: EmbeddedScorer) -> None:
    codes = ["en", "tr", "de", "en"]
    texts = ["shut up", "shut up", "halt den mund", "good morning"]
    found = scorer.score(texts, [Language(code=code, confidence=1.0) for code in codes])
    alone = [*scored(scorer, texts[:1]), *scored(scorer, texts[2:3], "de"), *scored(scorer, texts[3:])]
    assert [alone[0], None, alone[1], alone[2]] == found


@given(texts=st.lists(ANY_TEXT, max_size=8))
def test_a_text_s_score_is_the_same_in_any_batch(scorer: EmbeddedScorer, texts: list[str]) -> None:
    together = [each.labels for each in scored(scorer, texts)]
    alone = [each.labels for text in texts for each in scored(scorer, [text])]
    assert alone == together


@pytest.mark.parametrize(
    "text",
    ["", "\x00", "\ud83e", "\x1e" * 10, "🥔" * 10_000, "ﷺ" * 10_000, "a" * 3_000_000, "a b " * 100_000],
)
def test_no_text_breaks_it(scorer: EmbeddedScorer, text: str) -> None:
    (score,) = toxicity(scorer, text)
    assert 0 <= score <= 1


def test_what_stands_beyond_the_longest_is_not_read(scorer: EmbeddedScorer) -> None:
    start = "a fine day " * (LONGEST // 11 + 1)
    whole, cut = scored(scorer, [start[:LONGEST], start + "you idiot"])
    assert whole.labels == cut.labels
    assert (False, True) == (whole.truncated, cut.truncated)


def test_batches_are_bounded_and_lose_nothing() -> None:
    texts = ["a" * 50_000, "b" * 100_000, "c", *["d"] * 600]
    found = list(batches(texts))
    assert texts == [text for batch in found for text in batch]
    assert [1, 256, 256, 90] == [len(batch) for batch in found]


def test_memory_does_not_grow(scorer: EmbeddedScorer) -> None:
    texts = [f"comment number {number} says that {number * 7919} is a number" for number in range(2_000)]
    for _ in range(3):
        scored(scorer, texts)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for round_ in range(10):
        scored(scorer, [f"{text} {round_}" for text in texts])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8_000


def test_it_is_small() -> None:
    assert BUNDLED.stat().st_size < 8_000_000


def test_a_model_that_is_missing_or_none_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read: No such file"):
        load_embedded(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("no model")
    with pytest.raises(Misconfigured, match="is no model of ours"):
        load_embedded(tmp_path / "text.npz")
    np.savez(tmp_path / "other.npz", about=np.asarray('{"format": 99}'))
    with pytest.raises(Misconfigured, match="is no model of ours"):
        load_embedded(tmp_path / "other.npz")


def test_every_language_has_a_label() -> None:
    assert [] == [code for code, language in Model.load().languages.items() if not language.labels]
