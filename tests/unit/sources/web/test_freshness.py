from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.web.freshness import fresh_for
from monitor.sources.web.message import Answer

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def fresh(**headers: str) -> float:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return fresh_for(Answer(url="", status=200, headers=named, body=b"", received_at=NOON))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache_control": "max-age=60"}, 60),
        ({"cache_control": 'public, Max-Age="60", must-revalidate'}, 60),
        ({"cache_control": "max-age=60", "age": "45"}, 15),
        ({"cache_control": "max-age=60", "age": "90"}, 0),
        ({"cache_control": "max-age=60, no-cache"}, 0),
        ({"cache_control": "no-store", "expires": "Sun, 29 Nov 2026 12:01:00 GMT"}, 0),
        ({"cache_control": "s-maxage=60"}, 0),
        ({"cache_control": "max-age=soon"}, 0),
        ({"cache_control": "max-age=0", "expires": "Sun, 29 Nov 2026 12:01:00 GMT"}, 0),
        ({"expires": "Sun, 29 Nov 2026 12:01:00 GMT"}, 60),
        ({"expires": "Sun, 29 Nov 2026 12:01:00 GMT", "date": "Sun, 29 Nov 2026 12:00:30 GMT"}, 30),
        ({"expires": "Sun, 29 Nov 2026 11:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
    ],
)
def test_for_how_long_an_answer_need_not_be_asked_for_again(headers: dict[str, str], seconds: float) -> None:
    assert seconds == fresh(**headers)


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=10))
def test_no_header_breaks_it(cache_control: str, expires: str, age: str) -> None:
    assert fresh(cache_control=cache_control, expires=expires, age=age) >= 0
