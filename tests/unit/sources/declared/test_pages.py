"""Comments in pages of HTML: each with its own words, and never with those of the replies inside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.comments import Comment
from monitor.domain.errors import Retryable
from monitor.sources.polling.site import Page
from tests.unit.sources.declared.conftest import Read, Told

SOURCE = """
id: paper
kind: poll
format: html
request: https://paper.example/articles/42
select: {items: "li[id^='comment-']", nested: true}
fields:
  id: {attr: id, regex: "comment-([0-9]+)"}
  parent_id: {ancestor: "li[id^='comment-']", attr: id, regex: "comment-([0-9]+)"}
  thread_id: {css: "link[rel=canonical]", attr: href, of: page}
  author: {css: .by}
  text: {css: .words}
  created_at: {css: time, attr: datetime, optional: true}
"""

PAGE = """<!doctype html><html><head><link rel="canonical" href="https://paper.example/42"></head><body><ol>
<li id="comment-1"><b class="by">Ann</b><time datetime="2026-11-01T10:00:00-05:00">once</time>
 <div class="words"><p>What a <i>turnip</i>!<br>Really.</p></div>
 <ul class="children">
  <li id="comment-2"><b class="by">Bob</b><div class="words">No, you are.</div>
   <ul class="children"><li id="comment-3"><div class="words">Both &amp; all.</div></li></ul>
  </li>
 </ul></li>
<li id="comment-4"><b class="by">Cid</b></li>
</ol></body></html>"""


def comments(page: Page) -> dict[str, Comment]:
    return {item.comment.native_id: item.comment for item in page.items}


def test_a_comment_has_its_own_words_author_and_time(read: Read) -> None:
    ann = comments(read(SOURCE, PAGE))["1"]
    assert (ann.text, ann.author.name, ann.thread) == (
        "What a turnip!\nReally.",
        "Ann",
        "https://paper.example/42",
    )
    assert ann.created_at is not None
    assert ann.created_at.isoformat() == "2026-11-01T15:00:00+00:00"


def test_replies_know_what_they_answer(read: Read) -> None:
    found = comments(read(SOURCE, PAGE))
    assert [found[id_].parent for id_ in ("1", "2", "3")] == [None, "1", "2"]


def test_what_a_comment_lacks_is_not_taken_from_the_reply_inside_it(read: Read) -> None:
    found = comments(read(SOURCE, PAGE))
    assert found["3"].author.name is None
    page = read(SOURCE, PAGE.replace('<b class="by">Ann</b>', ""))
    assert comments(page)["1"].author.name is None


def test_a_comment_without_words_is_told_with_its_bytes(read: Read) -> None:
    [unreadable] = read(SOURCE, PAGE).unreadable
    assert unreadable.detail == "`text` is missing"
    assert unreadable.payload.startswith(b'<li id="comment-4">')


def test_words_that_are_no_words_of_the_comment_can_be_left_out(read: Read) -> None:
    source = SOURCE.replace("text: {css: .words}", 'text: {css: .all, without: ".by, .reply"}')
    page = read(
        source,
        '<li id="comment-1"><p class="all"><b class="by">Ann</b> Yes.<a class="reply">Reply</a></p></li>',
    )
    assert comments(page)["1"].text == "Yes."


def test_the_item_itself_may_hold_the_words(read: Read) -> None:
    source = SOURCE.replace("text: {css: .words}", "text: {attr: data-text}")
    assert comments(read(source, '<li id="comment-1" data-text="a &lt; b"></li>'))["1"].text == "a < b"


def test_only_elements_with_the_right_attribute_are_comments(read: Read) -> None:
    source = SOURCE.replace("nested: true", 'matching: "^comment-[0-9]+$"')
    page = read(source, PAGE + '<li id="comment-form">Write something</li>')
    assert page.found == 4


def test_an_ancestor_may_hold_the_parents_number_in_a_part_of_it(read: Read) -> None:
    source = SOURCE.replace("li[id^='comment-']", "div[id^='comment-']").replace(
        """ancestor: "div[id^='comment-']", attr""", """ancestor: li, css: "div[id^='comment-']", attr"""
    )
    page = read(
        source,
        '<ul><li><div id="comment-1"><p class=words>a</p></div>'
        '<ul><li><div id="comment-2"><p class=words>b</p></div></li></ul></li></ul>',
    )
    assert [each.comment.parent for each in page.items] == [None, "1"]


def test_items_with_an_element_can_be_left_out(read: Read) -> None:
    page = read(SOURCE + "emit: {drop_if: .by}\n", PAGE)
    assert list(comments(page)) == ["3"]


def test_a_page_that_is_no_page_of_comments_holds_none(read: Read) -> None:
    assert read(SOURCE, "<form>Please log in</form>").found == 0


def test_a_page_that_would_hold_the_process_up_is_not_parsed(read: Read) -> None:
    with pytest.raises(Retryable, match="nested deeper"):
        read(SOURCE, "<div>" * 25_000)


def test_a_long_page_is_read(read: Read) -> None:
    body = "".join(f'<li id="comment-{n}"><div class="words"><p>a</p></div></li>' for n in range(8_000))
    assert read(SOURCE, f"<ol>{body}</ol>").found == 8_000


WORDS = st.text("abc ", min_size=1, max_size=5).filter(str.strip)
TREES: st.SearchStrategy[object] = st.recursive(
    st.tuples(WORDS, st.just([])), lambda inner: st.tuples(WORDS, st.lists(inner, max_size=3)), max_leaves=12
)


@settings(max_examples=30)
@given(tree=TREES)
def test_every_comment_is_found_once_with_its_parent_and_nobody_elses_words(told: Told, tree: object) -> None:
    from tests.unit.sources.declared.conftest import _answered

    rows: list[tuple[str, str | None, str]] = []

    def written(node: object, parent: str | None) -> str:
        assert isinstance(node, tuple)
        words, inner = node
        id_ = str(len(rows) + 1)
        rows.append((id_, parent, " ".join(words.split())))
        replies = "".join(written(each, id_) for each in inner)
        return f'<li id="comment-{id_}"><div class="words">{words}</div><ul>{replies}</ul></li>'

    body = f"<ol>{written(tree, None)}</ol>"
    site = told(SOURCE)
    page = site.read(site.first(None), _answered(body), None)
    assert [(item.comment.native_id, item.comment.parent, item.comment.text) for item in page.items] == rows
