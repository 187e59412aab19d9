"""Presets of sites with one fixed host: YouTube, GitHub, Stack Exchange, Hacker News, Disqus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

import msgspec
import pytest

from monitor.domain.errors import Misconfigured, Retryable
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.polling.site import Item, Page, Standing
from monitor.sources.web.message import Refused


class Trial(Protocol):
    @property
    def site(self) -> DeclaredSite: ...
    def read(self, body: object, status: int = 200, headers: dict[str, str] | None = None) -> Page: ...
    def one(self, body: object) -> Item: ...
    def asked_again(self, body: object, status: int = 200) -> Standing: ...
    def parameters(self) -> dict[str, str]: ...


Make = Callable[[str], Trial]
Recorded = Callable[[str], bytes]

YOUTUBE = "preset: youtube\noptions: {channel: UC1}\nsecrets: {key: '${env:A_SECRET}'}\n"
ANY_API = "preset: json\nurl: https://gazette.example/api\n"
GITHUB = "preset: github\noptions: {repository: gazette/site}\n"
GITHUB_TOKEN = GITHUB + "secrets: {token: '${env:A_SECRET}'}\n"
STACK_EXCHANGE = "preset: stackexchange\noptions: {site: cooking}\n"
HACKER_NEWS = "preset: hackernews\n"
DISQUS = "preset: disqus\noptions: {forum: gazette}\nsecrets: {api_key: '${env:A_SECRET}'}\n"
DISQUS_MODERATOR = DISQUS.replace("'}", "', access_token: '${env:A_SECRET}'}")


def top(number: int, **more: object) -> dict[str, object]:
    snippet = {
        "videoId": "v1",
        "authorDisplayName": "Ann",
        "authorChannelId": {"value": "UCann"},
        "textDisplay": f"Words {number}.",
        "publishedAt": "2026-03-01T11:00:00Z",
        "updatedAt": "2026-03-01T11:00:00Z",
    }
    return {"id": f"Ug{number}", "snippet": {**snippet, **more}}


def test_youtube_shows_threads_and_the_replies_in_them(trial: Make) -> None:
    reply = top(2, parentId="Ug1")
    thread = {"snippet": {"topLevelComment": top(1)}, "replies": {"comments": [reply]}}
    alone = {"snippet": {"topLevelComment": top(3)}}
    items = trial(YOUTUBE).read({"items": [thread, alone]}).items
    assert [("Ug1", None), ("Ug2", "Ug1"), ("Ug3", None)] == [
        (item.comment.native_id, item.comment.parent) for item in items
    ]


def test_a_youtube_comment_has_its_video_author_and_address(trial: Make) -> None:
    comment = trial(YOUTUBE).one({"items": [{"snippet": {"topLevelComment": top(1)}}]}).comment
    assert ("v1", "Ann", "UCann") == (comment.thread, comment.author.name, comment.author.id)
    assert "https://www.youtube.com/watch?v=v1&lc=Ug1" == comment.url
    assert (datetime(2026, 3, 1, 11, tzinfo=UTC), None) == (comment.created_at, comment.edited_at)


def test_a_saved_list_of_youtube_comments_is_read_too(trial: Make) -> None:
    snippet = {"textOriginal": "One.", "parentId": "Ug1", "publishedAt": "2026-03-01T11:00:00Z"}
    reply = {"kind": "youtube#comment", "id": "Ug1.2", "snippet": snippet}
    comment = trial(YOUTUBE).one({"items": [reply]}).comment
    assert ("Ug1.2", "Ug1", "One.") == (comment.native_id, comment.parent, comment.text)


def test_comments_wrapped_in_a_listing_are_found_by_the_generic_preset(trial: Make) -> None:
    wrapped = {"kind": "t1", "data": {"id": "x1", "body": "One.", "author": "ann", "created_utc": 1772362800}}
    generic = trial(ANY_API)
    comment = generic.one({"data": {"children": [wrapped]}}).comment
    assert ("x1", "One.", "ann") == (comment.native_id, comment.text, comment.author.name)
    assert datetime(2026, 3, 1, 11, tzinfo=UTC) == comment.created_at


@pytest.mark.parametrize("answer", [[], {"comments": [], "total": 0}, {"data": {"children": []}}])
def test_an_api_without_a_comment_yet_is_read_by_the_generic_preset(trial: Make, answer: object) -> None:
    assert trial(ANY_API).read(answer).found == 0


@pytest.mark.parametrize("answer", [{"error": "busy"}, None, {"comments": None}])
def test_an_answer_without_any_list_is_gone_wrong(trial: Make, answer: object) -> None:
    with pytest.raises(Retryable):
        trial(ANY_API).read(answer)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("I <3 you & a < b\nand <you> too", "I <3 you & a < b\nand <you> too"),
        ("<p>One &amp; <b>two</b></p>", "One & two"),
        ("one<br>two", "one\ntwo"),
        ("this &amp; that", "this & that"),
        ("https://gazette.example/?a=1&copy=2", "https://gazette.example/?a=1&copy=2"),
    ],
)
def test_the_generic_preset_takes_for_html_what_is_written_so(trial: Make, written: str, read: str) -> None:
    assert trial(ANY_API).one([{"id": 1, "body": written}]).comment.text == read


def test_youtube_goes_on_by_its_token(trial: Make) -> None:
    youtube = trial(YOUTUBE)
    following = youtube.read({"items": [], "nextPageToken": "t2"}).next
    assert following is not None
    assert "t2" == following.params["pageToken"]
    assert youtube.read({"items": []}).next is None


def test_youtube_is_left_alone_when_its_quota_is_spent(trial: Make) -> None:
    body = {"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}]}}
    with pytest.raises(Refused) as caught:
        trial(YOUTUBE).read(body, status=403)
    assert 3600.0 == caught.value.retry_after


def test_a_youtube_comment_that_is_asked_for_and_missing_is_deleted(trial: Make) -> None:
    youtube = trial(YOUTUBE)
    assert Standing.DELETED is youtube.asked_again({"items": []})
    assert Standing.VISIBLE is youtube.asked_again({"items": [{"id": "Ug1"}]})


def test_youtube_needs_its_key(trial: Make) -> None:
    with pytest.raises(Misconfigured, match="needs the secret `key`"):
        trial("preset: youtube\noptions: {channel: UC1}\n")


@pytest.mark.parametrize(
    ("name", "count"), [("comment_threads_by_video_paged_1.json", 5), ("comment_thread_single.json", 1)]
)
def test_recorded_answers_of_youtube_are_read(trial: Make, recorded: Recorded, name: str, count: int) -> None:
    page = trial(YOUTUBE).read(recorded(f"youtube/{name}"))
    assert (count, (), {}) == (len(page.items), page.unreadable, page.missing_fields)
    assert all(item.comment.created_at and item.comment.thread for item in page.items)


def test_a_recorded_refusal_of_youtube_is_one(trial: Make, recorded: Recorded) -> None:
    with pytest.raises(Refused):
        trial(YOUTUBE).read(recorded("youtube/error_permission_resp.json"), status=403)


def a_github_comment(**more: object) -> dict[str, object]:
    api = "https://api.github.com/repos/gazette/site/issues"
    return {
        "id": 7,
        "body": "Fine words.",
        "user": {"login": "ann", "id": 4},
        "created_at": "2026-03-01T11:00:00Z",
        "updated_at": "2026-03-01T11:30:00Z",
        "issue_url": f"{api}/12",
        "html_url": "https://github.com/gazette/site/issues/12#issuecomment-7",
        **more,
    }


def test_a_github_comment_belongs_to_its_issue(trial: Make) -> None:
    comment = trial(GITHUB).one([a_github_comment()]).comment
    assert ("12", "ann", "4") == (comment.thread, comment.author.name, comment.author.id)
    assert datetime(2026, 3, 1, 11, 30, tzinfo=UTC) == comment.edited_at


def test_a_github_comment_of_an_account_that_is_gone_is_read(trial: Make) -> None:
    page = trial(GITHUB).read([a_github_comment(user=None)])
    assert (1, {}) == (len(page.items), page.missing_fields)


def test_github_is_asked_for_what_changed_a_little_before_the_last_change(trial: Make) -> None:
    github = trial(GITHUB)
    resume = github.read([a_github_comment()]).resume
    assert "2026-03-01T11:20:00Z" == resume == github.site.first(None, resume).params["since"]


def test_github_is_asked_seldom_without_a_token_and_often_with_one(trial: Make) -> None:
    assert (180.0, 15.0) == (trial(GITHUB).site.policy.floor, trial(GITHUB_TOKEN).site.policy.floor)


def test_the_token_goes_to_github_alone(trial: Make) -> None:
    request = trial(GITHUB_TOKEN).site.first(None)
    assert frozenset({"Authorization"}) == request.credentials


@pytest.mark.parametrize("status", [403, 429])
def test_githubs_second_limit_is_waited_for(trial: Make, status: int) -> None:
    body = {"message": "You have exceeded a secondary rate limit. Please wait."}
    with pytest.raises(Retryable) as caught:
        trial(GITHUB).read(body, status=status, headers={"retry-after": "90"})
    assert (90.0, False) == (caught.value.retry_after, isinstance(caught.value, Refused))


def test_githubs_spent_quota_is_waited_for_until_it_begins_anew(trial: Make) -> None:
    headers = {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(datetime(2026, 3, 1, 12, 10, tzinfo=UTC).timestamp())),
    }
    assert 600.0 == trial(GITHUB).read([a_github_comment()], headers=headers).wait


def test_a_github_comment_that_is_not_found_is_deleted_if_github_itself_says_so(trial: Make) -> None:
    github = trial(GITHUB)
    assert Standing.DELETED is github.asked_again({"message": "Not Found"}, status=404)
    with pytest.raises(Retryable):
        github.asked_again(b"<html>proxy</html>", status=404)


def test_recorded_comments_of_github_are_read(trial: Make, recorded: Recorded) -> None:
    page = trial(GITHUB).read(recorded("github/issue_comments_1.json"))
    assert ((), {}) == (page.unreadable, page.missing_fields)
    assert ["1"] == [item.comment.native_id for item in page.items]


def test_the_recorded_answer_to_too_many_requests_is_waited_for(trial: Make, recorded: Recorded) -> None:
    with pytest.raises(Retryable) as caught:
        trial(GITHUB).read(recorded("github/abuse_rate_limit.json"), status=403)
    assert (60.0, False) == (caught.value.retry_after, isinstance(caught.value, Refused))


def a_stack_exchange_comment(**more: object) -> dict[str, object]:
    owner = {"user_id": 5, "display_name": "Ann O&#39;Hare"}
    return {
        "comment_id": 9,
        "post_id": 3,
        "owner": owner,
        "creation_date": 1772362800,
        "body": "R&amp;D",
        **more,
    }


def test_a_stack_exchange_comment_has_words_because_the_filter_asks_for_them(trial: Make) -> None:
    stack = trial(STACK_EXCHANGE)
    comment = stack.one({"items": [a_stack_exchange_comment()]}).comment
    assert "withbody" == stack.parameters()["filter"]
    assert ("R&D", "3", "Ann O'Hare") == (comment.text, comment.thread, comment.author.name)
    assert datetime(2026, 3, 1, 11, tzinfo=UTC) == comment.created_at


def test_stack_exchange_says_whether_there_is_a_next_page(trial: Make) -> None:
    stack = trial(STACK_EXCHANGE)
    following = stack.read({"items": [a_stack_exchange_comment()], "has_more": True}).next
    assert following is not None
    assert "2" == following.params["page"]
    assert stack.read({"items": [a_stack_exchange_comment()], "has_more": False}).next is None


@pytest.mark.parametrize(
    ("said", "wait"),
    [({"backoff": 10}, 10.0), ({"quota_remaining": 0}, 3600.0), ({"quota_remaining": 7}, 0.0)],
)
def test_stack_exchange_asks_to_wait_in_good_answers(trial: Make, said: dict[str, int], wait: float) -> None:
    assert wait == trial(STACK_EXCHANGE).read({"items": [], **said}).wait


def test_stack_exchanges_throttle_is_waited_for(trial: Make) -> None:
    with pytest.raises(Retryable) as caught:
        trial(STACK_EXCHANGE).read({"error_id": 502, "error_name": "throttle_violation"}, status=400)
    assert 300.0 == caught.value.retry_after


def test_a_stack_exchange_comment_that_is_asked_for_and_missing_is_deleted(trial: Make) -> None:
    assert Standing.DELETED is trial(STACK_EXCHANGE).asked_again({"items": []})


def test_the_recorded_request_to_wait_is_heard(trial: Make, recorded: Recorded) -> None:
    body = msgspec.json.decode(recorded("stackexchange/question_page_1.json"))
    comments = [comment for question in body["items"] for comment in question.get("comments", ())]
    page = trial(STACK_EXCHANGE).read({**body, "items": [{**each, "body": "x"} for each in comments]})
    assert (len(comments), float(body.get("backoff", 0))) == (len(page.items), page.wait)


def a_hit(**more: object) -> dict[str, object]:
    hit = {"objectID": "41", "author": "ann", "comment_text": "One.<p>Two.", "created_at_i": 1772362800}
    return {**hit, "story_id": 7, "parent_id": 40, **more}


def test_a_comment_of_hacker_news_is_read(trial: Make) -> None:
    comment = trial(HACKER_NEWS).one({"hits": [a_hit()]}).comment
    assert ("One.\n\nTwo.", "40", "7") == (comment.text, comment.parent, comment.thread)
    assert "https://news.ycombinator.com/item?id=41" == comment.url


def test_a_comment_on_a_story_answers_no_comment(trial: Make) -> None:
    assert trial(HACKER_NEWS).one({"hits": [a_hit(parent_id=7)]}).comment.parent is None


def test_the_next_search_is_for_what_is_no_younger_than_the_oldest_seen(trial: Make) -> None:
    hackernews = trial(HACKER_NEWS)
    following = hackernews.read({"hits": [a_hit(), a_hit(objectID="42", created_at_i=1772362900)]}).next
    assert "numericFilters" not in hackernews.parameters()
    assert following is not None
    assert "created_at_i<=1772362800" == following.params["numericFilters"]


@pytest.mark.parametrize(
    ("item", "standing"),
    [
        ({"id": 41, "type": "comment"}, Standing.VISIBLE),
        ({"id": 41, "deleted": True}, Standing.DELETED),
        ({"id": 41, "dead": True, "text": "x"}, Standing.DELETED),
        (None, Standing.DELETED),
    ],
)
def test_hacker_news_itself_says_what_is_gone(trial: Make, item: object, standing: Standing) -> None:
    hackernews = trial(HACKER_NEWS)
    asked = hackernews.site.recheck("41")
    assert asked is not None
    assert "https://hacker-news.firebaseio.com/v0/item/41.json" == asked.url
    assert standing is hackernews.asked_again(item)


def test_a_recorded_item_of_hacker_news_stands(trial: Make, recorded: Recorded) -> None:
    assert Standing.VISIBLE is trial(HACKER_NEWS).asked_again(
        recorded("hackernews/item_2921983_comment.json")
    )


def a_disqus_post(**more: object) -> dict[str, object]:
    post = {
        "id": "5",
        "parent": 4,
        "thread": "77",
        "author": {"name": "Ann", "username": "ann"},
        "raw_message": "Fine words.",
        "message": "<p>Fine words.</p>",
        "createdAt": "2026-03-01T11:00:00",
        "isDeleted": False,
        "isSpam": False,
        "isApproved": True,
    }
    return {**post, **more}


def test_a_disqus_post_is_read(trial: Make) -> None:
    comment = trial(DISQUS).one({"code": 0, "response": [a_disqus_post()]}).comment
    assert ("5", "4", "77", "Fine words.") == (
        comment.native_id,
        comment.parent,
        comment.thread,
        comment.text,
    )
    assert datetime(2026, 3, 1, 11, tzinfo=UTC) == comment.created_at


def test_disqus_cursor_is_kept_to_ask_for_what_is_yet_to_come(trial: Make) -> None:
    disqus = trial(DISQUS)
    page = disqus.read(
        {"code": 0, "cursor": {"next": "1:2:0", "hasNext": False}, "response": [a_disqus_post()]}
    )
    assert (None, "1:2:0") == (page.next, page.resume)
    assert "1:2:0" == disqus.site.first(None, page.resume).params["cursor"]


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({}, Standing.VISIBLE),
        ({"isApproved": False}, Standing.PENDING),
        ({"isSpam": True, "isApproved": False}, Standing.SPAM),
        ({"isDeleted": True}, Standing.DELETED),
    ],
)
def test_a_moderator_sees_how_a_disqus_post_stands(
    trial: Make, said: dict[str, object], standing: Standing
) -> None:
    assert standing is trial(DISQUS_MODERATOR).one({"code": 0, "response": [a_disqus_post(**said)]}).standing


def test_a_moderator_asks_disqus_for_what_nobody_else_sees(trial: Make) -> None:
    assert trial(DISQUS).site.first(None).url.endswith("?include=approved")
    assert "include=deleted" in trial(DISQUS_MODERATOR).site.first(None).url


@pytest.mark.parametrize(("code", "wait"), [(13, 600.0), (5, 900.0)])
def test_disqus_says_by_a_number_what_is_wrong(trial: Make, code: int, wait: float) -> None:
    with pytest.raises(Retryable) as caught:
        trial(DISQUS).read({"code": code, "response": "no"}, status=400)
    assert wait == caught.value.retry_after
