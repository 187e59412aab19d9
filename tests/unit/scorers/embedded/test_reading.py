from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.scorers.embedded.reading import read


def words(*texts: str) -> list[str]:
    symbols = read(texts)
    found = ["" for _ in texts]
    for code, text in zip(symbols.codes.tolist(), symbols.text.tolist(), strict=True):
        found[text] += chr(code)
    return [each.strip() for each in found]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("You, TURNIP!", "you turnip"),
        ("what a turnipppppp", "what a turnipp"),
        ("t u r n i p head", "turnip head"),
        ("t.u.r.n.i.p", "turnip"),
        ("t-u-r n_i p", "turnip"),
        ("tu\u200brn\u00adip", "turnip"),
        ("\uff34\uff35\uff32\uff2e\uff29\uff30", "turnip"),
        ("𝓽𝓾𝓻𝓷𝓲𝓹", "turnip"),
        ("turn1p and b33t", "turnip and beet"),
        ("in 2019 the 4th", "in 2019 the 4th"),
        ("p0tat0es", "potatoes"),
        ("p*tato", "p*tato"),
        ("*potato*", "potato"),
        ("read https://example.org/turnip?x=1 now", "read now"),
        ("@turnip_fan hello", "hello"),
        ("🥔🥔🥔 yes", "🥔🥔 yes"),
        ("a b cabbage", "a b cabbage"),
        ("не будь репой", "не будь репой"),
        ("你这个萝卜", "你这个萝卜"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_a_text_is_read_as_it_is_meant(written: str, meant: str) -> None:
    assert [meant] == words(written)


def test_texts_do_not_run_into_one_another() -> None:
    assert ["a b", "", "c", "d"] == words("a b", "", "c\x1e", "d")


@given(st.lists(st.text(st.characters(exclude_categories=())), min_size=1, max_size=5))
def test_a_text_is_read_the_same_beside_any_other(texts: list[str]) -> None:
    assert [words(text)[0] for text in texts] == words(*texts)
