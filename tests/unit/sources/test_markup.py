from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.markup import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("<p>Good  morning,\n all.</p><p>Bye.</p>", "Good morning, all.\n\nBye."),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("a&#8217;s &amp; b &lt;i&gt;", "a’s & b <i>"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("hid<script>alert(1)</script>den<style>p{}</style>", "hidden"),
        ('so good <img alt=":party:" src="x">', "so good :party:"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("tu<b>rn</b>ip", "turnip"),
        (
            '<a href="u"><span class="x">https://</span><span>site.example/a</span></a>',
            "https://site.example/a",
        ),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("", ""),
        ("a < b and b > c", "a < b and b > c"),
    ],
)
def test_a_reader_sees_these_words(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_quotations_are_marked_as_rules_know_them() -> None:
    html = "<blockquote><p>You are</p><blockquote>deep</blockquote></blockquote><p>Turnip</p>"
    assert html_to_text(html) == "> You are\n>\n> > deep\n\nTurnip"


def test_what_nobody_wrote_by_hand_still_gives_its_words() -> None:
    assert html_to_text("<div>" * 25_000 + "you turnip &amp; co") == "you turnip & co"
    assert html_to_text("<blockquote>" * 300 + "turnip").endswith("turnip")
    assert html_to_text("<i>" * 3_000 + "turnip") == "turnip"


@given(st.text())
def test_any_text_can_be_read(html: str) -> None:
    text = html_to_text(html)
    assert text == text.strip()
    assert "\n\n\n" not in text
