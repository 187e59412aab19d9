from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.engine.text import Lens, PlainView, Span, lens, without_surrogates
from tests.trial import found

FOLDED = lens("folded", keeps_case=False)
ODD = (
    "aAé\u0301\u0323İIıißẞﬁＡ①\u200b\u200d\u202e\ufe0f\u00ad\u2019😀가ᄀ\u1161\u11a8Ǆ\u0345ΐςΣ½ ㎏我\u3099か"
)
TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=20
)


def back(glass: Lens, text: str, span: Span) -> Span:
    sources = glass.sources(text)
    return sources.back(span) if sources else span


PLAIN: tuple[PlainView, ...] = ("raw", "folded")
VIEWS = st.tuples(st.sampled_from(PLAIN), st.booleans())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("IDIOT", "idiot"),
        ("\uff29\uff24\uff29\uff2f\uff34", "idiot"),
        ("id\u200bi\u00ado\u202et", "idiot"),
        ("ﬁne", "fine"),
        ("Straße", "strasse"),
        ("don\u2019t", "don't"),
        ("e\u0301", "é"),
        ("İSTANBUL", "istanbul"),
        ("kırık", "kirik"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_the_folded_view_undoes_what_nobody_sees(text: str, shown: str) -> None:
    assert shown == FOLDED.read(text)


def test_the_raw_view_shows_the_text_as_it_is() -> None:
    text = "I\u200bd\uff29ot \u202e"

    assert text == lens("raw", keeps_case=True).read(text)


def test_the_raw_view_still_ignores_case_unless_told() -> None:
    assert "\uff49d\u200b" == lens("raw", keeps_case=False).read("\uff29D\u200b")


@given(TEXTS, VIEWS)
def test_reading_twice_is_reading_once(text: str, view: tuple[PlainView, bool]) -> None:
    glass = lens(view[0], keeps_case=view[1])

    assert glass.read(text) == glass.read(glass.read(text))


@given(TEXTS)
@example("\U000115ba")
def test_composed_and_decomposed_spellings_read_the_same(text: str) -> None:
    assert FOLDED.read(unicodedata.normalize("NFC", text)) == FOLDED.read(unicodedata.normalize("NFD", text))


@given(TEXTS, VIEWS)
def test_every_span_leads_back_to_the_characters_that_it_shows(
    text: str, view: tuple[PlainView, bool]
) -> None:
    glass = lens(view[0], keeps_case=view[1])
    shown = glass.read(text)

    for at, char in enumerate(shown):
        first, last = back(glass, text, (at, at + 1))
        assert char in glass.read(text[first:last])


@given(TEXTS, VIEWS)
def test_the_whole_of_what_is_shown_leads_back_without_gaps(text: str, view: tuple[PlainView, bool]) -> None:
    glass = lens(view[0], keeps_case=view[1])
    shown = glass.read(text)
    if not shown:
        return

    first, last = back(glass, text, (0, len(shown)))

    assert shown == glass.read(text[first:last])
    assert not glass.read(text[:first])
    assert not glass.read(text[last:])


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("idiot", "so, İDİOT!", "İDİOT"),
        ("idiot", "\u200b\u200bi\u200bdiot\u200b!", "i\u200bdiot"),
        ("fine", "a ﬁne day", "ﬁne"),
        ("strasse", "an der Straße hier", "Straße"),
        ("idiot", "🙂🙂 ｉｄｉｏｔ 🙂", "ｉｄｉｏｔ"),
        ("café", "un cafe\u0301 noir", "cafe\u0301"),
    ],
)
def test_a_span_shows_the_words_of_the_original(word: str, text: str, expected: str) -> None:
    assert [expected] == found(f"text: {{words: [{word}]}}", text)


def test_halves_of_characters_are_replaced_one_for_one() -> None:
    assert "a\ufffdb" == without_surrogates("a\ud83db")
    assert ["idiot"] == found("text: {words: [idiot]}", "\ud83d idiot")


def test_all_that_composes_with_what_stands_before_it_is_known() -> None:
    """The clusters that are composed as one hold every character that this Unicode composes backwards."""
    seconds = {
        parts[1]
        for code in range(sys.maxunicode + 1)
        if len(parts := unicodedata.decomposition(chr(code)).split()) == 2 and not parts[0].startswith("<")
    }

    odd = [
        char for char in (chr(int(second, 16)) for second in seconds) if unicodedata.category(char)[0] != "M"
    ]

    assert [] == odd
