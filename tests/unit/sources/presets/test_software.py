"""Presets of software that many run: Discourse, Lemmy, wpDiscuz, WordPress without pretty addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec
import pytest

from monitor.domain.errors import Retryable
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.polling.site import Item, Page, Standing
from monitor.sources.web.message import Request


class Trial(Protocol):
    @property
    def site(self) -> DeclaredSite: ...
    def read(
        self,
        body: object,
        status: int = 200,
        headers: dict[str, str] | None = None,
        asked: Request | None = None,
    ) -> Page: ...
    def one(self, body: object) -> Item: ...
    def asked_again(self, body: object, status: int = 200) -> Standing: ...
    def parameters(self) -> dict[str, str]: ...


Make = Callable[[str], Trial]

DISCOURSE = "preset: discourse\nurl: https://forum.example\n"
STAFF = DISCOURSE + "secrets: {key: '${env:A_SECRET}', username: system}\n"
LEMMY = "preset: lemmy\nurl: https://lemmy.example/\n"


def a_post(**more: object) -> dict[str, object]:
    post = {
        "id": 70,
        "topic_id": 5,
        "topic_slug": "bridge",
        "post_number": 3,
        "post_type": 1,
        "reply_to_post_number": 2,
        "username": "ann",
        "user_id": 9,
        "raw": "Fine *words*.",
        "cooked": "<p>Fine <em>words</em>.</p>",
        "created_at": "2026-03-01T11:00:00.000Z",
        "updated_at": "2026-03-01T11:00:01.000Z",
        "version": 1,
        "hidden": False,
        "user_deleted": False,
        "deleted_at": None,
    }
    return {**post, **more}


def test_a_discourse_post_is_read(trial: Make) -> None:
    comment = trial(DISCOURSE).one({"latest_posts": [a_post()]}).comment
    assert ("70", "5", "5#2", "Fine *words*.") == (
        comment.native_id, comment.thread, comment.parent, comment.text,
    )  # fmt: skip
    assert ("https://forum.example/t/bridge/5/3", None) == (comment.url, comment.edited_at)


def test_a_discourse_post_that_answers_none_has_no_parent(trial: Make) -> None:
    assert trial(DISCOURSE).one({"latest_posts": [a_post(reply_to_post_number=None)]}).comment.parent is None


def test_a_second_version_of_a_discourse_post_is_an_edit(trial: Make) -> None:
    assert trial(DISCOURSE).one({"latest_posts": [a_post(version=2)]}).comment.edited_at is not None


def test_notes_of_the_forum_itself_are_no_comments(trial: Make) -> None:
    assert () == trial(DISCOURSE).read({"latest_posts": [a_post(post_type=3)]}).items


def test_only_staff_reads_hidden_posts(trial: Make) -> None:
    body = {"latest_posts": [a_post(hidden=True)]}
    assert () == trial(DISCOURSE).read(body).items
    assert Standing.PENDING is trial(STAFF).one(body).standing


@pytest.mark.parametrize("said", [{"deleted_at": "2026-03-01T11:30:00Z"}, {"user_deleted": True}])
def test_deleted_discourse_posts_say_so(trial: Make, said: dict[str, object]) -> None:
    assert Standing.DELETED is trial(STAFF).one({"latest_posts": [a_post(**said)]}).standing


def test_discourse_goes_down_by_ids(trial: Make) -> None:
    following = trial(DISCOURSE).read({"latest_posts": [a_post(id=170), a_post(id=120)]}).next
    assert following is not None
    assert "120" == following.params["before"]


def test_an_empty_page_of_an_older_discourse_is_not_the_end(trial: Make) -> None:
    discourse = trial(DISCOURSE)
    following = discourse.read({"latest_posts": [a_post(id=120)]}).next
    assert following is not None
    assert {"before": "120"} == following.params
    empty = discourse.read({"latest_posts": []}, asked=following).next
    assert empty is not None
    assert {"before": "70"} == empty.params


def test_discourse_says_how_long_to_wait_in_the_body(trial: Make) -> None:
    with pytest.raises(Retryable) as caught:
        trial(DISCOURSE).read({"errors": ["slow"], "extras": {"wait_seconds": 17}}, status=429)
    assert 17.0 == caught.value.retry_after


def test_discourse_is_asked_once_a_minute_at_most(trial: Make) -> None:
    assert 60.0 == trial(DISCOURSE).site.policy.floor


@pytest.mark.parametrize("status", [403, 404])
def test_a_discourse_post_that_may_not_be_seen_is_deleted(trial: Make, status: int) -> None:
    body = {"errors": ["no"], "error_type": "not_found"}
    assert Standing.DELETED is trial(DISCOURSE).asked_again(body, status=status)


def test_the_posts_of_a_recorded_topic_are_read(trial: Make, recorded: Callable[[str], bytes]) -> None:
    topic = msgspec.json.decode(recorded("discourse/discourse_topic_1148.json"))
    posts = topic["post_stream"]["posts"]
    page = trial(DISCOURSE).read({"latest_posts": posts})
    people = [post for post in posts if post["post_type"] == 1 and not post["hidden"]]
    assert (len(people), (), {}) == (len(page.items), page.unreadable, page.missing_fields)


def a_view(**more: object) -> dict[str, object]:
    comment = {
        "id": 27,
        "content": "Fine words.",
        "published": "2026-03-01T11:00:00.123456Z",
        "deleted": False,
        "removed": False,
        "ap_id": "https://other.example/comment/9",
        "path": "0.24.27",
        "post_id": 6,
    }
    creator = {"id": 3, "name": "ann", "actor_id": "https://other.example/u/ann"}
    return {
        "comment": {**comment, **more},
        "creator": creator,
        "community": {"actor_id": "https://lemmy.example/c/x"},
    }


def test_a_lemmy_comment_is_read(trial: Make) -> None:
    comment = trial(LEMMY).one({"comments": [a_view()]}).comment
    assert ("27", "24", "6") == (comment.native_id, comment.parent, comment.thread)
    assert ("https://other.example/comment/9", "https://other.example/u/ann") == (
        comment.url,
        comment.author.id,
    )


@pytest.mark.parametrize(("path", "parent"), [("0.27", None), ("0.5.24.27", "24")])
def test_the_path_of_a_lemmy_comment_tells_what_it_answers(
    trial: Make, path: str, parent: str | None
) -> None:
    assert parent == trial(LEMMY).one({"comments": [a_view(path=path)]}).comment.parent


@pytest.mark.parametrize("said", [{"deleted": True, "content": ""}, {"removed": True}])
def test_a_lemmy_comment_that_its_author_or_a_moderator_took_away_is_deleted(
    trial: Make, said: dict[str, object]
) -> None:
    assert Standing.DELETED is trial(LEMMY).one({"comments": [a_view(**said)]}).standing


def test_lemmys_limit_has_the_wrong_status_and_is_waited_for(trial: Make) -> None:
    with pytest.raises(Retryable) as caught:
        trial(LEMMY).read({"error": "rate_limit_error"}, status=400)
    assert 60.0 == caught.value.retry_after


def test_lemmy_says_itself_how_a_single_comment_stands(trial: Make) -> None:
    lemmy = trial(LEMMY)
    assert Standing.VISIBLE is lemmy.asked_again({"comment_view": a_view()})
    assert Standing.DELETED is lemmy.asked_again({"comment_view": a_view(removed=True)})
    assert Standing.DELETED is lemmy.asked_again({"error": "couldnt_find_comment"}, status=400)
    with pytest.raises(Retryable):
        lemmy.asked_again({"error": "rate_limit_error"}, status=400)


def test_wpdiscuz_is_read_as_wordpress_is(trial: Make) -> None:
    wpdiscuz = trial("preset: wpdiscuz\nurl: https://gazette.example\n").site
    wordpress = trial("preset: wordpress\nurl: https://gazette.example\n").site
    assert wordpress.first(None) == wpdiscuz.first(None)


def test_wordpress_feed_is_asked_where_the_site_has_it(trial: Make) -> None:
    lines = "preset: wordpress-feed\nurl: https://gazette.example\n"
    plain = lines + 'options: {feed: "?feed=comments-atom"}\n'
    assert "https://gazette.example/comments/feed/atom/" == trial(lines).site.first(None).url
    assert "https://gazette.example/?feed=comments-atom" == trial(plain).site.first(None).url


def test_wordpress_without_pretty_addresses_is_asked_by_its_route(trial: Make) -> None:
    lines = 'preset: wordpress\nurl: https://gazette.example\noptions: {api: "?rest_route="}\n'
    assert "https://gazette.example/?rest_route=/wp/v2/comments" == trial(lines).site.first(None).url


@pytest.mark.parametrize("quote", ['"', ""])
def test_wordpress_names_the_next_page_in_a_header_and_a_short_page_is_not_the_last(
    trial: Make, quote: str
) -> None:
    address = "https://gazette.example/wp-json/wp/v2/comments"
    link = f"<{address}?page=1>; rel={quote}prev{quote}, <{address}?page=3>; rel={quote}next{quote}"
    wordpress = trial("preset: wordpress\nurl: https://gazette.example\n")
    following = wordpress.read([], headers={"link": link}).next
    assert following is not None
    assert f"{address}?page=3" == following.url
    assert wordpress.read([], headers={"link": f"<{address}?page=1>; rel={quote}prev{quote}"}).next is None


def isso_comment(number: int, parent: int | None = None, **more: object) -> dict[str, object]:
    return {"id": number, "parent": parent, "text": "<p>Hi</p>", "mode": 1, "created": 1772359200.0, **more}


@pytest.mark.parametrize(
    "answer",
    [
        [isso_comment(1, uri="/a/"), isso_comment(2, 1, uri="/a/")],
        {"id": None, "total_replies": 1, "replies": [isso_comment(1, replies=[isso_comment(2, 1)])]},
    ],
)
def test_isso_is_read_by_its_latest_comments_and_by_those_of_a_page(trial: Make, answer: object) -> None:
    read = trial("preset: isso\nurl: https://comments.example").read(answer)
    assert [(item.comment.native_id, item.comment.parent) for item in read.items] == [("1", None), ("2", "1")]
    assert read.unreadable == ()


@pytest.mark.parametrize("answer", [[], {"id": None, "total_replies": 0, "replies": []}])
def test_isso_may_have_no_comment_yet(trial: Make, answer: object) -> None:
    assert trial("preset: isso\nurl: https://comments.example").read(answer).found == 0
