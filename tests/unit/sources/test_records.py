from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.errors import Rejected
from monitor.ports.wire import EVENTS
from monitor.sources import fields
from monitor.sources.fields import NAMES, plain
from monitor.sources.records import comment_event, reread

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(record: Mapping[str, object]) -> CommentEvent:
    return comment_event(record, source="gazette", observed_at=NOW, raw="file:comments.jsonl#0")


def test_id_and_text_are_enough() -> None:
    assert read({"id": "7", "text": "Good morning"}) == CommentEvent(
        kind=EventKind.CREATED,
        comment=Comment(source="gazette", native_id="7", text="Good morning"),
        observed_at=NOW,
        raw="file:comments.jsonl#0",
    )


def test_every_field_has_its_place() -> None:
    record = {
        "id": 7,
        "text": "Good evening",
        "author": {"id": 12, "name": "Ann Example"},
        "source": "courier",
        "thread": "floods",
        "parent": 3,
        "url": "https://courier.example/floods#7",
        "created_at": "2026-03-01T10:00:00Z",
        "edited_at": 1772362800,
        "kind": "edited",
        "votes": 5,
    }
    assert read(record).kind is EventKind.EDITED
    assert read(record).comment == Comment(
        source="courier",
        native_id="7",
        text="Good evening",
        author=Author(id="12", name="Ann Example"),
        thread="floods",
        parent="3",
        url="https://courier.example/floods#7",
        created_at=datetime(2026, 3, 1, 10, tzinfo=UTC),
        edited_at=datetime(2026, 3, 1, 11, tzinfo=UTC),
        extra={"votes": 5},
    )


@pytest.mark.parametrize(
    "record", [{"author": "Ann"}, {"user": "Ann"}, {"User Name": "Ann"}, {"authorName": "Ann"}]
)
def test_an_author_may_be_a_name(record: dict[str, object]) -> None:
    assert read({"id": 1, "text": "x", **record}).comment.author == Author(name="Ann")


def test_an_authors_id_may_stand_beside_the_name() -> None:
    assert read({"id": 1, "text": "x", "author": "Ann", "user_id": 9}).comment.author == Author(
        id="9", name="Ann"
    )


def test_what_a_source_tells_of_an_author_is_kept() -> None:
    comment = read({"id": 1, "text": "x", "author": {"name": "Ann", "karma": 3}}).comment
    assert (comment.author, comment.extra) == (Author(name="Ann"), {"author": {"karma": 3}})


@pytest.mark.parametrize(
    ("field", "alias"), [(field, alias) for field, names in NAMES.items() for alias in names]
)
def test_every_alias_is_read_as_its_field(field: str, alias: str) -> None:
    values = {"created_at": NOW.isoformat(), "edited_at": NOW.isoformat(), "kind": "restored"}
    record = {"id": "1", "text": "x", field: values.get(field, "v")}
    renamed = {alias if name == field else name: value for name, value in record.items()}
    assert read(renamed) == read(record)


def test_the_table_of_names_is_the_one_that_is_read() -> None:
    rows = [row.split("|")[1:3] for row in str(fields.__doc__).splitlines() if row.startswith("| `")]
    table = {field.strip(" `"): aliases.strip() for field, aliases in rows}
    assert table == {field: ", ".join(f"`{name}`" for name in names[1:]) for field, names in NAMES.items()}


@pytest.mark.parametrize("name", ["Comment ID", "commentId", "comment-id", " COMMENT_ID "])
def test_spelling_does_not_matter(name: str) -> None:
    assert plain(name) == "comment_id"


def test_of_two_names_of_one_field_ours_counts_and_the_other_is_kept() -> None:
    comment = read({"id": 1, "body": "other", "text": "ours"}).comment
    assert (comment.text, comment.extra) == ("ours", {"body": "other"})


def test_null_and_empty_mean_not_given() -> None:
    record = {
        "id": 1,
        "text": "x",
        "author": "",
        "thread": None,
        "parent": " ",
        "created_at": "",
        "votes": None,
    }
    assert read(record) == read({"id": 1, "text": "x"})


def test_a_text_is_kept_to_the_letter() -> None:
    assert read({"id": 1, "text": "  two\n\nlines "}).comment.text == "  two\n\nlines "


def test_a_deletion_needs_no_text() -> None:
    assert read({"id": 1, "kind": "deleted"}).comment.text == ""


@pytest.mark.parametrize(
    ("record", "detail"),
    [
        ({"text": "x"}, "`id` is missing or empty"),
        ({"id": " ", "text": "x"}, "`id` is missing or empty"),
        ({"id": 1}, "`text` is missing"),
        ({"id": 1, "text": 5}, "`text` is not text"),
        ({"id": 1.5, "text": "x"}, "`id` is neither text nor a whole number"),
        ({"id": True, "text": "x"}, "`id` is neither text nor a whole number"),
        ({"id": 10**5000, "text": "x"}, "`id` is neither text nor a whole number"),
        ({"id": 1, "text": "x", "thread": ["a"]}, "`thread` is neither text nor a whole number"),
        (
            {"id": 1, "text": "x", "author": 5},
            "`author` is neither a name nor an object with `id` and `name`",
        ),
        ({"id": 1, "text": "x", "author": {"name": ["secret"]}}, "`author` is neither a name"),
        ({"id": 1, "text": "x", "kind": "secret"}, "`kind` is none of created, edited, deleted, restored"),
        ({"id": 1, "text": "x", "source": "a:secret"}, "`source` holds a colon"),
        ({"id": 1, "text": "x", "created_at": "secret"}, "`created_at` is no ISO 8601 time"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_field(
    record: dict[str, object], detail: str
) -> None:
    with pytest.raises(Rejected) as refused:
        read(record)
    assert refused.value.reason == "schema"
    assert refused.value.detail.startswith(detail)
    assert "secret" not in refused.value.detail


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAME = st.sampled_from([name for names in NAMES.values() for name in names]) | st.text()


@given(st.dictionaries(NAME, JSON, max_size=8))
def test_any_record_is_refused_or_crosses_the_wire_unchanged(record: dict[str, object]) -> None:
    with suppress(Rejected):
        event = read(record)
        assert EVENTS.decode(EVENTS.encode(event)) == event


MEND = "mend the source's file, start ingest anew, and"


@pytest.mark.parametrize(
    ("origin", "detail"),
    [
        (
            "site:gazette:https://gazette.example/api#3",
            f"the site of the source gazette shows it still: {MEND} it is read there",
        ),
        (
            "webhook:gazette:d-2",
            f"a webhook brought it to the source gazette: {MEND} let the site send it again",
        ),
        ("mastodon:pond:7", "the stream of the source pond brought it, and brings it no more"),
        ("jetstream:sky:host@7", "the stream of the source sky brought it, and brings it no more"),
        ("comments.db:comments:3", "the origin names no format of a file and no source"),
    ],
)
def test_replay_tells_how_to_come_by_what_was_in_no_file(origin: str, detail: str) -> None:
    with pytest.raises(Rejected) as refused:
        reread(b"{}", origin, observed_at=NOW)
    assert (refused.value.reason, refused.value.detail) == ("schema", detail)
