"""Sites of no known make: what repeats and looks like comments is proposed."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

import yaml

from monitor.sources.detecting.candidates import Candidate, find
from monitor.sources.detecting.material import material
from monitor.sources.detecting.writing import source_text
from monitor.sources.web.message import Answer

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def proposed(body: str) -> Candidate:
    answer = Answer(
        url="https://gazette.example/talk", status=200, headers={}, body=body.encode(), received_at=NOW
    )
    [candidate] = find(material(answer)).candidates
    return candidate


def page(*comments: str) -> str:
    return f"<!doctype html><html><body><h1>Gazette</h1>{''.join(comments)}</body></html>"


def comment(number: int, inside: str = "") -> str:
    return (
        f'<div class="kommentar" id="kommentar-{number}"><span class="user-name">Reader {number}</span>'
        f'<time datetime="2026-03-01T12:0{number}:00Z">today</time>'
        f'<div class="kommentar-text">Words of reader {number}.</div>{inside}</div>'
    )


def test_repeated_elements_are_read_by_their_ids_and_class_names() -> None:
    assert {
        "preset": "html",
        "id": "gazette",
        "url": "https://gazette.example/talk",
        "select": {"items": "div[id^='kommentar-']"},
        "fields": {
            "id": {"attr": "id", "regex": r"(\d+)$"},
            "text": {"css": ".kommentar-text"},
            "author": {"css": ".user-name"},
            "created_at": {"css": "time[datetime]", "attr": "datetime"},
        },
    } == proposed(page(comment(1), comment(2), comment(3))).content


def test_replies_inside_of_what_they_answer_have_a_parent() -> None:
    content = proposed(page(comment(1, comment(2)), comment(3))).content
    fields = content["fields"]
    assert isinstance(fields, dict)
    assert {"items": "div[id^='kommentar-']", "nested": True} == content["select"]
    assert {"ancestor": "div[id^='kommentar-']", "attr": "id", "regex": r"(\d+)$"} == fields["parent_id"]


def test_the_words_of_schema_org_are_preferred_to_guesses() -> None:
    def marked(number: int) -> str:
        return (
            f'<section class="post" id="p{number}" itemprop="comment"><b itemprop="author">Reader</b>'
            f'<div itemprop="text">Words of reader {number}.</div></section>'
        )

    content = proposed(page(marked(1), marked(2))).content
    fields = content["fields"]
    assert isinstance(fields, dict)
    assert {"items": "[itemprop~='comment']"} == content["select"]
    assert ({"css": "[itemprop~='text']"}, {"css": "[itemprop~='author']"}) == (
        fields["text"],
        fields["author"],
    )


def test_an_id_may_stand_in_a_link_of_the_comment() -> None:
    def linked(number: int) -> str:
        link = f'<a href="/talk#c{number}">link</a>'
        return f'<article class="comment">{link}<p>Words of reader {number}.</p></article>'

    fields = proposed(page(linked(1), linked(2))).content["fields"]
    assert isinstance(fields, dict)
    assert {"css": "a[href*='#']", "attr": "href", "regex": r"(\d+)$"} == fields["id"]


def test_a_page_without_anything_that_repeats_proposes_nothing() -> None:
    answer = Answer(url="", status=200, headers={}, body=page("<p>One.</p>").encode(), received_at=NOW)
    assert () == find(material(answer)).candidates


def test_objects_with_ids_and_words_are_read_wherever_they_stand() -> None:
    body = """{"meta": {"next": null, "tags": [{"id": 1, "name": "x"}]}, "data": {"comments": [
      {"uid": "a1", "user": {"id": 7, "name": "Ann"}, "body": {"html": "<p>Good morning to you all.</p>"},
       "created": 1772366400, "reply_to": 0, "article_id": "n-1"},
      {"uid": "a2", "user": {"id": 8, "name": "Bob"}, "body": {"html": "<p>And the same to you, Ann.</p>"},
       "created": 1772366460, "reply_to": "a1", "article_id": "n-1"}]}}"""
    assert {
        "preset": "json",
        "id": "gazette",
        "url": "https://gazette.example/talk",
        "select": {"items": "data.comments"},
        "fields": {
            "text": {"path": "body.html", "transform": ["html_to_text"]},
            "id": {"path": "uid"},
            "author": {"path": "user.name"},
            "created_at": {"path": "created"},
            "parent_id": {"path": "reply_to", "null_if": ["0"]},
            "thread_id": {"path": "article_id"},
        },
    } == proposed(body).content


def test_names_with_dashes_are_quoted_in_paths() -> None:
    body = '{"all-of-it": [{"id": 1, "text": "Good morning to all."}, {"id": 2, "text": "And to you, too."}]}'
    assert {"items": '"all-of-it"'} == proposed(body).content["select"]


def test_objects_without_words_are_no_comments() -> None:
    answer = Answer(
        url="",
        status=200,
        headers={},
        body=b'[{"id": 1, "text": "on"}, {"id": 2, "text": "off"}]',
        received_at=NOW,
    )
    assert () == find(material(answer)).candidates


def test_the_file_that_is_written_says_what_was_found() -> None:
    candidate = proposed(page(comment(1), comment(2)))
    assert candidate.content == yaml.safe_load(source_text(candidate))
    assert """\
preset: html
id: gazette
url: https://gazette.example/talk
select: {items: 'div[id^=''kommentar-'']'}
fields:
  id: {attr: id, regex: (\\d+)$}
  text: {css: .kommentar-text}
  author: {css: .user-name}
  created_at: {css: 'time[datetime]', attr: datetime}
""" == source_text(candidate)


def test_a_page_that_is_nested_to_do_harm_is_looked_at_no_deeper_than_it_helps() -> None:
    deep = "".join(f'<div class="comment" id="comment-{number}"><p>Words.</p>' for number in range(5_000))
    began = process_time()
    found = find(material(Answer(url="", status=200, headers={}, body=deep.encode(), received_at=NOW)))
    assert "html" in [candidate.way for candidate in found.candidates]
    assert process_time() - began < 5


def test_json_that_is_nested_to_do_harm_is_nothing() -> None:
    body = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
    assert () == find(material(Answer(url="", status=200, headers={}, body=body, received_at=NOW))).candidates
