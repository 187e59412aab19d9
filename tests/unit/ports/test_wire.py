from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.alerts import Alert
from monitor.domain.comments import Comment, CommentEvent, EventKind
from monitor.domain.errors import Rejected
from monitor.domain.observations import Candidate, Counted, Observation, Whereabouts, Withdrawal
from monitor.domain.verdicts import Verdict
from monitor.ports.wire import ALERTS, COUNTED, EVENTS, OBSERVATIONS, VERDICTS, Wire

WIRES: tuple[Wire[Any], ...] = (EVENTS, VERDICTS, OBSERVATIONS, ALERTS)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
EVENT = CommentEvent(
    kind=EventKind.EDITED,
    comment=Comment(source="gazette", native_id="7", text="Well said.", created_at=NOON, edited_at=NOON),
    observed_at=NOON,
)
PAYLOAD = EVENTS.encode(EVENT)


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
floats = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | floats | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
SIMPLE: dict[object, st.SearchStrategy[Any]] = {
    datetime: st.datetimes(timezones=zones),
    float: floats,
    object: json_values,
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return whatever a field of this type may hold, as far as JSON can say it."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return st.builds(hint, **{name: values(inner) for name, inner in get_type_hints(hint).items()})
    parts = get_args(hint)
    if get_origin(hint) in {Union, UnionType}:
        return st.one_of([values(part) for part in parts])
    if get_origin(hint) is tuple and parts[-1] is ...:
        return st.lists(values(parts[0]), max_size=3).map(tuple)
    if get_origin(hint) is tuple:
        return st.tuples(*map(values, parts))
    if get_origin(hint) is Mapping:
        return st.dictionaries(values(parts[0]), values(parts[1]), max_size=3)
    return SIMPLE[hint] if hint in SIMPLE else st.from_type(hint)


@given(values(CommentEvent))
def test_an_event_comes_back_as_it_was(event: CommentEvent) -> None:
    assert EVENTS.decode(EVENTS.encode(event)) == event


@given(values(Verdict))
def test_a_verdict_comes_back_as_it_was(verdict: Verdict) -> None:
    assert VERDICTS.decode(VERDICTS.encode(verdict)) == verdict


@given(values(Observation))
def test_an_observation_comes_back_as_it_was(observation: Observation) -> None:
    assert OBSERVATIONS.decode(OBSERVATIONS.encode(observation)) == observation


@given(st.one_of(values(Observation), values(Whereabouts), values(Withdrawal), values(Candidate)))
def test_what_is_counted_comes_back_as_it_was(counted: Counted) -> None:
    assert COUNTED.decode(COUNTED.encode(counted)) == counted


@pytest.mark.parametrize("payload", [None, b"", b"?", b'{"v":1}', b'{"v":1,"type":"withdrawal"}', b'"\xff"'])
def test_what_is_none_of_these_is_refused(payload: bytes | None) -> None:
    with pytest.raises(Rejected, match=r"malformed|schema"):
        COUNTED.decode(payload)


@given(values(Alert))
def test_an_alert_comes_back_as_it_was(alert: Alert) -> None:
    assert ALERTS.decode(ALERTS.encode(alert)) == alert


def test_a_message_is_one_line_of_json_that_begins_with_its_version() -> None:
    event = dataclasses.replace(EVENT, comment=dataclasses.replace(EVENT.comment, text="two\nlines"))
    line = EVENTS.encode(event)
    assert (line[:8], b"\n" in line) == (b'{"v":1,"', False)


@pytest.mark.parametrize(
    ("payload", "reason", "detail"),
    [
        (None, "malformed", "the message is empty"),
        (b"", "malformed", "the message is empty"),
        (b"?", "malformed", "JSON is malformed: invalid character (byte 0)"),
        (PAYLOAD[:-1], "malformed", "Input data was truncated"),
        (PAYLOAD + b"}", "malformed", f"JSON is malformed: trailing characters (byte {len(PAYLOAD) + 1})"),
        (PAYLOAD.replace(b"gazette", b"\xff\xfe"), "malformed", "invalid UTF-8"),
        (b"[]", "schema", "Expected `object`, got `array`"),
        (b"{}", "schema", "Object missing required field `v`"),
        (b'{"v":1}', "schema", "Object missing required field `kind`"),
        (b'{"v":"1"}', "schema", "Expected `int`, got `str` - at `$.v`"),
        (b'{"v":2}', "version", "this release reads version 1, not 2"),
        (
            PAYLOAD.replace(b'"text"', b'"body"'),
            "schema",
            "Object missing required field `text` - at `$.comment`",
        ),
        (PAYLOAD.replace(b'"Well said."', b"5"), "schema", "Expected `str`, got `int` - at `$.comment.text`"),
        (
            PAYLOAD.replace(b'observed_at":"2026', b'observed_at":"Well said. 2026'),
            "schema",
            "Invalid RFC3339 encoded datetime - at `$.observed_at`",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason_and_its_place(
    payload: bytes | None, reason: str, detail: str
) -> None:
    with pytest.raises(Rejected) as refused:
        EVENTS.decode(payload)
    assert (refused.value.reason, refused.value.detail) == (reason, detail)


def test_another_version_is_told_from_a_broken_message() -> None:
    newer = PAYLOAD.replace(b'"v":1', b'"v":2').replace(b'"edited"', b'"pinned"')
    with pytest.raises(Rejected) as refused:
        EVENTS.decode(newer)
    assert refused.value.reason == "version"


@given(st.text().filter(lambda text: text not in set(EventKind)))
def test_a_refusal_never_repeats_what_the_message_says(words: str) -> None:
    payload = PAYLOAD.replace(b'"edited"', msgspec.json.encode(words))
    with pytest.raises(Rejected) as refused:
        EVENTS.decode(payload)
    assert refused.value.detail == "Invalid enum value '…' - at `$.kind`"


@pytest.mark.parametrize("field", ["observed_at", "comment.created_at", "comment.edited_at"])
def test_a_time_without_a_zone_is_refused_wherever_it_stands(field: str) -> None:
    name = field.rpartition(".")[2].encode()
    naive = PAYLOAD.replace(name + b'":"2026-11-28T12:00:00Z"', name + b'":"2026-11-28T12:00:00"')
    with pytest.raises(Rejected) as refused:
        EVENTS.decode(naive)
    assert str(refused.value) == f"schema: Expected a time with a zone - at `$.{field}`"


def test_nesting_without_end_is_refused_and_breaks_nothing() -> None:
    deep = PAYLOAD.replace(b'"extra":{}', b'"extra":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    with pytest.raises(Rejected) as refused:
        EVENTS.decode(deep)
    assert refused.value.reason == "malformed"


def test_what_a_later_release_adds_is_passed_over() -> None:
    assert EVENTS.decode(PAYLOAD.replace(b'"v":1,', b'"v":1,"mood":"sunny",')) == EVENT


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.kind.__name__)
def test_the_schema_names_every_field_and_wants_the_version(wire: Wire[Any]) -> None:
    own = wire.schema()["$defs"][wire.kind.__name__]  # type: ignore[index]
    assert list(own["properties"]) == ["v", *get_type_hints(wire.kind)]
    assert own["properties"]["v"] == {"const": 1}
    assert own["required"][0] == "v"


def test_the_schema_says_which_texts_are_times() -> None:
    comment = EVENTS.schema()["$defs"]["Comment"]["properties"]  # type: ignore[index]
    time = {"type": "string", "format": "date-time"}
    assert comment["created_at"] == {"anyOf": [time, {"type": "null"}], "default": None}
