"""What everything that tells languages must do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitor.domain.signals import UNDETERMINED
from monitor.scorers.language import Py3LangId

if TYPE_CHECKING:
    from monitor.ports import LanguageIdentifier

TEXTS = [
    "this is what they told us all along",
    "das haben sie uns die ganze Zeit gesagt",
    "",
    "🥔" * 300,
    "half a character: \ud83e and then some more words",
    "potato " * 10_000,
    "\x00\x01\x02 control characters and words",
    "THIS IS WHAT THEY TOLD US ALL ALONG",
]


@pytest.fixture(scope="module", params=[Py3LangId])
def identifier(request: pytest.FixtureRequest) -> LanguageIdentifier:
    built: LanguageIdentifier = request.param()
    return built


def test_each_text_gets_one_answer_in_order(identifier: LanguageIdentifier) -> None:
    assert [identifier.identify([text])[0] for text in TEXTS] == identifier.identify(TEXTS)


def test_codes_are_short_and_confidences_are_shares(identifier: LanguageIdentifier) -> None:
    for language in identifier.identify(TEXTS):
        assert language.code.islower()
        assert len(language.code) in {2, 3}
        assert 0 <= language.confidence <= 1


def test_what_cannot_be_told_is_undetermined(identifier: LanguageIdentifier) -> None:
    assert [(UNDETERMINED, 0.0)] * 2 == [
        (language.code, language.confidence) for language in identifier.identify(["", "🥔" * 300])
    ]


def test_common_languages_are_told(identifier: LanguageIdentifier) -> None:
    assert ["en", "de"] == [language.code for language in identifier.identify(TEXTS[:2])]


def test_no_texts_are_no_answers(identifier: LanguageIdentifier) -> None:
    assert [] == identifier.identify([])
