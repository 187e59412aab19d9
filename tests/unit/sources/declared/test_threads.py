"""A site that is asked thread by thread."""

from __future__ import annotations

import json

import pytest

from monitor.domain.errors import Retryable
from monitor.sources.polling.site import Thread
from monitor.sources.web.message import Refused
from tests.unit.sources.declared.conftest import Answered, Told

SOURCE = """
id: gazette
kind: poll
format: json
request: https://gazette.example/articles/${{thread.id}}/comments
threads:
  from: {from_}
fields: {{id: {{path: id}}, text: {{path: text}}}}
"""
LISTED = """
    request: https://gazette.example/articles
    items: articles
    id: {path: id}
    url: {path: link, transform: [urljoin]}
    active_at: {path: last}
    active_within: 3d
    max: 2
    every: 10m
"""


def test_threads_may_be_listed_in_the_file(told: Told) -> None:
    site = told(SOURCE.format(from_="{list: ['1', 'https://gazette.example/2'], every: 1h}"))
    assert site.listing() is None
    assert site.fixed() == (
        Thread(id="1"),
        Thread(id="https://gazette.example/2", url="https://gazette.example/2"),
    )
    assert site.policy.threads_every == 3_600.0


def test_threads_are_asked_for_and_the_most_active_come_first(told: Told, answered: Answered) -> None:
    site = told(SOURCE.format(from_=LISTED))
    listing = site.listing()
    assert listing is not None
    assert listing.url == "https://gazette.example/articles"
    assert site.fixed() == ()
    days = {"old": 10, "b": 20, "a": 21, "c": 22, "odd": "soon"}
    articles = [
        {"id": name, "link": f"/{name}", "last": f"2026-11-{day}T12:00:00Z" if name != "odd" else day}
        for name, day in days.items()
    ]
    assert site.threads(answered(json.dumps({"articles": articles}))) == (
        Thread(id="c", url="https://gazette.example/c"),
        Thread(id="a", url="https://gazette.example/a"),
    )


def test_a_thread_of_which_no_time_is_known_may_be_active(told: Told, answered: Answered) -> None:
    site = told(SOURCE.format(from_=LISTED))
    found = site.threads(answered('{"articles": [{"id": 7}, {"id": 7}, {"id": null}]}'))
    assert found == (Thread(id="7"),)


def test_threads_may_be_listed_in_another_format_than_the_comments(told: Told, answered: Answered) -> None:
    id_ = "{attr: href, transform: [urljoin]}"
    from_ = f"{{request: https://gazette.example/, format: html, items: a.article, id: {id_}}}"
    site = told(SOURCE.format(from_=from_))
    found = site.threads(answered('<a class="article" href="/1">One</a><a href="/about">About</a>'))
    assert found == (Thread(id="https://gazette.example/1"),)


def test_a_listing_that_fails_is_tried_again_or_refused(told: Told, answered: Answered) -> None:
    site = told(SOURCE.format(from_=LISTED))
    with pytest.raises(Retryable):
        site.threads(answered("", status=500))
    with pytest.raises(Refused):
        site.threads(answered("", status=403))
    with pytest.raises(Retryable):
        site.threads(answered("<html>"))
