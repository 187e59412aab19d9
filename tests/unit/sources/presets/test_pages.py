"""Presets that read pages of HTML, on made-up markup and on recorded pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Protocol

import pytest

from monitor.sources.declared.site import DeclaredSite
from monitor.sources.polling.site import Item, Page


class Trial(Protocol):
    @property
    def site(self) -> DeclaredSite: ...
    def read(self, body: object, status: int = 200, headers: dict[str, str] | None = None) -> Page: ...
    def one(self, body: object) -> Item: ...


Make = Callable[[str], Trial]
Recorded = Callable[[str], bytes]

HTML = "preset: html\nurl: https://gazette.example/a\n"
WORDPRESS = "preset: wordpress-html\nurl: https://gazette.example\n"
WPDISCUZ = "preset: wpdiscuz-html\nurl: https://gazette.example\n"

PAGES: Final = {
    "html_forum/german.stackexchange.com.ausgeraubt.html": 14,
    "html_other/hearya.com.metal.html": 38,
    "html_other/hpd.de-Homosexuellenhass.html": 10,
    "html_wordpress/blog.wordpress.com.diverse.html": 13,
    "html_wordpress/happyface313.com.plantur.html": 21,
    "html_wordpress/lemire.me.json.html": 5,
    "html_wordpress/netzpolitik.org.abmahnungen.html": 74,
    "html_wordpress/spektrum.de.engelbart.html": 59,
    "html_wpdiscuz/backenmachtgluecklich.de.zitronenkuchen.html": 25,
}
"""The recorded pages, and how many comments have their ids there."""

BY_WORDPRESS: Final = [name for name in PAGES if name.startswith("html_wordpress/") or "hearya" in name]


def page(markup: str) -> bytes:
    return f"<!doctype html><html><body>{markup}</body></html>".encode()


def told(found: Page) -> list[tuple[str, str | None, str]]:
    return [(item.comment.native_id, item.comment.parent, item.comment.text) for item in found.items]


SCHEMA = '<div itemscope itemprop="comment" id="c7"><p itemprop="text">One.</p></div>'
NESTED = """<ol><li class="comment" id="comment-7"><div class="comment-content">One.</div>
<ol><li class="comment" id="comment-8"><div class="comment-content">Two.</div></li></ol></li></ol>"""
BESIDE = """<ol><li id="li-comment-7"><article id="comment-7"><div class="comment-text">One.</div></article>
<ol><li id="li-comment-8"><article id="comment-8"><div class="comment-text">Two.</div></article></li></ol>
</li></ol>"""
DEFINED = '<dl><dt id="comment-7">Ann</dt><dd><div id="comment-body-7">One.</div></dd></dl>'
LINKED = """<article class="comment"><a href="/c#comment-7">link</a>
<div class="content">One.</div></article>"""
FORUM = """<article class="message" data-content="post-7" data-author="Ann">
<div class="bbWrapper">One.</div></article>"""
DISCUSSED = """<div class="wpd-comment" id="wpd-comm-7_0"><div class="wpd-comment-text">One.</div></div>
<div class="wpd-comment" id="wpd-comm-8_7"><div class="wpd-comment-text">Two.</div></div>"""
ONE: Final = [("7", None, "One.")]
TWO: Final = [*ONE, ("8", "7", "Two.")]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (SCHEMA, ONE),
        (NESTED, TWO),
        (BESIDE, TWO),
        (DEFINED, ONE),
        (LINKED, ONE),
        (FORUM, ONE),
        (DISCUSSED, TWO),
    ],
)
def test_any_page_is_read_by_the_marks_that_systems_leave(
    trial: Make, markup: str, expected: list[tuple[str, str | None, str]]
) -> None:
    assert expected == told(trial(HTML).read(page(markup)))


def test_a_link_to_the_next_article_is_no_next_page_of_comments(trial: Make) -> None:
    links = '<a rel="next" href="/b">Next</a><section id="comments"></section>'
    assert trial(HTML).read(page(links)).next is None


def test_of_several_selectors_the_first_counts_that_finds_any(trial: Make) -> None:
    lines = HTML + 'select: {items: [".none", "li.talk", "p"]}\n'
    markup = '<p id="p1">x</p><ul><li class="talk" id="t1"><b class="text">One.</b></li></ul>'
    found = trial(lines).read(page(markup))
    assert [("1", None, "One.")] == told(found)


@pytest.mark.parametrize("lines", [HTML, WORDPRESS])
def test_what_other_sites_said_is_no_comment(trial: Make, lines: str) -> None:
    markup = '<ol><li class="pingback" id="comment-9"><div class="comment-body">A link.</div></li></ol>'
    assert [] == told(trial(lines).read(page(markup)))


def test_wpdiscuz_tells_a_comments_parent_in_its_id(trial: Make) -> None:
    markup = '<div class="wc-comment" id="wc-comm-8_7"><div class="wc-comment-text">Two.</div></div>'
    assert [("8", "7", "Two.")] == told(trial(WPDISCUZ).read(page(markup)))


@pytest.mark.parametrize("name", PAGES)
def test_any_page_gives_all_the_comments_of_the_recorded_ones(
    trial: Make, recorded: Recorded, name: str
) -> None:
    found = trial(HTML).read(recorded(name))
    assert (PAGES[name], ()) == (len({item.comment.native_id for item in found.items}), found.unreadable)


@pytest.mark.parametrize("name", BY_WORDPRESS)
def test_wordpress_pages_give_all_the_comments_of_the_recorded_ones(
    trial: Make, recorded: Recorded, name: str
) -> None:
    content = recorded(name)
    ids = {match.decode() for match in re.findall(rb"""\bid=["']comment-(\d+)["']""", content)}
    found = trial(WORDPRESS).read(content)
    assert ids == {item.comment.native_id for item in found.items}
    assert () == found.unreadable


@pytest.mark.parametrize("name", BY_WORDPRESS)
def test_no_recorded_comment_holds_the_words_of_its_replies(
    trial: Make, recorded: Recorded, name: str
) -> None:
    texts = {
        item.comment.native_id: (item.comment.parent, item.comment.text)
        for item in trial(WORDPRESS).read(recorded(name)).items
    }
    inside = [
        native_id
        for native_id, (parent, text) in texts.items()
        if parent in texts and len(text) > 40 and text in texts[parent][1]
    ]
    assert [] == inside


def test_the_recorded_page_of_wpdiscuz_gives_its_comments_and_replies(
    trial: Make, recorded: Recorded
) -> None:
    found = trial(WPDISCUZ).read(recorded("html_wpdiscuz/backenmachtgluecklich.de.zitronenkuchen.html"))
    assert (25, 10) == (len(found.items), sum(item.comment.parent is not None for item in found.items))


def test_block_themes_name_their_authors(trial: Make) -> None:
    block = """<li class="comment" id="comment-7">
    <div class="wp-block-comment-author-name"><a href="#">Ann</a></div>
    <div class="wp-block-comment-content"><p>One.</p></div></li>"""
    for preset in (HTML, WORDPRESS):
        comment = trial(preset).one(page(f"<ol>{block}</ol>")).comment
        assert ("7", "Ann", "One.") == (comment.native_id, comment.author.name, comment.text)


@pytest.mark.parametrize(
    ("element", "read"),
    [
        ('<content type="text">I &lt;3 you, &lt;you&gt;\nand two</content>', "I <3 you, <you>\nand two"),
        ('<content type="html">&lt;p&gt;One &amp;amp; two&lt;/p&gt;</content>', "One & two"),
        ('<summary type="text">a &lt; b</summary>', "a < b"),
        ('<summary type="html">&lt;b&gt;One&lt;/b&gt;</summary>', "One"),
    ],
)
def test_a_feed_says_whether_its_words_are_html(trial: Make, element: str, read: str) -> None:
    entry = f"<entry><id>urn:1</id><title/><updated>2026-03-01T10:00:00Z</updated>{element}</entry>"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id>{entry}</feed>'
    item = trial("preset: feed\nurl: https://gazette.example/talk.atom\n").one(feed.encode())
    assert item.comment.text == read
