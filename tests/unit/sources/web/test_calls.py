from __future__ import annotations

import pytest
from yarl import URL

from monitor.settings.secret import Secret
from monitor.sources.web.calls import Call, first
from monitor.sources.web.masking import shown
from monitor.sources.web.message import NO_VALIDATORS, Refused, Request

KEY = Secret("k3y")
HOME = "https://desk:pa55@gazette.example/comments?page=1"
REQUEST = Request(
    url=HOME,
    params={"api_key": KEY, "size": "50"},
    headers={"X-Token": "t0ken", "X-Plain": "plain", "Cookie": "c00kie"},
    credentials=frozenset({"x-token"}),
)


def sent(call: Call) -> tuple[str, dict[str, str]]:
    ours = {"Accept", "Accept-Encoding", "User-Agent"}
    return str(call.target), {
        name: value for name, value in call.lines(NO_VALIDATORS).items() if name not in ours
    }


def onward(location: str, request: Request = REQUEST, status: int = 302) -> Call:
    call = first(request, "comment-monitor").onward(status, location)
    assert call is not None
    return call


def test_everything_goes_to_the_host_that_it_is_for() -> None:
    headers = {
        "Authorization": "Basic ZGVzazpwYTU1",
        "X-Token": "t0ken",
        "X-Plain": "plain",
        "Cookie": "c00kie",
    }
    call = first(REQUEST, "comment-monitor")
    assert ("https://gazette.example/comments?page=1&api_key=k3y&size=50", headers) == sent(call)
    assert "https://gazette.example/comments?page=1&size=50" == str(call.open_url)


def test_a_header_s_authorization_goes_before_the_url_s() -> None:
    call = first(Request(url=HOME, headers={"authorization": Secret("Bearer b")}), "comment-monitor")
    assert {"authorization": "Bearer b"} == {name.lower(): value for name, value in sent(call)[1].items()}


def test_within_a_site_a_redirect_takes_everything_along_but_what_the_new_query_says() -> None:
    url, headers = sent(onward("/new?page=2&api_key=k3y"))
    assert "https://gazette.example/new?page=2&api_key=k3y" == url
    assert {"Authorization", "X-Token", "X-Plain", "Cookie"} == headers.keys()


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("b", "https://gazette.example/caf%C3%A9/b"),
        ("a\x01b", "https://gazette.example/caf%C3%A9/a%01b"),
        ("../b", "https://gazette.example/b"),
        ("?page=2", "https://gazette.example/caf%C3%A9/a%20b?page=2"),
    ],
)
def test_what_is_relative_stands_beside_the_page_that_says_it(location: str, url: str) -> None:
    assert url == str(onward(location, Request(url="https://gazette.example/café/a b?page=1")).target)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/new?page=2&api_key=k3y",
        "//evil.example/new?page=2&API_KEY=k3y",
        "https://gazette.example:8443/new?page=2",
        "https://www.gazette.example/new?page=2",
        "https://desk:pa55@evil.example/new?page=2",
    ],
)
def test_elsewhere_nothing_secret_goes(location: str) -> None:
    url, headers = sent(onward(location))
    assert ("/new?page=2", {"X-Plain": "plain"}) == (str(URL(url).relative()), headers)


def test_what_was_dropped_on_the_way_does_not_come_back() -> None:
    there = onward("https://evil.example/")
    back = there.onward(302, "https://gazette.example/")
    assert back is not None
    assert {"X-Plain": "plain"} == sent(back)[1]


def test_to_the_encrypted_site_nothing_secret_goes_either() -> None:
    plain = Request(url="http://gazette.example/", headers={"X-Token": Secret("t")})
    assert ("https://gazette.example/", {}) == sent(onward("https://gazette.example/", plain))


def test_a_secret_keeps_a_redirect_from_leaving_encryption() -> None:
    with pytest.raises(Refused, match="without encryption") as caught:
        onward("http://gazette.example/new")
    assert "redirect" == caught.value.reason


def test_without_a_secret_it_may() -> None:
    plain = Request(url="https://gazette.example/", headers={"X-Plain": "plain"})
    assert ("http://gazette.example/new", {"X-Plain": "plain"}) == sent(
        onward("http://gazette.example/new", plain)
    )


@pytest.mark.parametrize("status", [200, 300, 304, 305, 306, 400])
def test_most_statuses_lead_nowhere(status: int) -> None:
    assert first(REQUEST, "comment-monitor").onward(status, "/new") is None


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://desk:pa55@gazette.example/comments?key=k3y#k3y", "https://gazette.example/comments"),
        (
            "https://gazette.example:8443/feed/xoxb1234567890abcdef/all",
            "https://gazette.example:8443/feed/…/all",
        ),
        (
            "https://gazette.example/2026/11/a-day-in-november",
            "https://gazette.example/2026/11/a-day-in-november",
        ),
    ],
)
def test_what_a_log_may_say_of_a_url(url: str, told: str) -> None:
    assert told == shown(URL(url))
