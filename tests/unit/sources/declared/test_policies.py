"""How a site is read over time, and how its hosts are treated."""

from __future__ import annotations

import pytest

from monitor.sources.polling.site import Deletes, Policy
from monitor.sources.web.message import Manners
from tests.unit.sources.declared.conftest import Told

SOURCE = """
id: gazette
kind: poll
format: json
request: https://gazette.example/comments
fields: {id: {path: id}, text: {path: text}}
"""
PAGE = """
id: gazette
kind: poll
format: html
request: https://gazette.example/comments
select: {items: li}
fields: {id: {attr: id}, text: {css: p}}
"""


def test_without_more_a_site_is_read_as_policy_and_manners_say(told: Told) -> None:
    site = told(SOURCE)
    assert site.policy == Policy()
    assert site.manners == Manners(robots="skip")


def test_everything_about_time_can_be_told(told: Told) -> None:
    site = told(
        SOURCE
        + """
paginate: {type: page, param: page, max_pages: 7}
incremental:
  order: oldest_first
  stop: last_page
  late_window: 2d
  deep_every: 5m
  backfill: 0s
  conditional_get: {full_every: 3}
  detect_deletes: {mode: reconcile, confirm_after: 3, max_share: 0.5}
poll: {every: 1m, min: 20s, max: 1h, adaptive: false, jitter: 0}
"""
    )
    assert site.policy == Policy(
        order="oldest_first",
        stop_at_known=False,
        late_window=172_800.0,
        deep_every=300.0,
        backfill=0.0,
        full_every=3,
        every=60.0,
        floor=20.0,
        ceiling=3_600.0,
        adaptive=False,
        jitter=0.0,
        max_pages=7,
        deletes=Deletes(mode="reconcile", confirm_after=3, max_share=0.5),
    )


@pytest.mark.parametrize(
    ("poll", "pace"),
    [
        ("{every: 5s}", (5.0, 5.0, 900.0)),
        ("{every: 1h}", (3_600.0, 15.0, 3_600.0)),
        ("{min: 60s}", (60.0, 60.0, 900.0)),
        ("{max: 20s}", (20.0, 15.0, 20.0)),
    ],
)
def test_one_bound_moves_what_it_would_contradict(
    told: Told, poll: str, pace: tuple[float, float, float]
) -> None:
    policy = told(f"{SOURCE}poll: {poll}\n").policy
    assert (policy.every, policy.floor, policy.ceiling) == pace


def test_everything_about_manners_can_be_told(told: Told) -> None:
    site = told(
        SOURCE
        + """
politeness:
  rate: 1/3s
  concurrency: 1
  robots: enforce
  user_agent: Bot/1
  networks: [10.0.0.0/8]
  respect_cache_control: false
limits: {timeout: 5s, max_bytes: 500kB, max_items: 10}
"""
    )
    assert site.manners == Manners(
        rate=1 / 3,
        concurrency=1,
        robots="enforce",
        user_agent="Bot/1",
        networks=("10.0.0.0/8",),
        timeout=5.0,
        max_bytes=500_000,
        respect_cache=False,
    )
    assert site.max_items == 10


@pytest.mark.parametrize(("rate", "number"), [("1/s", 1.0), ("30/m", 0.5), ("2/10s", 0.2), ("360/h", 0.1)])
def test_a_rate_is_so_many_requests_in_a_time(told: Told, rate: str, number: float) -> None:
    assert told(f"{SOURCE}politeness: {{rate: {rate}}}\n").manners.rate == pytest.approx(number)


def test_robots_txt_is_asked_for_pages_and_feeds(told: Told) -> None:
    assert told(PAGE).manners.robots == "enforce"
    assert told(PAGE + "politeness: {robots: skip}\n").manners.robots == "skip"
