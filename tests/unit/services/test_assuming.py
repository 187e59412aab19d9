from __future__ import annotations

import pytest

from monitor.domain.signals import Language
from monitor.services.assuming import Assumption

UND, DE = Language(), Language(code="de", confidence=0.9)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en", "potato!", "en"),
        ("en", "POTATO 🥔 4 ever", "en"),
        ("de", "Blödmann", "de"),
        ("en", "картошка", "und"),
        ("en", "potato картошка", "und"),
        ("ru", "картошка", "ru"),
        ("ru", "potato", "und"),
        ("ja", "じゃが芋", "ja"),
        ("ko", "감자", "ko"),
        ("en", "🥔🥔", "und"),
        ("en", "?! 123", "und"),
        ("en", "", "und"),
        ("", "potato", "und"),
    ],
)
def test_a_text_too_short_to_tell_is_taken_for_the_language_of_its_script(
    code: str, text: str, expected: str
) -> None:
    assert [expected] == [each.code for each in Assumption(code)([text], [UND])]


def test_a_language_that_was_told_stays() -> None:
    assert [DE] == Assumption("en")(["Kartoffel"], [DE])


def test_what_is_assumed_is_not_sure() -> None:
    assert [0.0] == [each.confidence for each in Assumption("en")(["potato"], [UND])]
