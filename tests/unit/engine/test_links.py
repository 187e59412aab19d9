from __future__ import annotations

import time

import pytest

from monitor.domain.errors import Misconfigured
from monitor.engine.domains import linked
from monitor.engine.hosts import plain_host, registrable
from tests.trial import a_book, an_event, fires, found


def hosts(text: str) -> list[str]:
    return [link.host for link in linked(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://www.example.org/a?b=1.", ["example.org"]),
        ("see HTTP://Example.ORG:8080/x", ["example.org"]),
        ("http://gazette.example@evil.example/", ["evil.example"]),
        ("www.example.org, and shop.example.com/buy", ["example.org", "shop.example.com"]),
        ("http://192.0.2.7/x and http://[2001:db8::1]/", ["192.0.2.7", "[2001:db8::1]"]),
        ("write to ann@example.org", []),
        ("look at report.pdf and main.py", []),
        ("That was it.And then. I went home.The dog was there.It barked: ok.thanks, 3.5.version", []),
        ("Visit evil.example. Or Evil.Example... or evil.example!", ["evil.example"] * 3),
        ("https://m\u00fcnchen.example/ and m\u00fcnchen.example", ["xn--mnchen-3ya.example"] * 2),
        ("https://ev\u200bil.example/, ev\u200bil.example", ["evil.example"] * 2),
        ("evil[.]example, hxxps://evil(.)example/x, evil[dot]example", ["evil.example"] * 3),
        ("http://3232235777/ http://0xC0.0250.257 http://192.168.1.1./", ["192.168.1.1"] * 3),
        ("e.g. this, 3.5 and U.S.A.", []),
    ],
)
def test_links_are_found_with_the_host_that_they_lead_to(text: str, expected: list[str]) -> None:
    assert expected == hosts(text)


@pytest.mark.parametrize("spelled", ["4294967296", "1.2.3.4.5", "256.1", "1.2.3.256", "09", "a.1", "1..2"])
def test_what_no_browser_takes_for_an_address_stays_a_name(spelled: str) -> None:
    assert spelled == plain_host(spelled)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("news.bbc.co.uk", "bbc.co.uk"),
        ("bbc.co.uk", "bbc.co.uk"),
        ("a.b.example.org", "example.org"),
        ("ann.blogspot.com", "ann.blogspot.com"),
        ("x.bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com"),
        ("192.0.2.7", "192.0.2.7"),
        ("localhost", "localhost"),
    ],
)
def test_what_is_registered_of_a_host(host: str, expected: str) -> None:
    assert expected == registrable(host)


@pytest.mark.parametrize(
    ("clause", "text", "expected"),
    [
        ("domains: [example.com]", "http://shop.example.com/x", True),
        ("domains: [example.com]", "http://badexample.com/x", False),
        ("domains: [m\u00fcnchen.example]", "http://xn--mnchen-3ya.example/", True),
        ("domains: [xn--mnchen-3ya.example]", "http://M\u00dcNCHEN.example/", True),
        ("domains: ['*.example.com', other.example]", "https://other.example", True),
        ("not_domains: [gazette.example]", "http://www.gazette.example/1", False),
        ("not_domains: [gazette.example]", "no link at all", False),
        ("not_domains: [gazette.example]", "http://elsewhere.example", True),
        ("shortener: true", "http://bit.ly/xyz", True),
        ("shortener: false", "http://bit.ly/xyz", False),
        ("ip: true", "http://192.0.2.7/login", True),
        ("disguised: true", "[bank.example](https://evil.example/bank.example)", True),
        ("disguised: true", "[www.bank.example](https://login.bank.example)", False),
        ("disguised: true", '<a href="https://evil.example/x">https://bank.example</a>', True),
        ("disguised: true", "[click here](https://evil.example)", False),
        ("shortener: true, not_domains: [bit.ly]", "http://bit.ly/a http://evil.example", False),
    ],
)
def test_links_are_told_by_where_they_lead(clause: str, text: str, expected: bool) -> None:  # noqa: FBT001
    assert expected is fires(f"links: {{{clause}}}", text)


def test_the_domains_may_stand_in_a_list() -> None:
    lists = {"bad": "evil.example\nworse.example | note: since May\n"}

    assert ["http://a.worse.example/x"] == found(
        "links: {lists: [bad]}", "see http://a.worse.example/x now", lists
    )


def test_a_site_may_be_called_like_the_author() -> None:
    clause = "links: {author_name: true}"

    assert fires(clause, an_event("https://www.best-lamps.example/x", author="Best Lamps 24"))
    assert not fires(clause, an_event("https://gazette.example/x", author="ann"))
    assert not fires(clause, an_event("https://gazette.example/x", author=None))


def test_a_domain_that_anybody_registers_below_is_a_warning() -> None:
    book = a_book("links: {domains: [co.uk, bbc.co.uk]}")

    assert ["anybody may have a site below `co.uk`"] == [problem.message for problem in book.warnings]


@pytest.mark.parametrize(
    ("clause", "message"),
    [
        ("links: {domains: [https://example.com/x]}", "is no domain"),
        ("links: {lists: [nowhere]}", "there is no list `nowhere`"),
        ("links: {}", "`links` asks for nothing"),
    ],
)
def test_what_is_wrong_is_reported(clause: str, message: str) -> None:
    with pytest.raises(Misconfigured, match=message):
        a_book(clause)


@pytest.mark.parametrize(
    "text",
    [
        "a." * 10_000,
        "www." * 5_000,
        "[" * 20_000,
        "[a](http://" * 1_800,
        "<a href=http://" * 1_300,
        "http://a@" * 2_200,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    fires("links: {disguised: true}", text)

    assert time.perf_counter() - start < 1
