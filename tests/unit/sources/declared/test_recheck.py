"""Whether a single comment still stands."""

from __future__ import annotations

import pytest

from monitor.domain.errors import Retryable
from monitor.sources.polling.site import Standing
from tests.unit.sources.declared.conftest import Answered, Told

SOURCE = """
id: gazette
kind: poll
format: json
request:
  url: https://gazette.example/comments
  params: {limit: 100, context: edit}
  auth: {bearer: "${env:TOKEN}"}
fields:
  id: {path: id}
  text: {path: text}
  status: {path: status, transform: [{map: {trash: deleted, ok: visible}}]}
incremental: {detect_deletes: {mode: status_code}}
"""
ENVIRON = {"TOKEN": "s3cret"}


def test_a_comment_is_asked_for_below_the_address_of_all(told: Told) -> None:
    found = told(SOURCE, ENVIRON).recheck("4 2")
    assert found is not None
    assert (found.url, found.params) == ("https://gazette.example/comments/4%202", {"context": "edit"})
    assert found.credentials == {"Authorization"}


def test_it_may_be_asked_for_elsewhere(told: Told) -> None:
    found = told(SOURCE + 'recheck: {request: "https://gazette.example/c?id=${id}"}\n', ENVIRON).recheck("42")
    assert found is not None
    assert found.url == "https://gazette.example/c?id=42"
    assert found.credentials == {"Authorization"}


def test_another_host_is_not_told_who_asks(told: Told) -> None:
    found = told(SOURCE + 'recheck: {request: "https://other.example/${id}"}\n', ENVIRON).recheck("42")
    assert found is not None
    assert (found.headers, found.credentials) == ({}, frozenset())


@pytest.mark.parametrize(
    ("status", "body", "standing"),
    [
        (200, '{"id": 42, "text": "a", "status": "ok"}', Standing.VISIBLE),
        (200, '{"id": 42, "text": "a", "status": "trash"}', Standing.DELETED),
        (200, '{"id": 42}', Standing.VISIBLE),
        (404, "", Standing.DELETED),
        (410, "<html>", Standing.DELETED),
    ],
)
def test_the_answer_says_how_it_stands(
    told: Told, answered: Answered, status: int, body: str, standing: Standing
) -> None:
    assert told(SOURCE, ENVIRON).rechecked(answered(body, status=status)) is standing


@pytest.mark.parametrize(("status", "body"), [(401, ""), (403, ""), (500, ""), (200, '{"status": "odd"}')])
def test_what_says_nothing_is_asked_again(told: Told, answered: Answered, status: int, body: str) -> None:
    with pytest.raises(Retryable):
        told(SOURCE, ENVIRON).rechecked(answered(body, status=status))


def test_a_status_means_what_the_file_says_where_the_body_agrees(told: Told, answered: Answered) -> None:
    site = told(SOURCE + "recheck: {means: {401: deleted}, believe_if: \"code == 'cannot_read'\"}\n", ENVIRON)
    assert site.rechecked(answered('{"code": "cannot_read"}', status=401)) is Standing.DELETED
    with pytest.raises(Retryable):
        site.rechecked(answered('{"code": "not_logged_in"}', status=401))
    with pytest.raises(Retryable):
        site.rechecked(answered("<html>", status=401))


def test_a_site_that_cannot_be_asked_is_not(told: Told) -> None:
    site = told(SOURCE.replace("status_code", "none"), ENVIRON)
    assert site.recheck("42") is None
