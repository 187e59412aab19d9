from __future__ import annotations

from random import Random

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from monitor.scorers.batches import FEWEST, MOST, BatchClassifier

SCRIPTS = (
    "the bridge is closed again and nobody knows why",
    "die Brücke ist wieder gesperrt und niemand weiß warum",
    "el puente está cerrado otra vez y nadie sabe por qué",
    "мост снова закрыт, и никто не знает почему",
    "мост је опет затворен и нико не зна зашто",
    "橋がまた閉まっていて、誰も理由を知りません",
    "पुल फिर से बंद है और किसी को नहीं पता क्यों",
    "الجسر مغلق مرة أخرى ولا أحد يعرف السبب",
    "NOBODY KNOWS 12345 ??? \U0001f600 cafe\u0301 \ud800",
)


@pytest.fixture(scope="module")
def model() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Pieces of all scripts, mixed, from nothing to four hundred characters; more than one batch."""
    random = Random(1)
    words = " ".join(SCRIPTS).split(" ")
    return [
        "",
        *(" ".join(random.choices(words, k=random.randrange(60)))[:400] for _ in range(MOST + FEWEST)),
    ]


def test_the_answers_are_those_of_py3langid(model: LanguageIdentifier, texts: list[str]) -> None:
    expected = [model.classify(text) for text in texts]
    answers = BatchClassifier(model).classify(texts)
    assert [code for code, _ in expected] == [code for code, _ in answers]
    assert [share for _, share in expected] == pytest.approx([share for _, share in answers], abs=1e-4)


def test_no_answer_depends_on_the_texts_beside_it(model: LanguageIdentifier, texts: list[str]) -> None:
    classifier = BatchClassifier(model)
    alone = [answer for text in texts for answer in classifier.classify([text])]
    assert alone == classifier.classify(texts)
    assert alone[:FEWEST] == classifier.classify(texts[:FEWEST])


def test_no_texts_have_no_answers(model: LanguageIdentifier) -> None:
    assert [] == BatchClassifier(model).classify([])


def test_the_languages_that_the_model_is_restricted_to_are_the_only_ones() -> None:
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(["de", "es", "sr"])
    answers = BatchClassifier(model).classify(SCRIPTS * FEWEST)
    assert {"de", "es", "sr"} == {code for code, _ in answers}
