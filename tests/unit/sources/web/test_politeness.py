"""Every source of a process asks a host as one polite guest; the host itself counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiohttp import web as server
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from monitor.domain.errors import Retryable
from monitor.sources.web.client import WebClient
from monitor.sources.web.hosts import MOST_HOSTS, Hosts
from monitor.sources.web.message import Manners, Request
from tests.channels import answers, never_answers
from tests.sites import faults
from tests.sites.asking import QUICK, Hands, open_web
from tests.sites.chaos import Chaos, open_chaos
from tests.sites.politeness import GRACE, Courtesy

pytestmark = pytest.mark.slow

PAGE = answers(200, "[]")
STRICT = replace(QUICK, rate=20.0, concurrency=2)
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


async def asked(web: WebClient, site: Chaos, manners: Manners, times: int) -> None:
    await asyncio.gather(*(web.ask(Request(url=f"{site.url}/{n}"), manners) for n in range(times)))


async def test_the_rate_of_a_host_is_kept(web: WebClient) -> None:
    async with open_chaos(PAGE, courtesy=Courtesy(rate=20)) as site:
        await asked(web, site, replace(QUICK, rate=20.0), 25)
    assert ([], 25) == (site.violations, len(site.visits))


async def test_the_strictest_source_decides_for_all(web: WebClient) -> None:
    async with open_chaos(PAGE, courtesy=Courtesy(rate=20)) as site:
        await asked(web, site, STRICT, 1)
        await asked(web, site, replace(QUICK, rate=500.0), 24)
    assert [] == site.violations


async def test_no_more_are_asking_at_once_than_the_strictest_allows(web: WebClient) -> None:
    slow = faults.always(faults.late(2 * GRACE))
    async with open_chaos(PAGE, slow, Courtesy(concurrency=2)) as site:
        await asyncio.gather(asked(web, site, replace(QUICK, concurrency=2), 3), asked(web, site, QUICK, 3))
    assert ([], 6) == (site.violations, len(site.visits))


async def test_who_came_first_is_served_first(web: WebClient) -> None:
    async with open_chaos(PAGE) as site:
        await asked(web, site, replace(QUICK, rate=100.0, concurrency=1), 8)
    assert [f"/{n}" for n in range(8)] == site.paths


async def test_another_host_is_not_kept_waiting(web: WebClient) -> None:
    async with open_chaos(PAGE) as slow, open_chaos(PAGE) as quick:
        waiting = asyncio.create_task(asked(web, slow, replace(QUICK, rate=0.01), 2))
        await asked(web, quick, QUICK, 5)
        assert not waiting.done()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_who_no_longer_wants_to_ask_leaves_the_line(web: WebClient) -> None:
    arrived = asyncio.Event()

    async def silent(_request: server.Request) -> server.StreamResponse:
        arrived.set()
        return await never_answers(_request)

    async with open_chaos(PAGE, faults.scripted(faults.behaving(silent))) as site:
        manners = replace(QUICK, concurrency=1)
        first = asyncio.create_task(web.ask(Request(url=site.url), manners))
        others = [asyncio.create_task(web.ask(Request(url=f"{site.url}/{n}"), manners)) for n in range(3)]
        async with asyncio.timeout(5):
            await arrived.wait()
        others[0].cancel()
        first.cancel()
        assert [200, 200] == [(await each).status for each in others[1:]]
    assert ["/", "/1", "/2"] == site.paths


@pytest.mark.parametrize(
    "fault",
    [
        faults.throttled(60),
        faults.throttled_until(60),
        faults.throttled(60, code=503),
        faults.quota_spent(60),
    ],
)
async def test_a_host_that_asked_one_source_to_wait_is_asked_by_none(fault: faults.Fault) -> None:
    hands = Hands()
    async with open_web(hands) as web, open_chaos(PAGE, faults.scripted(fault), clock=hands) as site:
        with pytest.raises(Retryable):
            await asked(web, site, replace(QUICK, concurrency=1), 2)
        await asyncio.sleep(2 * GRACE)
        for _ in range(5):
            with pytest.raises(Retryable, match="asked to be left alone"):
                await web.ask(Request(url=site.url), replace(QUICK, user_agent="another source"))
            hands.turn(10)
        assert 1 == len(site.visits)
        hands.turn(11)
        assert 200 == (await web.ask(Request(url=site.url), QUICK)).status
    assert [] == site.violations


async def test_a_short_wait_is_waited_for(web: WebClient) -> None:
    async with open_chaos(PAGE, faults.scripted(faults.throttled(1))) as site:
        with pytest.raises(Retryable):
            await web.ask(Request(url=site.url), QUICK)
        await asyncio.sleep(2 * GRACE)
        await web.ask(Request(url=site.url), QUICK)
    assert ([], 2) == (site.violations, len(site.visits))
    assert site.visits[1].at - site.visits[0].at > 0.95


async def test_a_broken_connection_is_not_tried_again_behind_the_host_s_back(web: WebClient) -> None:
    async with open_chaos(PAGE, faults.scripted(None, faults.RESET)) as site:
        await web.ask(Request(url=site.url), QUICK)
        with pytest.raises(Retryable):
            await web.ask(Request(url=site.url), QUICK)
    assert 2 == len(site.visits)


async def test_both_ports_of_the_web_are_one_host() -> None:
    hosts = Hosts(Hands())
    urls = [
        "http://gazette.example",
        "https://gazette.example/a",
        "https://GAZETTE.example:443",
        "http://gazette.example:8080",
    ]
    a, b, c, d = (hosts.of(URL(url)) for url in urls)
    assert (True, True, False) == (a is b, b is c, c is d)


async def test_hosts_that_nobody_needs_are_forgotten() -> None:
    hands = Hands(NOON)
    hosts = Hosts(hands)
    held = hosts.of(URL("http://held.example"))
    held.hold(7_000)
    for number in range(MOST_HOSTS):
        hosts.of(URL(f"http://{number}.example"))
    hands.turn(3_601)
    kept = hosts.of(URL("http://0.example"))
    hosts.of(URL("http://new.example"))
    assert (True, False) == (
        hosts.of(URL("http://held.example")) is held,
        hosts.of(URL("http://0.example")) is kept,
    )


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(["ask", "hold"])), max_size=20))
async def test_nobody_asks_while_the_host_is_held(steps: list[tuple[float, str]]) -> None:
    hands = Hands(NOON)
    host = Hosts(hands, hands.sleep).of(URL("http://gazette.example"))
    until = NOON
    for seconds, step in steps:
        hands.turn(seconds / 4)
        if step == "hold":
            host.hold(seconds)
            until = max(until, hands.shifted(seconds))
        else:
            async with host.turn(replace(QUICK, rate=float("inf"))):
                assert hands() >= until


async def test_robots_is_asked_once_for_all_and_obeyed() -> None:
    robots = (
        "User-agent: comment-monitor\nDisallow: /private\nAllow: /private/feed\n\nUser-agent: *\nDisallow: /"
    )
    manners = replace(QUICK, robots="enforce")
    async with open_web() as web, open_chaos(PAGE, courtesy=Courtesy(robots=robots)) as site:
        await asked(web, site, manners, 3)
        await web.ask(Request(url=f"{site.url}/private/feed"), manners)
        with pytest.raises(Retryable, match="does not allow comment-monitor to ask for this"):
            await web.ask(Request(url=f"{site.url}/private"), manners)
        with pytest.raises(Retryable, match="does not allow gazette to ask for this"):
            await web.ask(
                Request(url=f"{site.url}/0"), replace(manners, user_agent="gazette/2 comment-monitor")
            )
    assert ([], 1) == (site.violations, site.paths.count("/robots.txt"))


async def test_an_api_s_robots_txt_is_not_asked_for(web: WebClient) -> None:
    async with open_chaos(PAGE) as site:
        await asked(web, site, QUICK, 2)
    assert "/robots.txt" not in site.paths


@pytest.mark.parametrize("line", ["Crawl-delay: 0.2", "Request-rate: 5/1s"])
async def test_a_site_may_ask_for_a_slower_pace(line: str, web: WebClient) -> None:
    manners = replace(QUICK, robots="enforce")
    async with open_chaos(PAGE, courtesy=Courtesy(rate=5, robots=f"User-agent: *\n{line}")) as site:
        await asked(web, site, manners, 7)
    assert ([], 7) == (site.violations, len(site.visits))


async def test_a_redirect_is_a_request_like_any_other(web: WebClient) -> None:
    robots = "User-agent: *\nDisallow: /private"
    plan = faults.on("/open", faults.always(faults.redirected("/private")))
    async with open_chaos(PAGE, plan, Courtesy(rate=20, robots=robots)) as site:
        with pytest.raises(Retryable, match=r"robots\.txt"):
            await web.ask(Request(url=f"{site.url}/open"), replace(QUICK, robots="enforce"))
    assert ([], ["/robots.txt", "/open"]) == (site.violations, site.paths)


async def test_the_whole_of_it_by_chance() -> None:
    """Sources of different manners ask a site that fails at random, and it has nothing to complain of."""
    plan = faults.seeded(
        11,
        faults.throttled(1),
        faults.quota_spent(2),
        faults.status(500),
        faults.RESET,
        faults.redirected("/x"),
        share=0.2,
    )
    courtesy = Courtesy(rate=20, concurrency=2, robots="User-agent: *\nCrawl-delay: 0.05\nDisallow: /private")

    async def source(web: WebClient, site: Chaos, manners: Manners) -> int:
        good = 0
        for number in range(6):
            try:
                await web.ask(Request(url=f"{site.url}/{number}"), replace(manners, robots="enforce"))
                good += 1
            except Retryable as error:
                await asyncio.sleep(error.retry_after or 0.05)
        return good

    async def a_page(_request: server.Request) -> server.StreamResponse:
        await asyncio.sleep(0.03)
        return server.Response(text="[]")

    async with open_web() as web, open_chaos(a_page, plan, courtesy) as site:
        good = await asyncio.gather(
            *(source(web, site, manners) for manners in (QUICK, STRICT, replace(QUICK, concurrency=3)))
        )
    assert [] == site.violations
    assert all(good)
