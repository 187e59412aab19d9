"""What a request carries that nobody else may see is seen by the host that it is for, and nowhere else."""

from __future__ import annotations

import logging
import traceback
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from monitor.domain.errors import MonitorError
from monitor.settings.secret import Secret
from monitor.sources.web.calls import first
from monitor.sources.web.client import WebClient
from monitor.sources.web.message import Request
from tests.channels import answers
from tests.sites import faults
from tests.sites.asking import QUICK
from tests.sites.chaos import open_chaos, open_decoy

BASIC = b64encode(b"desk:s3cret-in-userinfo").decode()
SECRETS = ("s3cret-in-header", "s3cret-in-query", "s3cret-in-userinfo", "s3cret-in-plain", BASIC)
OF_THE_SITE = {"aiohttp.access", "aiohttp.server"}
PAGE = answers(200, "[]")

FAULTS = [
    faults.SILENCE,
    faults.RESET,
    faults.NONSENSE,
    faults.truncated_gzip,
    faults.gzip_bomb(),
    faults.LOGIN_PAGE,
    faults.throttled(5),
    faults.status(500),
    faults.status(304),
    faults.redirected("http://169.254.169.254/?api_key=s3cret-in-query"),
    faults.redirected("http://[::1?api_key=s3cret-in-query"),
    faults.redirected("ftp://desk:s3cret-in-userinfo@127.0.0.1/"),
    faults.redirected("/again?api_key=s3cret-in-query"),
    faults.redirected("http://no-such-name.invalid/s3cret-in-query"),
]


def a_request(url: str) -> Request:
    return Request(
        url=url.replace("://", "://desk:s3cret-in-userinfo@") + "/comments?page=1",
        params={"api_key": Secret("s3cret-in-query")},
        headers={"X-Key": Secret("s3cret-in-header"), "X-Token": "s3cret-in-plain"},
        credentials=frozenset({"X-Token"}),
        accept=("application/json",),
    )


def leaked(*texts: str) -> list[str]:
    return [secret for secret in SECRETS if any(secret in text for text in texts)]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("robots", [True, False])
async def test_no_failure_tells_a_secret(
    fault: faults.Fault, *, robots: bool, web: WebClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    manners = replace(QUICK, timeout=0.3, max_bytes=100_000, robots="enforce" if robots else "skip")
    async with open_chaos(PAGE, faults.always(fault), robots=fault if robots else faults.status(404)) as site:
        with capture_logs() as logged, pytest.raises(MonitorError) as caught:
            await web.ask(a_request(site.url), manners)
    error = caught.value
    ours = [record.getMessage() for record in caplog.records if record.name not in OF_THE_SITE]
    assert [] == leaked(str(error), repr(error), *traceback.format_exception(error), *ours, repr(logged))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://a..b", "http://no-such-name.invalid", "http://2130706433"]
)
async def test_no_address_tells_a_secret(url: str, web: WebClient) -> None:
    with pytest.raises(MonitorError) as caught:
        await web.ask(a_request(url), QUICK)
    assert [] == leaked(str(caught.value), *traceback.format_exception(caught.value))


async def test_the_host_itself_sees_all_and_the_answer_tells_nothing(web: WebClient) -> None:
    async with open_chaos(answers(200, "[]", Content_Type="application/json")) as site:
        answer = await web.ask(a_request(site.url), QUICK)
    [visit] = site.visits
    seen = [visit.url, *visit.headers.values()]
    assert [secret for secret in SECRETS if secret != "s3cret-in-userinfo"] == leaked(*seen)
    assert [] == leaked(repr(answer))
    assert f"{site.url}/comments?page=1" == answer.url


def test_neither_a_request_nor_a_call_shows_a_secret() -> None:
    request = a_request("https://gazette.example")
    assert [] == leaked(repr(request), repr(first(request, "comment-monitor")))
    assert "Request(GET https://gazette.example/comments)" == repr(request)


async def test_another_host_sees_no_secret(web: WebClient) -> None:
    async with open_chaos(PAGE) as other:
        to = other.url + "/?api_key=s3cret-in-query&page=1"
        async with open_chaos(PAGE, faults.always(faults.redirected(to))) as site:
            await web.ask(replace(a_request(site.url), accept=()), QUICK)
    [visit] = other.visits
    assert [] == leaked(visit.url, *visit.headers.values())


async def test_a_moved_place_is_logged_without_a_secret() -> None:
    client = WebClient(lambda: datetime.now(UTC))
    to = "/new/0123456789abcdefXYZ?api_key=s3cret-in-query"
    async with open_chaos(PAGE, faults.scripted(faults.redirected(to, 301))) as site:
        with capture_logs() as logged:
            await client.ask(replace(a_request(site.url), accept=()), QUICK)
    await client.close()
    expected = {
        "event": "source.moved",
        "log_level": "warning",
        "old": f"{site.url}/comments",
        "new": f"{site.url}/new/…",
    }
    assert [expected] == logged


async def test_a_decoy_behind_a_permanent_redirect_learns_nothing(web: WebClient) -> None:
    async with (
        open_decoy() as decoy,
        open_chaos(PAGE, faults.always(faults.redirected(decoy.url, 308))) as site,
    ):
        with pytest.raises(MonitorError):
            await web.ask(a_request(site.url), QUICK)
    assert [] == decoy.hits
