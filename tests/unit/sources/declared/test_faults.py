"""What an answer means that is not what was asked for."""

from __future__ import annotations

import pytest

from monitor.domain.errors import Retryable
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.polling.site import Page
from monitor.sources.web.message import Refused
from tests.unit.sources.declared.conftest import Answered, Told

SOURCE = """
id: gazette
kind: poll
format: json
request: https://gazette.example/comments
select: {items: "items || @", empty: true}
fields: {id: {path: id}, text: {path: text}}
errors: %s
"""


def site_of(told: Told, errors: str = "{}") -> DeclaredSite:
    return told(SOURCE % errors)


def read(site: DeclaredSite, answered: Answered, body: str, status: int = 200, **headers: str) -> Page:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.read(site.first(None), answered(body, status=status, headers=named), None)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520, 418, 404])
def test_most_failures_are_tried_again(told: Told, answered: Answered, status: int) -> None:
    with pytest.raises(Retryable) as error:
        read(site_of(told), answered, "", status)
    assert not isinstance(error.value, Refused)


@pytest.mark.parametrize(("status", "reason"), [(401, "unauthorized"), (403, "forbidden"), (410, "gone")])
def test_a_closed_door_is_a_refusal(told: Told, answered: Answered, status: int, reason: str) -> None:
    with pytest.raises(Refused) as error:
        read(site_of(told), answered, "", status)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("value", "seconds"), [("120", 120.0), ("Sun, 22 Nov 2026 18:01:00 GMT", 60.0), ("soon", None)]
)
def test_the_site_says_how_long_to_wait(
    told: Told, answered: Answered, value: str, seconds: float | None
) -> None:
    with pytest.raises(Retryable) as error:
        read(site_of(told), answered, "", 503, retry_after=value)
    assert error.value.retry_after == seconds


def test_the_header_may_have_another_name(told: Told, answered: Answered) -> None:
    with pytest.raises(Retryable) as error:
        read(site_of(told, "{wait_header: X-Wait}"), answered, "", 503, x_wait="7")
    assert error.value.retry_after == 7.0


def test_statuses_can_be_told_otherwise(told: Told, answered: Answered) -> None:
    site = site_of(told, "{retry_on: [403], stop_on: [404]}")
    with pytest.raises(Retryable) as again:
        read(site, answered, "", 403)
    with pytest.raises(Refused):
        read(site, answered, "", 404)
    assert not isinstance(again.value, Refused)


@pytest.mark.parametrize(
    ("errors", "body", "status", "seconds"),
    [
        (
            "{body: {when: \"error == 'rate_limit_error'\", then: retry, wait: 60s}}",
            '{"error": "rate_limit_error"}',
            400,
            60.0,
        ),
        (
            "{body: {when: \"error_name == 'throttle_violation'\", then: retry, wait: 30s}}",
            '{"error_name": "throttle_violation"}',
            400,
            30.0,
        ),
        ("{body: {when: errors, then: retry}}", '{"errors": [{"message": "no"}], "data": null}', 200, 60.0),
        ("{body: {when: wait, then: retry, wait_path: wait.seconds}}", '{"wait": {"seconds": 9}}', 429, 9.0),
    ],
)
def test_a_body_may_say_to_wait(
    told: Told, answered: Answered, errors: str, body: str, status: int, seconds: float
) -> None:
    with pytest.raises(Retryable) as error:
        read(site_of(told, errors), answered, body, status)
    assert error.value.retry_after == seconds
    assert not isinstance(error.value, Refused)


def test_a_body_may_say_to_stop(told: Told, answered: Answered) -> None:
    errors = (
        "{retry_on: [403], body: [{when: \"error.errors[?reason=='quotaExceeded']\", then: stop, wait: 6h}]}"
    )
    site = site_of(told, errors)
    with pytest.raises(Refused) as error:
        read(site, answered, '{"error": {"errors": [{"reason": "quotaExceeded"}]}}', 403)
    assert error.value.retry_after == 21_600.0
    with pytest.raises(Retryable):
        read(site, answered, '{"error": {"errors": [{"reason": "backendError"}]}}', 403)


def test_a_good_answer_may_ask_to_wait(told: Told, answered: Answered) -> None:
    site = site_of(told, "{pause: backoff}")
    assert read(site, answered, '{"items": [], "backoff": 10}').wait == 10.0
    assert read(site, answered, '{"items": []}').wait == 0.0


@pytest.mark.parametrize(
    ("quota", "headers", "seconds"),
    [
        ("{remaining: X-Left, reset: X-Reset, reset_format: delta}", {"x_left": "0", "x_reset": "30"}, 30.0),
        (
            "{remaining: X-Left, reset: X-Reset, reset_format: epoch}",
            {"x_left": "0", "x_reset": "1795370460"},
            60.0,
        ),
        (
            "{remaining: X-Left, reset: X-Reset, reset_format: iso}",
            {"x_left": "0", "x_reset": "2026-11-22T18:02:00Z"},
            120.0,
        ),
        ("{remaining: X-Left, reset: X-Reset}", {"x_left": "1", "x_reset": "30"}, 0.0),
        ("{remaining: X-Left, reset: X-Reset}", {}, 0.0),
        ("{remaining: X-Left, reset: X-Reset}", {"x_left": "0"}, 60.0),
    ],
)
def test_a_quota_that_is_used_up_is_waited_for(
    told: Told, answered: Answered, quota: str, headers: dict[str, str], seconds: float
) -> None:
    assert (
        read(site_of(told, f"{{quota: {quota}}}"), answered, '{"items": []}', 200, **headers).wait == seconds
    )


def test_a_quota_may_stand_in_the_body(told: Told, answered: Answered) -> None:
    site = site_of(told, "{quota: {remaining: quota_remaining, reset: reset_in}}")
    assert read(site, answered, '{"items": [], "quota_remaining": 0, "reset_in": 5}').wait == 5.0


def test_no_wait_is_longer_than_a_day(told: Told, answered: Answered) -> None:
    assert read(site_of(told, "{pause: backoff}"), answered, '{"items": [], "backoff": 1e9}').wait == 86_400.0
