"""Answers that are data: JSON, feeds, JSON lines, CSV and lines of text."""

from __future__ import annotations

import msgspec
import pytest

from monitor.domain.errors import Retryable
from monitor.sources.web.message import Refused
from tests.unit.sources.declared.conftest import Read

SOURCE = """
id: gazette
kind: poll
format: json
request: https://gazette.example/comments
fields: {id: {path: id}, text: {path: text}}
"""
FEED = """
id: blog
kind: poll
format: feed
request: https://blog.example/feed
fields:
  id: {path: id}
  text: {path: "content[0].value || summary", transform: [html_to_text]}
  author: {path: author}
  parent_id: {path: '"thr_in-reply-to".ref'}
  thread_id: {path: feed.link, of: page}
  created_at: {path: published}
"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
<title>Comments</title><link href="https://blog.example/turnips"/><id>x</id>
<entry><id>tag:2</id><title>By: Bob</title><author><name>Bob</name></author>
 <published>2026-11-22T17:00:00Z</published><thr:in-reply-to ref="tag:1" href="u"/>
 <content type="html">&lt;p&gt;You &amp;amp; me&lt;/p&gt;</content></entry>
<entry><id>tag:1</id><title>By: Ann</title><author><name>Ann</name></author>
 <published>2026-11-22T16:00:00Z</published><content type="html">Hello</content></entry>
</feed>"""
RSS = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Comments</title><link>https://blog.example/turnips</link>
<item><guid isPermaLink="false">g1</guid><title>Ann</title><dc:creator>Ann</dc:creator>
<pubDate>Sun, 22 Nov 2026 17:00:00 +0000</pubDate>
<description>Hello &lt;b&gt;all&lt;/b&gt;</description></item>
</channel></rss>"""


def with_select(select: str) -> str:
    return SOURCE + f"select: {select}\n"


def ids(read: Read, source: str, body: str | bytes) -> list[str]:
    return [item.comment.native_id for item in read(source, body).items]


def test_items_stand_where_the_path_says(read: Read) -> None:
    body = '{"data": [{"id": 1, "text": "a"}, {"id": 2, "text": "b", "type": "ping"}, null]}'
    assert ids(read, with_select("{items: data}"), body) == ["1", "2"]
    assert ids(read, with_select("{items: \"data[?type!='ping']\"}"), body) == ["1"]


def test_replies_inside_items_are_comments_too(read: Read) -> None:
    source = SOURCE.replace("text: {path: text}}", "text: {path: text}, parent_id: {ancestor: id}}")
    inner = '{"id": 2, "text": "b", "kids": [{"id": 3, "text": "c"}]}'
    body = f'[{{"id": 1, "text": "a", "kids": [{inner}]}}, {{"id": 4, "text": "d"}}]'
    page = read(source + "select: {items: '@', replies: kids}\n", body)
    assert [(item.comment.native_id, item.comment.parent) for item in page.items] == [
        ("1", None), ("2", "1"), ("3", "2"), ("4", None),
    ]  # fmt: skip


def test_one_item_may_stand_alone(read: Read) -> None:
    assert ids(read, SOURCE, '{"id": 1, "text": "a"}') == ["1"]


def test_nothing_where_items_stand_is_an_answer_gone_wrong(read: Read) -> None:
    with pytest.raises(Retryable, match="nothing at `data`, where comments stand"):
        read(with_select("{items: data}"), '{"errors": [{"message": "no"}], "data": null}')


def test_nothing_where_items_stand_may_mean_no_comments(read: Read) -> None:
    assert read(with_select("{items: data, empty: true}"), '{"data": null}').found == 0


@pytest.mark.parametrize("body", ["<html>Please log in</html>", "", '{"a": ', "[" * 100_000])
def test_what_is_no_json_is_tried_again(read: Read, body: str) -> None:
    with pytest.raises(Retryable, match="no JSON"):
        read(SOURCE, body)


def test_what_json_can_spell_and_nothing_can_send_is_replaced(read: Read) -> None:
    source = SOURCE.replace("text: {path: text}}", "text: {path: text}, extra: {x: {path: x}}}")
    body = '[{"id": "a\\ud800", "text": "b\\udfff", "x": ["\\ud800", 1]}, {"id": 1, "x": "\\ud800"}]'
    page = read(source, body)
    comment = page.items[0].comment
    assert (comment.native_id, comment.text) == ("a\ufffd", "b\ufffd")
    msgspec.json.encode([comment.native_id, comment.text, comment.extra])
    assert page.unreadable[0].payload == b'{"id": 1, "x": "\\ud800"}'


def test_json_is_read_in_other_encodings(read: Read) -> None:
    page = read(SOURCE, '[{"id": 1, "text": "Rübe"}]'.encode("utf-16"))
    assert page.items[0].comment.text == "Rübe"


def test_an_atom_feed_knows_replies(read: Read) -> None:
    bob, ann = (item.comment for item in read(FEED, ATOM).items)
    assert (bob.native_id, bob.parent, bob.text, bob.author.name) == ("tag:2", "tag:1", "You & me", "Bob")
    assert (ann.parent, ann.thread) == (None, "https://blog.example/turnips")
    assert ann.created_at is not None
    assert ann.created_at.isoformat() == "2026-11-22T16:00:00+00:00"


def test_an_rss_feed_is_read_too(read: Read) -> None:
    [item] = read(FEED, RSS).items
    assert (item.comment.native_id, item.comment.text, item.comment.author.name) == ("g1", "Hello all", "Ann")


def test_an_item_of_a_feed_is_kept_whole_where_it_cannot_be_read(read: Read) -> None:
    [unreadable] = read(FEED, RSS.replace("Sun, 22 Nov 2026 17:00:00 +0000", "lately")).unreadable
    assert b"Hello" in unreadable.payload


def test_what_is_no_feed_is_tried_again(read: Read) -> None:
    with pytest.raises(Retryable, match="no feed"):
        read(FEED, "<html><body>Please log in</body></html>")


def test_a_broken_feed_gives_what_can_be_read(read: Read) -> None:
    assert ids(read, FEED, ATOM[: ATOM.rindex("<entry>")]) == ["tag:2"]


def test_json_lines_are_one_comment_each(read: Read) -> None:
    page = read(SOURCE.replace("json", "jsonl"), '{"id": 1, "text": "a"}\n\nbroken\n{"id": 2, "text": "b"}\n')
    assert [item.comment.native_id for item in page.items] == ["1", "2"]
    assert [each.detail for each in page.unreadable] == ["`id` is missing"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rows_are_read_by_the_names_in_the_first(read: Read, separator: str) -> None:
    rows = separator.join(["id", "text", "x"]) + "\n" + separator.join(["1", '"two\nlines"', ""]) + "\n"
    [item] = read(SOURCE.replace("json", "csv"), rows).items
    assert item.comment.text == "two\nlines"


def test_lines_of_text_are_comments_whose_words_name_them(read: Read) -> None:
    page = read(SOURCE.replace("json", "text"), "first\n\n  second\n")
    assert [item.comment.text for item in page.items] == ["first", "second"]
    assert len({item.comment.native_id for item in page.items}) == 2


def test_a_page_of_more_items_than_the_limit_is_refused_and_not_cut(read: Read) -> None:
    two = '[{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]'
    with pytest.raises(Refused, match=r"a page of 2 items; limits\.max_items is 1"):
        read(SOURCE + "limits: {max_items: 1}\n", two)
    assert len(read(SOURCE + "limits: {max_items: 2}\n", two).items) == 2


def test_a_page_of_thousands_is_read_whole(read: Read) -> None:
    many = ", ".join(f'{{"id": {number}, "text": "a"}}' for number in range(5000))
    assert len(read(SOURCE, f"[{many}]").items) == 5000
