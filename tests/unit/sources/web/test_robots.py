from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from yarl import URL

from monitor.domain.errors import Retryable
from monitor.sources.web.message import Answer, Manners, Refused, Request
from monitor.sources.web.robots import Robots, product
from tests.channels import answers
from tests.sites import faults
from tests.sites.asking import QUICK, Hands, open_web
from tests.sites.chaos import open_chaos

ENFORCE = replace(QUICK, robots="enforce")
CLOSED = "User-agent: *\nDisallow: /"
PAGE = answers(200, "[]")


@pytest.mark.parametrize(
    "fault",
    [
        faults.status(404),
        faults.status(403),
        faults.status(410),
        faults.redirected("/robots.txt"),
        faults.LOGIN_PAGE,
    ],
)
async def test_a_site_without_one_allows_everything(fault: faults.Fault) -> None:
    async with open_web() as web, open_chaos(PAGE, robots=fault) as site:
        assert 200 == (await web.ask(Request(url=site.url), ENFORCE)).status


@pytest.mark.parametrize(
    "fault", [faults.status(500), faults.throttled(), faults.SILENCE, faults.RESET, faults.truncated_gzip]
)
async def test_one_that_cannot_be_read_allows_nothing(fault: faults.Fault) -> None:
    async with open_web() as web, open_chaos(PAGE, robots=fault) as site:
        with pytest.raises(
            Retryable, match=r"nothing is asked of 127\.0\.0\.1 until its robots\.txt can be read"
        ) as caught:
            await web.ask(Request(url=site.url), replace(ENFORCE, timeout=0.3))
    assert (60.0, []) == (caught.value.retry_after, site.visits)


async def test_one_is_found_by_redirects_on_another_host_too() -> None:
    async with (
        open_chaos(answers(200, CLOSED)) as other,
        open_web() as web,
        open_chaos(PAGE, robots=faults.redirected(other.url + "/rules")) as site,
    ):
        with pytest.raises(Refused) as caught:
            await web.ask(Request(url=site.url), ENFORCE)
    assert ("robots", []) == (caught.value.reason, site.visits)


async def test_one_may_not_lead_into_a_private_network() -> None:
    async with open_web() as web, open_chaos(PAGE, robots=faults.redirected("http://127.0.0.2:1/")) as site:
        with pytest.raises(Refused) as caught:
            await web.ask(Request(url=site.url), ENFORCE)
    assert ("private_network", []) == (caught.value.reason, site.visits)


async def test_half_a_megabyte_of_one_is_read_and_no_more() -> None:
    text = CLOSED.replace("/", "/a") + "\n#" + "x" * 600_000 + "\nDisallow: /b"
    async with open_web() as web, open_chaos(PAGE, robots=faults.status(200, text)) as site:
        assert 200 == (await web.ask(Request(url=f"{site.url}/b"), ENFORCE)).status
        with pytest.raises(Refused):
            await web.ask(Request(url=f"{site.url}/a"), ENFORCE)


async def test_one_is_read_again_after_a_day_and_believed_until_a_new_one_can_be_had() -> None:
    hands = Hands()
    robots = faults.one_by_one(faults.status(200, CLOSED), faults.status(500), faults.status(404))
    async with open_web(hands) as web, open_chaos(PAGE, robots=robots) as site:
        for seconds, asked in ((0, 1), (86_399, 1), (2, 2), (200, 2)):
            hands.turn(seconds)
            with pytest.raises(Refused):
                await web.ask(Request(url=site.url), ENFORCE)
            assert asked == site.paths.count("/robots.txt")
        hands.turn(101)
        assert 200 == (await web.ask(Request(url=site.url), ENFORCE)).status


async def test_many_names_before_many_rules_are_no_trap() -> None:
    """Protego alone takes 17 s over this."""
    text = "".join(f"User-agent: bot{n}\n" for n in range(3_000)) + "Disallow: /\n" * 3_000

    async def fetch(url: str, _manners: Manners) -> Answer:
        return Answer(url=url, status=200, headers={}, body=text.encode(), received_at=datetime.now(UTC))

    async with asyncio.timeout(3):
        assert 0 == await Robots(fetch, Hands()).admit(
            URL("http://gazette.example/a"), "comment-monitor/1", QUICK
        )


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("comment-monitor/0.1 (+https://gazette.example/bot)", "comment-monitor"),
        ("linux:gazette:v1 (by /u/desk)", "linux:gazette:v1"),
        ("gazette", "gazette"),
    ],
)
def test_an_agent_is_called_by_its_first_word(agent: str, token: str) -> None:
    assert token == product(agent)
