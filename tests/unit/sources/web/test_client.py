from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

import pytest
from aiohttp import web as server

from monitor.domain.errors import Retryable
from monitor.sources.web.client import WebClient
from monitor.sources.web.message import Refused, Request, Validators
from tests.channels import answers
from tests.sites import faults
from tests.sites.asking import CONTACT, QUICK, Hands, open_web
from tests.sites.chaos import open_chaos, open_decoy


async def a_page(request: server.Request) -> server.StreamResponse:
    return server.json_response(dict(request.query), headers={"ETag": '"v1"', "Last-Modified": "then"})


async def test_an_answer_comes_whole(web: WebClient) -> None:
    async with open_chaos(a_page, faults.always(faults.zipped)) as site:
        answer = await web.ask(Request(url=f"{site.url}/c?page=2#end", params={"size": "50"}), QUICK)

    assert (200, b'{"page": "2", "size": "50"}') == (answer.status, answer.body)
    assert (f"{site.url}/c?page=2&size=50", "utf-8") == (answer.url, answer.charset)
    assert Validators(etag='"v1"', last_modified="then") == answer.validators


async def test_who_asks_is_said_honestly(web: WebClient) -> None:
    async with open_chaos(a_page) as site:
        await web.ask(Request(url=site.url), QUICK)
        await web.ask(Request(url=site.url), replace(QUICK, user_agent="linux:gazette:v1 (by /u/desk)"))
    agents = [visit.headers["User-Agent"] for visit in site.visits]
    assert [
        f"comment-monitor/{version('comment-monitor')} (+{CONTACT})",
        "linux:gazette:v1 (by /u/desk)",
    ] == agents


async def test_a_parameter_replaces_one_of_the_url_by_the_same_name(web: WebClient) -> None:
    async with open_chaos(a_page) as site:
        await web.ask(Request(url=f"{site.url}/?page=1&tag=a&tag=b", params={"page": "2"}), QUICK)
    assert f"{site.url}/?page=2&tag=a&tag=b" == site.visits[0].url


async def test_a_post_carries_json_and_no_conditions(web: WebClient) -> None:
    async with open_chaos(a_page) as site:
        request = Request(url=site.url, method="POST", json={"query": "{comments}"})
        await web.ask(request, QUICK, Validators(etag='"v1"'))
    [visit] = site.visits
    assert b'{"query": "{comments}"}' == visit.body
    assert "If-None-Match" not in visit.headers


async def test_both_validators_are_sent(web: WebClient) -> None:
    async with open_chaos(answers(304)) as site:
        answer = await web.ask(Request(url=site.url), QUICK, Validators(etag='"v1"', last_modified="then"))
    headers = site.visits[0].headers
    assert ('"v1"', "then") == (headers["If-None-Match"], headers["If-Modified-Since"])
    assert answer.unchanged


async def test_what_a_server_gave_as_a_validator_but_no_header_may_hold_is_not_sent(web: WebClient) -> None:
    async with open_chaos(a_page) as site:
        await web.ask(Request(url=site.url), QUICK, Validators(etag='"a\r\nHost: b"', last_modified="\udcff"))
    assert not site.visits[0].headers.keys() & {"If-None-Match", "If-Modified-Since"}


async def test_who_says_unasked_that_nothing_changed_is_not_believed(web: WebClient) -> None:
    async with open_chaos(answers(304)) as site:
        with pytest.raises(Retryable, match="without having been asked"):
            await web.ask(Request(url=site.url), QUICK)


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 410, 422])
async def test_most_statuses_are_answers(status: int, web: WebClient) -> None:
    async with open_chaos(answers(status)) as site:
        assert status == (await web.ask(Request(url=site.url, accept=("application/json",)), QUICK)).status


async def test_cookies_are_not_kept_and_not_passed_on(web: WebClient) -> None:
    async with open_chaos(answers(200, Set_Cookie="session=1")) as site:
        answer = await web.ask(Request(url=site.url), QUICK)
        await web.ask(Request(url=site.url), QUICK)
    assert "Cookie" not in site.visits[1].headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
async def test_a_redirect_is_followed_as_browsers_do(status: int, method: str, web: WebClient) -> None:
    plan = faults.scripted(faults.redirected("/new?page=3", status))
    async with open_chaos(a_page, plan) as site:
        answer = await web.ask(Request(url=f"{site.url}/old", method="POST", json=[1]), QUICK)
    assert f"{site.url}/new?page=3" == answer.url
    assert [b"[1]", b"[1]" if method == "POST" else b""] == [visit.body for visit in site.visits]


async def test_redirects_end_somewhere(web: WebClient) -> None:
    async with open_chaos(a_page, faults.always(faults.redirected("/again"))) as site:
        with pytest.raises(Refused, match="redirects more than 5 times") as caught:
            await web.ask(Request(url=site.url), QUICK)
    assert ("redirect", 6) == (caught.value.reason, len(site.visits))


async def test_a_body_does_not_follow_to_another_host(web: WebClient) -> None:
    async with (
        open_decoy("127.0.0.1") as other,
        open_chaos(a_page, faults.always(faults.redirected(other.url, 307))) as site,
    ):
        with pytest.raises(Refused, match="wants the request's body sent"):
            await web.ask(Request(url=site.url, method="POST", json={}), QUICK)
    assert [] == other.hits


async def test_a_place_that_moved_for_good_is_told_once_without_its_query() -> None:
    told: list[tuple[str, str]] = []
    client = WebClient(lambda: datetime.now(UTC), moved=lambda old, new: told.append((old, new)))
    plan = faults.on("/old", faults.always(faults.redirected("/new?key=secret", 301)))
    async with open_chaos(a_page, plan) as site:
        for page in ("1", "2"):
            await client.ask(Request(url=f"{site.url}/old?key=secret&page={page}"), QUICK)
    await client.close()
    assert [(f"{site.url}/old", f"{site.url}/new")] == told


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gazette.example",
        "ftp://gazette.example",
        "file:///etc/passwd",
        "http://[::1",
        "http://a..b/",
        f"http://{'a' * 64}.example",
        "http://h:99999/",
    ],
)
async def test_an_address_that_is_none_is_refused(url: str, web: WebClient) -> None:
    with pytest.raises(Refused) as caught:
        await web.ask(Request(url=url), QUICK)
    assert "url" == caught.value.reason


@pytest.mark.parametrize(
    "url", ["ftp://gazette.example", "javascript:alert(1)", "http://a..b/", "//[::1", "data:text/html,x"]
)
async def test_a_redirect_to_what_is_no_address_is_refused(url: str, web: WebClient) -> None:
    async with open_chaos(a_page, faults.always(faults.redirected(url))) as site:
        with pytest.raises(Refused) as caught:
            await web.ask(Request(url=site.url), QUICK)
    assert "url" == caught.value.reason


async def test_a_header_with_a_line_break_is_refused(web: WebClient) -> None:
    with pytest.raises(Refused, match="the header 'X-Key' holds a character") as caught:
        await web.ask(Request(url="http://gazette.example", headers={"X-Key": "a\r\nHost: b"}), QUICK)
    assert "request" == caught.value.reason


async def test_the_answer_tells_when_it_came() -> None:
    hands = Hands(datetime(2026, 11, 29, tzinfo=UTC))
    async with open_web(hands) as web, open_chaos(a_page) as site:
        assert hands.now == (await web.ask(Request(url=site.url), QUICK)).received_at


async def test_headers_of_one_name_are_a_list_or_the_first(web: WebClient) -> None:
    async def linked(_request: server.Request) -> server.StreamResponse:
        response = server.Response(text="[]")
        response.headers.add("Link", '<a>; rel="next"')
        response.headers.add("Link", '<b>; rel="prev"')
        response.headers.add("ETag", '"a"')
        response.headers.add("ETag", '"b"')
        return response

    async with open_chaos(linked) as site:
        answer = await web.ask(Request(url=site.url), QUICK)
    assert ('<a>; rel="next", <b>; rel="prev"', '"a"') == (answer.headers["link"], answer.headers["etag"])


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("application/json; charset=utf-8", "application/json"),
        ("application/problem+json", "application/json"),
        ("application/atom+xml", "application/xml"),
        ("TEXT/HTML", "text/html"),
        ("text/plain", "text/*"),
        ("application/octet-stream", "application/json"),
    ],
)
async def test_an_answer_of_a_wanted_kind_is_taken(told: str, wanted: str, web: WebClient) -> None:
    async with open_chaos(a_page, faults.always(faults.status(200, "[]", told))) as site:
        answer = await web.ask(Request(url=site.url, accept=("application/x", wanted)), QUICK)
    assert b"[]" == answer.body
    assert f"application/x, {wanted}, */*;q=0.1" == site.visits[0].headers["Accept"]


@pytest.mark.parametrize(
    ("told", "body"),
    [
        ("text/html; charset=utf-8", "<form>"),
        ("application/octet-stream", " <!DOCTYPE html><form>"),
        ("application/octet-stream", "<!-- served by cache 3 --> <html lang=en>"),
    ],
)
async def test_a_login_page_is_no_json(told: str, body: str, web: WebClient) -> None:
    async with open_chaos(a_page, faults.always(faults.status(200, body, told))) as site:
        with pytest.raises(Refused, match=r"answers with text/html instead of application/json") as caught:
            await web.ask(Request(url=site.url, accept=("application/json",)), QUICK)
    assert "content_type" == caught.value.reason


async def test_proxies_of_the_environment_are_used_only_if_so_set(monkeypatch: pytest.MonkeyPatch) -> None:
    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nby proxy")
        writer.close()

    async with (
        await asyncio.start_server(proxy, "127.0.0.1", 0) as listening,
        open_chaos(answers(200)) as site,
    ):
        port = listening.sockets[0].getsockname()[1]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        said = []
        for proxies in (False, True):
            client = WebClient(lambda: datetime.now(UTC), proxies=proxies)
            said.append((await client.ask(Request(url=site.url), QUICK)).body)
            await client.close()
    assert [b"", b"by proxy"] == said
