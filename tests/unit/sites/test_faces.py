"""Every face of the made-up site shows all that people see to a reader who walks through all its pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import aiohttp
from selectolax.lexbor import LexborHTMLParser

from monitor.sources.polling.site import Standing
from tests.sites.faces.coral import Coral
from tests.sites.faces.discourse import Discourse, OldDiscourse
from tests.sites.faces.disqus import Disqus
from tests.sites.faces.face import Face, serving
from tests.sites.faces.feeds import AtomFeed
from tests.sites.faces.github import GitHub
from tests.sites.faces.hackernews import HackerNews
from tests.sites.faces.json_api import JsonApi
from tests.sites.faces.lemmy import Lemmy
from tests.sites.faces.pages import Pages
from tests.sites.faces.scenario import Acts, Scenario
from tests.sites.faces.stackexchange import StackExchange
from tests.sites.faces.store import Store
from tests.sites.faces.youtube import YouTube
from tests.sites.haste import hasten

Ask = Callable[..., Awaitable[bytes]]


def lived_in(clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Store:
    store = Store(clock)
    scenario = Scenario(store, Acts())
    for act in ["write", "hold", "burst", "edit", "trash", "write"] * 4:
        scenario.do(act)
    return store


def seen_on(face: Face, walk: Callable[[Ask], Awaitable[set[str]]], **headers: str) -> set[str]:
    async def work(_clock: Callable[[], datetime]) -> set[str]:
        async with serving(face) as url, aiohttp.ClientSession(url, headers=headers) as session:

            async def ask(path: str, method: str = "GET", body: object = None) -> bytes:
                async with session.request(method, path, json=body) as answer:
                    return await answer.read()

            return await walk(ask)

    return hasten(work, factor=1)


def test_scenarios_are_the_same_every_time() -> None:
    def now() -> datetime:
        return datetime(2026, 11, 1, tzinfo=UTC)

    assert lived_in(now).comments == lived_in(now).comments


def test_a_discourse_gives_fifty_lower_ids() -> None:
    async def walk(ask: Ask) -> set[str]:
        found: list[int] = []
        path = "/posts.json"
        while posts := json.loads(await ask(path))["latest_posts"]:
            found += [post["id"] for post in posts]
            path = f"/posts.json?before={min(found)}"
        return set(map(str, found))

    face = Discourse(lived_in())
    assert face.truth().keys() == seen_on(face, walk)


def test_an_old_discourse_gives_empty_pages_between_full_ones() -> None:
    store = lived_in()
    for kept in store.comments[20:90]:
        kept.standing = Standing.DELETED

    async def walk(ask: Ask) -> set[str]:
        pages = [
            json.loads(await ask(f"/posts.json?before={before}"))["latest_posts"]
            for before in range(len(store.comments), 0, -50)
        ]
        assert [] in pages
        return {str(post["id"]) for page in pages for post in page}

    face = OldDiscourse(store)
    assert face.truth().keys() == seen_on(face, walk)


def test_disqus_gives_a_cursor_at_the_end_that_what_comes_later_is_found_by() -> None:
    store = lived_in()

    async def walk(ask: Ask) -> set[str]:
        found: set[str] = set()
        cursor, wrote = "", False
        while True:
            answer = json.loads(
                await ask(f"/api/3.0/forums/listPosts.json?api_key=k&order=asc&limit=40&cursor={cursor}")
            )
            found |= {post["id"] for post in answer["response"]}
            cursor = answer["cursor"]["next"]
            if not answer["cursor"]["hasNext"]:
                if wrote:
                    return found
                Scenario(store, Acts(), seed=2).do("write")
                wrote = True

    face = Disqus(store)
    assert seen_on(face, walk) == face.truth().keys()


def test_hacker_news_gives_items_one_by_one_and_null_for_what_is_held() -> None:
    async def walk(ask: Ask) -> set[str]:
        highest = json.loads(await ask("/v0/maxitem.json"))
        items = [json.loads(await ask(f"/v0/item/{number}.json")) for number in range(1, highest + 1)]
        assert None in items
        return {str(item["id"]) for item in items if item and not item.get("deleted")}

    face = HackerNews(lived_in())
    assert face.truth().keys() == seen_on(face, walk)


def test_youtube_gives_five_replies_and_the_rest_when_asked() -> None:
    async def walk(ask: Ask) -> set[str]:
        found: set[str] = set()
        token = "0"
        while token:
            answer = json.loads(await ask(f"/youtube/v3/commentThreads?maxResults=50&pageToken={token}"))
            token = answer.get("nextPageToken", "")
            for thread in answer["items"]:
                found.add(thread["id"])
                replies = json.loads(
                    await ask(f"/youtube/v3/comments?maxResults=100&parentId={thread['id']}")
                )
                found |= {reply["id"] for reply in replies["items"]}
        return found

    face = YouTube(lived_in())
    assert face.truth().keys() == seen_on(face, walk)


def test_youtube_says_when_its_quota_is_spent() -> None:
    async def walk(ask: Ask) -> set[str]:
        answers = [json.loads(await ask("/youtube/v3/commentThreads")) for _ in range(2)]
        return {answers[1]["error"]["errors"][0]["reason"]}

    assert {"quotaExceeded"} == seen_on(YouTube(lived_in(), quota=1), walk)


def test_stack_exchange_asks_for_a_pause_and_refuses_who_does_not_make_it() -> None:
    face = StackExchange(lived_in())

    async def walk(ask: Ask) -> set[str]:
        found: set[str] = set()
        for page in range(1, 100):
            answer = json.loads(await ask(f"/2.3/comments?page={page}&pagesize=30&filter=withbody"))
            found |= {str(item["comment_id"]) for item in answer["items"]}
            if "backoff" in answer:
                assert b"throttle_violation" in await ask("/2.3/comments")
                await asyncio.sleep(0)
                face.silent_until = 0
            if not answer["has_more"]:
                break
        return found

    assert face.truth().keys() == seen_on(face, walk)
    assert face.unheard > 0


def test_github_gives_pages_by_links_and_304_for_the_same_again() -> None:
    async def walk(ask: Ask) -> set[str]:
        found: set[str] = set()
        for page in range(1, 100):
            path = f"/repos/gazette/site/issues/comments?per_page=50&page={page}"
            comments = json.loads(await ask(path))
            found |= {str(comment["id"]) for comment in comments}
            if not comments:
                break
        return found

    face = GitHub(lived_in())
    assert face.truth().keys() == seen_on(face, walk)


def test_lemmy_answers_400_to_every_seventh_request() -> None:
    async def walk(ask: Ask) -> set[str]:
        found: set[str] = set()
        page = 1
        while True:
            answer = json.loads(await ask(f"/api/v3/comment/list?limit=20&page={page}"))
            if "error" in answer:
                assert "rate_limit_error" == answer["error"]
                continue
            views = [view["comment"] for view in answer["comments"]]
            if not views:
                return found
            found |= {str(comment["id"]) for comment in views if not comment["deleted"]}
            page += 1

    face = Lemmy(lived_in())
    assert face.truth().keys() == seen_on(face, walk)


def test_coral_tells_errors_with_status_200() -> None:
    async def walk(ask: Ask) -> set[str]:
        found: set[str] = set()
        after, failed = "", 0
        while True:
            body = {"query": "…", "variables": {"after": after}}
            answer = json.loads(await ask("/api/graphql", "POST", body))
            if "errors" in answer:
                failed += 1
                continue
            comments = answer["data"]["comments"]
            found |= {edge["node"]["id"] for edge in comments["edges"]}
            after = comments["pageInfo"]["endCursor"]
            if not comments["pageInfo"]["hasNextPage"]:
                return found

    face = Coral(lived_in())
    assert face.truth().keys() == seen_on(face, walk, Authorization="Bearer x")


def test_a_json_api_gives_pages_by_number() -> None:
    async def walk(ask: Ask) -> set[str]:
        pages = [json.loads(await ask(f"/api/comments?page={page}"))["comments"] for page in range(1, 20)]
        return {str(comment["id"]) for page in pages for comment in page}

    face = JsonApi(lived_in())
    assert face.truth().keys() == seen_on(face, walk)


def test_a_feed_gives_the_newest_ten() -> None:
    async def walk(ask: Ask) -> set[str]:
        feed = ET.fromstring(await ask("/comments.atom"))  # noqa: S314 - our own server's
        space = "{http://www.w3.org/2005/Atom}"
        return {entry.findtext(f"{space}id", "") for entry in feed.iter(f"{space}entry")}

    face = AtomFeed(lived_in())
    assert set([*face.truth()][-10:]) == seen_on(face, walk)


def test_pages_nest_replies_and_link_to_the_next() -> None:
    async def walk(ask: Ask) -> set[str]:
        found: set[str] = set()
        front = LexborHTMLParser(await ask("/"))
        ways = [link.attributes["href"] for link in front.css("article a.title")]
        while ways:
            page = LexborHTMLParser(await ask(ways.pop() or ""))
            found |= {(item.id or "").removeprefix("comment-") for item in page.css("li.comment")}
            ways += [link.attributes["href"] for link in page.css("a.next")]
        return found

    face = Pages(lived_in())
    assert face.truth().keys() == seen_on(face, walk)
