"""A site of many faces lives, its proxy fails in every way, and the product tells all of it, once, politely.

People write, wait for their moderators, edit, delete and come in bursts (`tests/sites/faces`); time goes 80
times as fast; the sources are read as their files tell, by presets where there are any.
"""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest
from yarl import URL

from tests.sites.faces.coral import Coral
from tests.sites.faces.discourse import Discourse, OldDiscourse
from tests.sites.faces.disqus import Disqus
from tests.sites.faces.face import Face
from tests.sites.faces.feeds import AtomFeed, RssFeed
from tests.sites.faces.github import GitHub
from tests.sites.faces.hackernews import HackerNews
from tests.sites.faces.json_api import JsonApi
from tests.sites.faces.lemmy import Lemmy
from tests.sites.faces.living import live
from tests.sites.faces.pages import Pages
from tests.sites.faces.scenario import Acts
from tests.sites.faces.stackexchange import StackExchange
from tests.sites.faces.store import Store
from tests.sites.faces.youtube import YouTube
from tests.sites.faults import (
    ENDLESS,
    LOGIN_PAGE,
    NONSENSE,
    RESET,
    Plan,
    always,
    asked_instead,
    charset,
    gzip_bomb,
    late,
    lying_etag,
    redirected,
    reset_mid_body,
    rewritten,
    scripted,
    seeded,
    stale,
    status,
    throttled,
    truncated_gzip,
    zipped,
)
from tests.sites.ledger import EVEN


def storm() -> Plan:
    """Return what may happen to any request of any site, three in a row at most."""
    waits = (throttled(2), throttled(1, code=503), status(503), status(500))
    breaks = (RESET, NONSENSE, truncated_gzip, reset_mid_body)
    return seeded(1, *waits, *breaks, zipped, lying_etag(), late(0.5))


def on_lists(plan: Plan) -> Plan:
    """Return the plan for whole pages only, not for single comments that are asked for again."""
    return lambda request: plan(request) if request.path == "/api/comments" else None


@pytest.mark.parametrize(
    "face",
    [JsonApi, Pages, Coral, Discourse, OldDiscourse, Disqus, HackerNews, GitHub, Lemmy],
    ids=lambda face: face.__name__,
)
def test_everything_is_told_once_and_politely_however_much_goes_wrong(face: type[Face]) -> None:
    told = live(face, plan=storm())
    assert (EVEN, [], 0) == (told.balance, told.violations, told.buried)


def test_of_youtube_all_is_told_but_what_its_list_does_not_show() -> None:
    kept: list[YouTube] = []

    def face(store: Store) -> YouTube:
        kept.append(YouTube(store))
        return kept[0]

    told = live(face, plan=storm(), settled=4)
    unshown = {
        site.native(kept)
        for site in kept[:1]
        for top in site.store.comments
        for kept in site.replies_of(top.number)[:-5]
    }
    assert told.balance.lost | told.balance.stale <= unshown
    assert (frozenset(), (), []) == (told.balance.ghosts, told.balance.doubled, told.violations)


def test_a_backoff_within_a_good_answer_is_heard() -> None:
    kept: list[StackExchange] = []

    def face(store: Store) -> StackExchange:
        kept.append(StackExchange(store))
        return kept[0]

    told = live(face)
    assert (EVEN, []) == (told.balance, told.violations)
    assert 0 == kept[0].unheard


@pytest.mark.parametrize("face", [AtomFeed, RssFeed], ids=lambda face: face.__name__)
def test_a_feed_of_ten_is_enough_where_fewer_come_between_two_readings(face: type[Face]) -> None:
    calm = Acts(hold=0, edit=0, trash=0, restore=0, burst=4, size=3, pause=4.0, count=30)
    told = live(face, calm, plan=storm())
    assert (EVEN, []) == (told.balance, told.violations)


def test_what_a_feed_could_not_show_is_said_to_be_missing() -> None:
    told = live(AtomFeed, Acts(burst=6), settled=1)
    assert told.balance.lost
    assert () == told.balance.doubled
    assert any(poll.gap for poll in told.polls)


def test_answers_that_cannot_be_used_are_asked_for_seldom_and_lose_nothing() -> None:
    inward = redirected("http://169.254.169.254/latest/meta-data/")
    faults = (LOGIN_PAGE, None, ENDLESS, None, gzip_bomb(), None, inward, None)
    told = live(JsonApi, Acts(count=30), plan=on_lists(scripted(*faults)), factor=600)
    assert (EVEN, []) == (told.balance, told.violations)
    assert 4 == sum(poll.outcome == "refused" for poll in told.polls)


def test_pages_that_shift_repeat_and_come_stale_lose_nothing_in_the_end() -> None:
    def neighbour(url: URL) -> URL:
        page = int(url.query.get("page", "1"))
        return url.update_query(page=max(1, page + Random(page).choice([-1, 1])))

    def shuffle(body: bytes) -> bytes:
        answer = json.loads(body)
        Random(len(body)).shuffle(answer.get("comments", []))
        return json.dumps(answer).encode()

    faults = (asked_instead(neighbour), rewritten(shuffle), stale())
    told = live(JsonApi, plan=seeded(2, *faults), calm=True)
    assert (EVEN, []) == (told.balance, told.violations)


def test_validators_that_lie_and_charsets_that_are_wrong_change_nothing() -> None:
    for plan in (always(lying_etag()), always(charset("iso-8859-1")), always(charset("no-such-thing"))):
        assert EVEN == live(JsonApi, Acts(count=40), plan=plan, factor=100).balance


def test_what_robots_txt_forbids_is_not_read_and_its_delay_is_kept() -> None:
    kept: list[Pages] = []

    def face(store: Store) -> Pages:
        kept.append(Pages(store))
        return kept[0]

    robots = "User-agent: *\nDisallow: /article-2\nCrawl-delay: 0.5\n"
    told = live(face, Acts(count=30), robots=robots, rate=2, settled=4)
    unread = frozenset(kept[0].native(each) for each in kept[0].store.shown("article-2"))
    assert (unread, []) == (told.balance.lost, told.violations)
    assert EVEN == replace(told.balance, lost=frozenset())


def test_a_quota_that_is_spent_is_not_run_against() -> None:
    kept: list[YouTube] = []

    def face(store: Store) -> YouTube:
        kept.append(YouTube(store, quota=20))
        return kept[0]

    told = live(face, settled=0)
    assert -1 == kept[0].quota  # one request met it; whether for a page or for one comment
    assert told.polls[-1].next_in >= 3600
