"""Who blames others must see what is to be seen: the proxy of faults notices every impoliteness."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from tests.sites import faults
from tests.sites.chaos import Chaos, open_chaos
from tests.sites.politeness import GRACE, Courtesy

AGENT = {"User-Agent": "comment-monitor/1 (+https://gazette.example/bot)"}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers=AGENT, auto_decompress=False) as opened:
        yield opened


async def a_page(request: web.Request) -> web.StreamResponse:
    return web.json_response([request.path_qs, request.method])


async def text(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url, allow_redirects=False) as response:
        return await response.text()


async def blamed(chaos: Chaos) -> list[str]:
    return [violation.partition(": ")[2] for violation in chaos.violations]


async def test_what_is_behind_answers_when_nothing_goes_wrong(session: aiohttp.ClientSession) -> None:
    async with open_chaos(a_page) as site, open_chaos(site.url) as chaos:
        assert '["/a%20b?page=2", "GET"]' == await text(session, chaos.url + "/a%20b?page=2")
        assert [] == chaos.violations
        assert site.visits[0].host == chaos.visits[0].host


async def test_a_script_is_played_once_and_then_all_is_well(session: aiohttp.ClientSession) -> None:
    plan = faults.scripted(faults.throttled(7), None, faults.LOGIN_PAGE)
    async with open_chaos(a_page, plan) as chaos:
        said = [await text(session, chaos.url) for _ in range(4)]
    page = '["/", "GET"]'
    assert ("", page, page) == (said[0], said[1], said[3])
    assert "Sign in" in said[2]


async def test_a_seed_always_plays_the_same(session: aiohttp.ClientSession) -> None:
    async def played() -> list[int]:
        plan = faults.seeded(7, faults.status(500), faults.status(502), share=0.5, in_a_row=2)
        async with open_chaos(a_page, plan) as chaos:
            return [(await session.get(chaos.url)).status for _ in range(20)]

    first = await played()
    assert first == await played()
    assert {200, 500, 502} == set(first)


async def test_pages_may_come_shuffled_stale_or_instead_of_others(session: aiohttp.ClientSession) -> None:
    plan = faults.scripted(
        faults.asked_instead(lambda url: url.update_query(page=1)),
        faults.shuffled(3),
        stale := faults.stale(),
        stale,
    )
    async with open_chaos(a_page, plan) as chaos:
        said = [json.loads(await text(session, f"{chaos.url}/?page={page}")) for page in range(2, 6)]
    assert [["/?page=1", "GET"], ["GET", "/?page=3"], ["/?page=4", "GET"], ["/?page=4", "GET"]] == said


async def test_a_zipped_body_and_a_truncated_one_differ_by_their_ends(session: aiohttp.ClientSession) -> None:
    async with open_chaos(a_page, faults.scripted(faults.zipped, faults.truncated_gzip)) as chaos:
        whole = await (await session.get(chaos.url)).read()
        half = await (await session.get(chaos.url)).read()
    assert '["/", "GET"]' == gzip.decompress(whole).decode()
    with pytest.raises(EOFError):
        gzip.decompress(half)


async def test_a_lying_etag_hides_what_changed(session: aiohttp.ClientSession) -> None:
    async with open_chaos(a_page, faults.always(faults.lying_etag())) as chaos:
        etag = (await session.get(chaos.url)).headers["ETag"]
        again = await session.get(chaos.url + "/changed", headers={"If-None-Match": etag})
    assert 304 == again.status


@pytest.mark.parametrize("agent", ["", "Mozilla/5.0 (X11; Linux)"])
async def test_who_hides_is_blamed(agent: str, session: aiohttp.ClientSession) -> None:
    async with open_chaos(a_page) as chaos:
        await session.get(chaos.url, headers={"User-Agent": agent})
        assert [f"the User-Agent is {agent!r}"] == await blamed(chaos)


async def test_who_asks_too_often_is_blamed(session: aiohttp.ClientSession) -> None:
    async with open_chaos(a_page, courtesy=Courtesy(rate=5)) as chaos:
        for _ in range(6):
            await text(session, chaos.url)
        assert [] == chaos.violations
        await text(session, chaos.url)
        assert ["7 requests within 1 s"] == await blamed(chaos)


async def test_who_asks_too_much_at_once_is_blamed(session: aiohttp.ClientSession) -> None:
    plan = faults.always(faults.late(3 * GRACE))
    async with open_chaos(a_page, plan, Courtesy(concurrency=2)) as chaos:
        await asyncio.gather(*(text(session, chaos.url) for _ in range(2)))
        assert [] == chaos.violations
        await asyncio.gather(*(text(session, chaos.url) for _ in range(3)))
        assert ["3 requests are open at once"] == list(set(await blamed(chaos)))


@pytest.mark.parametrize(
    "asks",
    [
        faults.throttled(60),
        faults.throttled_until(60),
        faults.quota_spent(60),
        faults.throttled(60, code=503),
    ],
)
async def test_who_does_not_wait_when_told_to_is_blamed(
    asks: faults.Fault, session: aiohttp.ClientSession
) -> None:
    async with open_chaos(a_page, faults.scripted(asks)) as chaos:
        await text(session, chaos.url)
        await asyncio.sleep(GRACE)
        await text(session, chaos.url)
        [blame] = await blamed(chaos)
    assert blame.startswith("the host asked to be left alone for another 5")


async def test_who_does_not_obey_robots_txt_is_blamed(session: aiohttp.ClientSession) -> None:
    async with open_chaos(a_page, courtesy=Courtesy(robots="User-agent: *\nDisallow: /private")) as chaos:
        await text(session, chaos.url + "/public")
        await text(session, chaos.url + "/robots.txt")
        await text(session, chaos.url + "/public")
        await text(session, chaos.url + "/private/1")
        assert ["robots.txt was not asked for", "robots.txt forbids it"] == await blamed(chaos)
