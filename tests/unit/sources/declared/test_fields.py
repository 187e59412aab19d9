"""Where a field's value stands, and what is done to it."""

from __future__ import annotations

import json

import pytest

from monitor.domain.comments import Comment
from monitor.sources.polling.site import Item, Standing, Thread
from tests.unit.sources.declared.conftest import Read

HEAD = """
id: gazette
kind: poll
format: json
request: https://gazette.example/comments
fields:
  id: {path: id}
  text: {path: text}
"""


def read_one(read: Read, more: str, item: object) -> Item:
    page = read(HEAD + more, json.dumps([item]))
    assert [each.detail for each in page.unreadable] == []
    return page.items[0]


def comment(read: Read, more: str, **item: object) -> Comment:
    return read_one(read, more, {"id": 1, "text": "you turnip", **item}).comment


def author(read: Read, field: str, **item: object) -> str | None:
    return comment(read, f"  author: {field}\n", **item).author.name


def test_a_path_leads_into_groups_and_lists(read: Read) -> None:
    assert author(read, "{path: user.name}", user={"name": "ann"}) == "ann"
    assert author(read, "{path: 'users[0]'}", users=["ann", "bob"]) == "ann"
    assert author(read, "{path: '\"full-name\"'}", **{"full-name": "ann"}) == "ann"
    assert author(read, "{path: user.name}", user="ann") is None


def test_a_path_that_does_not_fit_the_item_gives_nothing(read: Read) -> None:
    assert author(read, "{path: length(names)}", names=None) is None


def test_a_constant_is_the_same_for_all_and_knows_the_thread(read: Read) -> None:
    text = HEAD.replace("request: ", "threads: {from: {list: ['42']}}\nrequest: ").replace(
        "comments", "${thread.id}/comments"
    )
    page = read(
        text + '  url: {const: "https://gazette.example/${thread.id}"}\n',
        '[{"id": 1, "text": "a"}]',
        thread=Thread(id="42"),
    )
    assert page.items[0].comment.url == "https://gazette.example/42"
    assert page.items[0].comment.thread == "42"


def test_a_pattern_keeps_its_group_or_all_it_finds(read: Read) -> None:
    assert author(read, "{path: a, regex: 'by (\\w+)'}", a="written by ann today") == "ann"
    assert author(read, "{path: a, regex: '[0-9]+'}", a="no 42") == "42"
    assert author(read, "{path: a, regex: '[0-9]+'}", a="none") is None


@pytest.mark.parametrize("value", [0, "0", ""])
def test_a_value_may_mean_none(read: Read, value: object) -> None:
    assert comment(read, "  parent_id: {path: parent, null_if: ['0', '']}\n", parent=value).parent is None


def test_the_first_place_that_holds_a_value_counts(read: Read) -> None:
    places = "[{path: display}, {path: login}, {const: somebody}]"
    assert author(read, places, login="ann") == "ann"
    assert author(read, places, display="", login="ann") == "ann"
    assert author(read, places) == "somebody"


@pytest.mark.parametrize(
    ("transform", "value", "wanted"),
    [
        ("html_to_text", "<b>ann</b> &amp; co", "ann & co"),
        ("trim", "  ann ", "ann"),
        ("lower", "ANN", "ann"),
        ("int", " 42 ", "42"),
        ("str", 42, "42"),
        ("{prefix: user-}", 42, "user-42"),
        ("{strip_prefix: 'From: *'}", "From:  ann", "ann"),
        ("{strip_prefix: 'From: *'}", "ann From: bob", "ann From: bob"),
        ("{strip_prefix: {regex: 'From: ', only_if: signed}}", "From: ann", "From: ann"),
        ("urljoin", "/u/ann", "https://gazette.example/u/ann"),
        ("{map: {'1': ann, '*': somebody}}", 1, "ann"),
        ("{map: {'1': ann, '*': somebody}}", 2, "somebody"),
        ("{map: {'1': ann}}", "bob", "bob"),
        ("last_of_path", "https://gazette.example/u/ann/?a=b", "ann"),
        ("last_of_path", "0.24.27", "27"),
    ],
)
def test_a_value_is_transformed(read: Read, transform: str, value: object, wanted: str) -> None:
    assert author(read, f"{{path: a, transform: [{transform}]}}", a=value) == wanted


def test_transforms_follow_one_another(read: Read) -> None:
    assert (
        author(read, "{path: a, transform: [html_to_text, lower, {prefix: u-}]}", a="<i>ANN</i>") == "u-ann"
    )


def test_a_prefix_is_stripped_where_a_condition_holds(read: Read) -> None:
    field = "{path: a, transform: [{strip_prefix: {regex: 'From: ', only_if: signed}}]}"
    assert author(read, field, a="From: ann", signed=True) == "ann"


def test_numbers_are_written_as_people_write_them(read: Read) -> None:
    found = read_one(read, "  thread_id: {path: thread}\n", {"id": 12.0, "text": "a", "thread": 7}).comment
    assert (found.native_id, found.thread) == ("12", "7")


@pytest.mark.parametrize(
    ("item", "detail"),
    [
        ({"text": "a"}, "`id` is missing"),
        ({"id": "", "text": "a"}, "`id` is missing"),
        ({"id": 1}, "`text` is missing"),
        ({"id": 1, "text": 5}, "`text` is no text"),
        (
            {"id": 1, "text": "a", "created": "soon"},
            "`created_at` is no time that its description understands",
        ),
        ({"id": 1, "text": "a", "author": ["ann"]}, "`author` is neither text nor a number"),
        (
            {"id": 1, "text": "a", "status": "odd"},
            "`status` is none of visible, pending, spam, deleted; `map` makes it one",
        ),
    ],
)
def test_an_item_that_is_no_comment_leaves_the_others_alone(read: Read, item: object, detail: str) -> None:
    fields = "  created_at: {path: created}\n  author: {path: author}\n  status: {path: status}\n"
    page = read(HEAD + fields, json.dumps([item, {"id": 2, "text": "b"}]))
    assert [each.comment.native_id for each in page.items] == ["2"]
    [unreadable] = page.unreadable
    assert (unreadable.reason, unreadable.detail) == ("schema", detail)
    assert json.loads(unreadable.payload) == item
    assert unreadable.origin == "site:gazette:https://gazette.example/comments#1"
    assert page.found == 2


def test_what_is_optional_may_be_unreadable(read: Read) -> None:
    found = comment(read, "  created_at: {path: created, optional: true}\n", created="yesterday or so")
    assert found.created_at is None


def test_fields_that_ought_to_be_there_are_counted(read: Read) -> None:
    fields = "  author: {path: author}\n  url: {path: url, optional: true}\n  parent_id: {path: parent}\n"
    page = read(HEAD + fields, '[{"id": 1, "text": "a"}, {"id": 2, "text": "b", "author": "ann"}]')
    assert page.missing_fields == {"author": 1}


@pytest.mark.parametrize(
    ("item", "standing"),
    [
        ({}, Standing.VISIBLE),
        ({"status": "hold"}, Standing.PENDING),
        ({"status": "junk"}, Standing.SPAM),
        ({"deleted": True}, Standing.DELETED),
        ({"deleted": "2026-11-22T10:00:00Z"}, Standing.DELETED),
        ({"deleted": False}, Standing.VISIBLE),
        ({"deleted": "false"}, Standing.VISIBLE),
        ({"deleted": None}, Standing.VISIBLE),
    ],
)
def test_the_site_may_say_how_a_comment_stands(
    read: Read, item: dict[str, object], standing: Standing
) -> None:
    status = "{path: status, transform: [{map: {hold: pending, junk: spam}}]}"
    fields = f"  status: {status}\n  deleted: {{path: deleted}}\n"
    assert read_one(read, fields, {"id": 1, "text": "a", **item}).standing is standing


def test_a_deleted_comment_needs_no_text(read: Read) -> None:
    found = read_one(read, "  deleted: {path: deleted}\n", {"id": 1, "deleted": True})
    assert (found.standing, found.comment.text) == (Standing.DELETED, "")


def test_what_a_site_gives_beyond_a_comment_is_kept_by_the_names_that_rules_know(read: Read) -> None:
    found = comment(
        read,
        "  lang: {path: l}\n  extra: {author.karma: {path: karma}, votes: {path: votes}}\n",
        karma=7,
        l="de",
    )
    assert found.extra == {"author.karma": 7, "lang": "de"}


def test_the_record_itself_can_be_kept(read: Read) -> None:
    assert comment(read, "emit: {include_raw: true}\n").extra == {"raw": '{"id":1,"text":"you turnip"}'}


def test_items_that_are_no_comments_are_left_out(read: Read) -> None:
    page = read(
        HEAD + "emit: {drop_if: [\"kind == 'ping'\", hidden]}\n",
        '[{"id": 1, "text": "a", "kind": "ping"}, {"id": 2, "text": "b"}, {"id": 3, "text": "", "hidden":1}]',
    )
    assert ([item.comment.native_id for item in page.items], page.found) == (["2"], 3)


def test_the_sites_own_word_for_an_edit_is_its_version(read: Read) -> None:
    fields = "  edited_at: {path: edited}\nincremental: {detect_edits: field}\n"
    assert (
        read_one(read, fields, {"id": 1, "text": "a", "edited": 1795367887}).version
        == "2026-11-22T17:18:07+00:00"
    )
    assert (
        read_one(
            read, "  version: {path: v}\nincremental: {detect_edits: field}\n", {"id": 1, "text": "a", "v": 3}
        ).version
        == "3"
    )


def test_an_edit_is_later_than_the_comment(read: Read) -> None:
    fields = "  created_at: {path: created}\n  edited_at: {path: edited}\n"
    same = comment(read, fields, created="2026-11-22T10:00:00Z", edited="2026-11-22T10:00:00Z")
    assert same.edited_at is None
