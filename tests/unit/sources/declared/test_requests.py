"""What is asked of a site."""

from __future__ import annotations

from base64 import b64encode

import pytest

from monitor.settings.secret import Secret
from monitor.sources.polling.site import Thread
from monitor.sources.web.message import Request
from tests.unit.sources.declared.conftest import Told

SOURCE = """
id: gazette
kind: poll
format: json
fields: {id: {path: id}, text: {path: text}}
"""
ENVIRON = {"TOKEN": "s3cret"}


def request(told: Told, written: str, thread: Thread | None = None, more: str = "") -> Request:
    return told(f"{SOURCE}{more}request: {written}\n", ENVIRON).first(thread)


def revealed(value: object) -> str:
    assert isinstance(value, Secret)
    return value.reveal()


def test_an_address_alone_is_a_request(told: Told) -> None:
    found = request(told, "https://gazette.example/comments")
    assert (found.url, found.method, found.params, found.headers) == (
        "https://gazette.example/comments",
        "GET",
        {},
        {},
    )
    assert "application/json" in found.accept


def test_what_an_answer_may_be_can_be_told(told: Told) -> None:
    assert request(told, "{url: https://gazette.example/c, accept: text/html}").accept == ("text/html",)


def test_a_bearers_token_is_a_secret_in_a_header(told: Told) -> None:
    found = request(told, '{url: https://gazette.example/c, auth: {bearer: "${env:TOKEN}"}}')
    assert revealed(found.headers["Authorization"]) == "Bearer s3cret"
    assert found.credentials == {"Authorization"}


def test_user_and_password_are_a_secret_in_a_header(told: Told) -> None:
    found = request(
        told, '{url: https://gazette.example/c, auth: {basic: {user: bot, password: "${env:TOKEN}"}}}'
    )
    assert revealed(found.headers["Authorization"]) == "Basic " + b64encode(b"bot:s3cret").decode()


@pytest.mark.parametrize(("way", "where"), [("header", "headers"), ("query", "params")])
def test_a_key_is_a_secret_where_the_site_wants_it(told: Told, way: str, where: str) -> None:
    found = request(
        told, f'{{url: https://gazette.example/c, auth: {{{way}: {{name: X-Key, value: "${{env:TOKEN}}"}}}}}}'
    )
    assert revealed(getattr(found, where)["X-Key"]) == "s3cret"
    assert found.credentials == {"X-Key"}


def test_a_secret_in_any_header_or_parameter_stays_with_the_first_host(told: Told) -> None:
    found = request(
        told,
        '{url: https://a.example, headers: {Api-Key: "${env:TOKEN}", Api-Username: system}, '
        'params: {u: "${env:TOKEN}"}}',
    )
    assert found.credentials == {"Api-Key", "u"}
    assert found.headers["Api-Username"] == "system"


def test_no_secret_shows_in_what_is_printed(told: Told) -> None:
    found = request(told, '{url: https://gazette.example/c, auth: {query: {name: k, value: "${env:TOKEN}"}}}')
    assert "s3cret" not in repr(found)


FAN = "threads: {from: {list: ['a b', 'https://gazette.example/x?y=1']}}\n"


def test_a_thread_is_put_into_the_address_and_cannot_change_its_host(told: Told) -> None:
    found = request(told, "https://gazette.example/${thread.id}/comments", Thread(id="a b?c#d"), FAN)
    assert found.url == "https://gazette.example/a%20b%3Fc%23d/comments"


def test_a_thread_may_be_the_address(told: Told) -> None:
    found = request(told, '"${thread.id}"', Thread(id="https://gazette.example/x?y=1"), FAN)
    assert found.url == "https://gazette.example/x?y=1"


def test_a_thread_may_be_a_parameter(told: Told) -> None:
    found = request(
        told,
        '{url: https://gazette.example/c, params: {uri: "${thread.id}", after: "${cursor}"}}',
        Thread(id="/a b/"),
        FAN,
    )
    assert found.params == {"uri": "/a b/"}


def test_a_body_makes_it_a_post_of_json(told: Told) -> None:
    found = request(
        told,
        '{url: https://a.example, json: {query: "{ a }", first: 50, all: true, x: "1", y: [1.5, null]}}',
    )
    assert (found.method, found.json) == (
        "POST",
        {"query": "{ a }", "first": 50, "all": True, "x": "1", "y": [1.5, None]},
    )
