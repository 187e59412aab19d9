from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from monitor.domain.comments import Author, EventKind
from monitor.domain.errors import Rejected, Retryable
from monitor.settings.secret import Secret
from monitor.sources.push.news import Told
from monitor.sources.push.webhooks.dialects.coral import Coral
from monitor.sources.push.webhooks.dialects.discourse import Discourse
from monitor.sources.push.webhooks.dialects.github import GitHub
from monitor.sources.push.webhooks.dialects.meta import Meta
from monitor.sources.push.webhooks.letter import Dialect, Letter
from monitor.sources.web.message import Manners
from tests.listening import NOON, Bench, serving

Json = dict[str, object]


def letter(body: object, **headers: str) -> Letter:
    names = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return Letter(headers=names, body=json.dumps(body).encode(), received_at=NOON)


async def told(dialect: Dialect, body: object, **headers: str) -> list[Told]:
    content = await dialect.read(letter(body, **headers))
    assert content.spoiled == ()
    return list(content.told)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


# Discourse

FORUM = Discourse(source="forum")
CODE = GitHub(source="code")
POST: Json = {
    "id": 812,
    "topic_id": 44,
    "post_number": 3,
    "post_type": 1,
    "reply_to_post_number": 2,
    "user_id": 7,
    "username": "ann",
    "raw": "Good *morning*",
    "cooked": "<p>Good <em>morning</em></p>",
    "created_at": "2026-11-01T12:00:00.000Z",
    "updated_at": "2026-11-01T12:05:00.000Z",
    "version": 1,
    "post_url": "/t/the-bridge/44/3",
}


async def discourse(event: str, **changes: object) -> list[Told]:
    headers = {"X_Discourse_Event": event, "X_Discourse_Instance": "https://forum.example"}
    return await told(FORUM, {"post": {**POST, **changes}}, **headers)


async def test_a_post_is_told_in_the_words_its_author_typed() -> None:
    (each,) = await discourse("post_created")
    comment = each.comment
    assert (each.kind, each.at) == (EventKind.CREATED, NOON)
    assert (comment.key, comment.thread, comment.text) == ("forum:812", "44", "Good *morning*")
    assert comment.author == Author(id="7", name="ann")
    assert comment.url == "https://forum.example/t/the-bridge/44/3"
    assert comment.extra == {"reply_to_post_number": 2}
    assert (comment.parent, comment.edited_at) == (None, None)


async def test_an_edited_post_carries_its_time() -> None:
    (each,) = await discourse("post_edited", version=2)
    assert (each.kind, each.at, each.comment.edited_at) == (EventKind.EDITED, at(300), at(300))


@pytest.mark.parametrize(
    ("event", "kind"), [("post_destroyed", EventKind.DELETED), ("post_recovered", EventKind.RESTORED)]
)
async def test_a_post_goes_and_comes_back(event: str, kind: EventKind) -> None:
    (each,) = await discourse(event)
    assert (each.kind, each.at) == (kind, None)


async def test_a_post_without_its_raw_words_is_read_from_what_is_shown() -> None:
    (each,) = await discourse("post_created", raw=None)
    assert each.comment.text == "Good morning"


@pytest.mark.parametrize("event", ["ping", "topic_created", "user_updated", ""])
async def test_other_events_of_discourse_tell_nothing(event: str) -> None:
    assert await discourse(event) == []


@pytest.mark.parametrize("post_type", [2, 3, 4])
async def test_notes_of_the_system_and_whispers_are_no_comments(post_type: int) -> None:
    assert await discourse("post_created", post_type=post_type) == []


def test_an_id_that_nobody_signed_counts_with_its_body() -> None:
    first = letter({}, X_Discourse_Event_Id="77", X_GitHub_Delivery="72d3162e")
    other = letter([], X_Discourse_Event_Id="77", X_GitHub_Delivery="72d3162e")
    for dialect, begin in ((FORUM, "77."), (CODE, "72d3162e.")):
        assert dialect.delivery(first).startswith(begin)
        assert dialect.delivery(first) != dialect.delivery(other)
        assert dialect.delivery(letter({})) == ""


# GitHub

NOTE: Json = {
    "id": 5,
    "body": "Good **morning**",
    "user": {"id": 7, "login": "ann"},
    "html_url": "https://github.com/gazette/site/issues/3#issuecomment-5",
    "created_at": "2026-11-01T12:00:00Z",
    "updated_at": "2026-11-01T12:05:00Z",
}


async def github(action: str, event: str = "issue_comment", **more: object) -> list[Told]:
    body = {"action": action, "comment": NOTE, "repository": {"full_name": "gazette/site"}, **more}
    return await told(CODE, body, X_GitHub_Event=event)


@pytest.mark.parametrize(
    ("action", "kind", "when", "text"),
    [
        ("created", EventKind.CREATED, NOON, "Good **morning**"),
        ("edited", EventKind.EDITED, at(300), "Good **morning**"),
        ("deleted", EventKind.DELETED, None, ""),
    ],
)
async def test_a_comment_on_an_issue_is_told(
    action: str, kind: EventKind, when: datetime | None, text: str
) -> None:
    (each,) = await github(action, issue={"number": 3})
    assert (each.kind, each.at, each.comment.text) == (kind, when, text)
    assert (each.comment.key, each.comment.thread) == ("code:5", "gazette/site#3")
    assert each.comment.author == Author(id="7", name="ann")


async def test_comments_of_other_kinds_have_ids_of_their_own() -> None:
    reply = {**NOTE, "in_reply_to_id": 4}
    (review,) = await github(
        "created", "pull_request_review_comment", comment=reply, pull_request={"number": 9}
    )
    (answer,) = await github(
        "created", "discussion_comment", comment={**NOTE, "parent_id": 4}, discussion={"number": 2}
    )
    assert (review.comment.native_id, review.comment.parent) == ("review-5", "review-4")
    assert (answer.comment.native_id, answer.comment.parent) == ("discussion-5", "discussion-4")


async def test_a_comment_of_a_user_who_is_gone_has_no_author() -> None:
    (each,) = await github("created", comment={**NOTE, "user": None})
    assert each.comment.author == Author()


@pytest.mark.parametrize(
    ("action", "event"), [("created", "ping"), ("opened", "issues"), ("pinned", "issue_comment")]
)
async def test_other_events_of_github_tell_nothing(action: str, event: str) -> None:
    assert await github(action, event) == []


# Meta

PAGE = Meta(source="page")


def feed(verb: str, **changes: object) -> Json:
    value = {
        "item": "comment",
        "verb": verb,
        "comment_id": "9_1",
        "post_id": "8_9",
        "parent_id": "8_9",
        "from": {"id": "7", "name": "Ann"},
        "message": "Good morning",
        "created_time": int(NOON.timestamp()),
        **changes,
    }
    return {"field": "feed", "value": value}


def entry(*changes: Json) -> Json:
    return {
        "object": "page",
        "entry": [{"id": "8", "time": int(at(60).timestamp()), "changes": list(changes)}],
    }


@pytest.mark.parametrize(
    ("verb", "kind", "when"),
    [
        ("add", EventKind.CREATED, NOON),
        ("edited", EventKind.EDITED, NOON),
        ("remove", EventKind.DELETED, None),
        ("hide", EventKind.DELETED, None),
        ("unhide", EventKind.RESTORED, None),
    ],
)
async def test_what_happens_to_a_comment_on_a_page_is_told(
    verb: str, kind: EventKind, when: datetime | None
) -> None:
    (each,) = await told(PAGE, entry(feed(verb)))
    assert (each.kind, each.at) == (kind, when)
    assert (each.comment.key, each.comment.thread, each.comment.parent) == ("page:9_1", "8_9", None)
    assert each.comment.author == Author(id="7", name="Ann")


async def test_an_answer_has_a_parent() -> None:
    (each,) = await told(PAGE, entry(feed("add", parent_id="9_0")))
    assert each.comment.parent == "9_0"


async def test_meta_sends_several_changes_at_once_and_not_all_are_comments() -> None:
    body = entry(
        feed("add"), feed("add", item="reaction"), feed("edit", message="Good evening"), feed("mute")
    )
    assert [(each.kind, each.comment.text) for each in await told(PAGE, body)] == [
        (EventKind.CREATED, "Good morning"),
        (EventKind.EDITED, "Good evening"),
    ]


async def test_an_author_that_the_app_may_not_know_is_not_given() -> None:
    change = feed("add")
    value = change["value"]
    assert isinstance(value, dict)
    del value["from"]
    (each,) = await told(PAGE, entry(change))
    assert each.comment.author == Author()


@pytest.mark.parametrize("name", ["comments", "live_comments"])
async def test_a_comment_on_instagram_is_told(name: str) -> None:
    value = {
        "id": "55",
        "text": "Good morning",
        "from": {"id": "7", "username": "ann"},
        "media": {"id": "12"},
    }
    (each,) = await told(PAGE, entry({"field": name, "value": value}))
    assert (each.kind, each.at, each.comment.thread) == (EventKind.CREATED, at(60), "12")
    assert each.comment.author == Author(id="7", name="ann")


async def test_a_change_that_cannot_be_read_costs_no_other() -> None:
    content = await PAGE.read(
        letter(entry(feed("add", comment_id=""), feed("add"), feed("add", from_=1, message=[])))
    )
    assert [each.comment.native_id for each in content.told] == ["9_1"]
    assert [each.reason for each in content.spoiled] == ["schema", "schema"]
    assert b'"comment_id": ""' in content.spoiled[0].payload


# Coral


@dataclass(slots=True)
class Talk:
    """A Coral that knows one comment."""

    answer: object = None
    status: int = 200
    asked: list[Json] = field(default_factory=list)

    async def graphql(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer a moderator's token"
        self.asked.append(await request.json())
        return web.json_response(self.answer, status=self.status)


@pytest.fixture
def talk() -> Talk:
    comment = {
        "id": "c-1",
        "body": "<div>Good morning</div>",
        "status": "NONE",
        "createdAt": "2026-11-01T12:00:00.000Z",
        "author": {"id": "7", "username": "ann"},
        "parent": {"id": "c-0"},
        "story": {"id": "s-1", "url": "https://gazette.example/bridge"},
        "revision": {"id": "r-1", "createdAt": "2026-11-01T12:00:00.000Z"},
    }
    return Talk(answer={"data": {"comment": comment}})


@pytest.fixture
async def coral(talk: Talk, bench: Bench) -> AsyncIterator[Coral]:
    app = web.Application()
    app.router.add_post("/api/graphql", talk.graphql)
    async with serving(app) as url:
        yield Coral(
            source="talk",
            url=url,
            token=Secret("a moderator's token"),
            web=bench.tools.web,
            manners=Manners(robots="skip"),
        )


def named(kind: str = "COMMENT_CREATED", **data: str) -> Json:
    return {
        "id": "e-1",
        "type": kind,
        "createdAt": "2026-11-01T12:00:01Z",
        "data": data or {"commentID": "c-1"},
    }


async def test_a_comment_that_coral_names_is_read(coral: Coral, talk: Talk) -> None:
    (each,) = await told(coral, named())
    comment = each.comment
    assert talk.asked[0]["variables"] == {"id": "c-1"}
    assert (each.kind, each.at, each.current) == (EventKind.CREATED, NOON, True)
    assert (comment.key, comment.text, comment.thread, comment.parent) == (
        "talk:c-1",
        "Good morning",
        "s-1",
        "c-0",
    )
    assert comment.author == Author(id="7", name="ann")
    assert comment.url == "https://gazette.example/bridge?commentID=c-1"
    assert comment.edited_at is None


async def test_a_comment_that_was_rejected_or_is_gone_is_told_as_deleted(coral: Coral, talk: Talk) -> None:
    talk.answer = {"data": {"comment": {"id": "c-1", "body": "x", "status": "REJECTED"}}}
    assert [each.kind for each in await told(coral, named("COMMENT_LEFT_MODERATION_QUEUE"))] == [
        EventKind.DELETED
    ]
    talk.answer = {"data": {"comment": None}}
    assert [(each.kind, each.only_known) for each in await told(coral, named())] == [
        (EventKind.DELETED, True)
    ]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"errors": [{"message": "not allowed"}], "data": {"comment": None}}, 200),
        ({}, 200),
        ({}, 500),
        ("no object", 200),
    ],
)
async def test_a_comment_that_cannot_be_read_now_shall_come_again(
    coral: Coral, talk: Talk, answer: object, status: int
) -> None:
    talk.answer, talk.status = answer, status
    with pytest.raises(Retryable):
        await coral.read(letter(named()))


async def test_stories_of_coral_tell_nothing(coral: Coral, talk: Talk) -> None:
    assert await told(coral, named("STORY_CREATED", storyID="s-1")) == []
    assert talk.asked == []


async def test_an_event_that_names_no_comment_is_rejected(coral: Coral) -> None:
    with pytest.raises(Rejected, match="commentID"):
        await coral.read(letter(named(storyID="s-1")))


async def test_coral_names_its_deliveries(coral: Coral) -> None:
    assert coral.delivery(letter(named())) == "e-1"
    assert coral.delivery(Letter(headers={}, body=b"{", received_at=NOON)) == ""


@pytest.mark.parametrize("dialect", [FORUM, CODE, PAGE])
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"a person\'s words"', b"\xff", b"{}", b"[" * 2000]
)
async def test_what_is_no_such_letter_is_rejected_without_its_words(dialect: Dialect, body: bytes) -> None:
    headers = {"x-discourse-event": "post_created", "x-github-event": "issue_comment"}
    with pytest.raises(Rejected) as caught:
        await dialect.read(Letter(headers=headers, body=body, received_at=datetime.now(UTC)))
    assert "person" not in str(caught.value)
