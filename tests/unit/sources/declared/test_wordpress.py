"""WordPress through its three doors, with every trap that the real one sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.domain.errors import Retryable
from monitor.sources.declared.site import DeclaredSite
from monitor.sources.polling.site import Standing, Thread
from tests.unit.sources.declared.conftest import Answered, Told

HOME = "https://gazette.example"
SAMPLES = Path(__file__).parent / "samples"


def sample(theme: str) -> bytes:
    return (SAMPLES / f"wordpress_{theme}.html").read_bytes()


@pytest.fixture
def rest(told: Told) -> DeclaredSite:
    return told(f"{{preset: wordpress, id: gazette, url: {HOME}}}")


@pytest.fixture
def feed(told: Told) -> DeclaredSite:
    return told(f"{{preset: wordpress-feed, id: gazette, url: {HOME}}}")


@pytest.fixture
def pages(told: Told) -> DeclaredSite:
    return told(f"{{preset: wordpress-html, id: gazette, url: {HOME}}}")


def record(**more: object) -> dict[str, object]:
    return {
        "id": 59,
        "post": 4,
        "parent": 0,
        "author": 0,
        "author_name": "Ann",
        "date_gmt": "2026-11-01T06:10:00",
        "content": {"rendered": "<p>You &#8220;turnip&#8221; &#038; co.<br />\nReally.</p>\n<p>Bye</p>\n"},
        "link": f"{HOME}/bridge/comment-page-2/#comment-59",
        "status": "approved",
        **more,
    }


def test_a_comment_of_the_rest_api(rest: DeclaredSite, answered: Answered) -> None:
    body = json.dumps([record(parent=57, author_name="Ann &amp; Bob")])
    [item] = rest.read(rest.first(None), answered(body), None).items
    comment = item.comment
    assert comment.text == "You “turnip” & co.\nReally.\n\nBye"
    assert (comment.native_id, comment.thread, comment.parent, comment.author.name) == (
        "59",
        "4",
        "57",
        "Ann & Bob",
    )
    assert comment.author.id is None
    assert comment.created_at is not None
    assert comment.created_at.isoformat() == "2026-11-01T06:10:00+00:00"


def test_the_api_is_asked_for_the_newest_without_a_cursor_that_loses_late_ones(rest: DeclaredSite) -> None:
    assert {"after", "before", "offset"}.isdisjoint(rest.first(None).params)
    assert (rest.policy.order, rest.policy.late_window) == ("newest_first", 604_800.0)


def test_nobody_answers_a_comment_by_the_number_nought(rest: DeclaredSite, answered: Answered) -> None:
    [item] = rest.read(rest.first(None), answered(json.dumps([record()])), None).items
    assert item.comment.parent is None


def test_a_short_or_empty_page_is_not_the_last(rest: DeclaredSite, answered: Answered) -> None:
    link = {"link": f'<{HOME}/wp-json/wp/v2/comments?per_page=100&page=2>; rel="next"'}
    page = rest.read(rest.first(None), answered("[]", headers=link), None)
    assert page.next is not None
    assert rest.read(page.next, answered("[]"), None).next is None


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("approved", Standing.VISIBLE),
        ("hold", Standing.PENDING),
        ("spam", Standing.SPAM),
        ("trash", Standing.DELETED),
        ("something-new", Standing.VISIBLE),
    ],
)
def test_moderators_see_how_a_comment_stands(
    rest: DeclaredSite, answered: Answered, status: str, standing: Standing
) -> None:
    [item] = rest.read(rest.first(None), answered(json.dumps([record(status=status)])), None).items
    assert item.standing is standing


@pytest.mark.parametrize(("status", "code"), [(401, "rest_cannot_read"), (404, "rest_comment_invalid_id")])
def test_a_comment_that_cannot_be_read_is_gone(
    rest: DeclaredSite, answered: Answered, status: int, code: str
) -> None:
    asked = rest.recheck("59")
    assert asked is not None
    assert asked.url == f"{HOME}/wp-json/wp/v2/comments/59"
    assert rest.rechecked(answered(json.dumps({"code": code}), status=status)) is Standing.DELETED


@pytest.mark.parametrize(("status", "code"), [(401, "rest_not_logged_in"), (404, "rest_no_route")])
def test_an_api_that_was_shut_says_nothing_about_comments(
    rest: DeclaredSite, answered: Answered, status: int, code: str
) -> None:
    with pytest.raises(Retryable):
        rest.rechecked(answered(json.dumps({"code": code}), status=status))


def test_a_trashed_comment_says_so_to_moderators(rest: DeclaredSite, answered: Answered) -> None:
    assert rest.rechecked(answered(json.dumps(record(status="trash")))) is Standing.DELETED
    assert rest.rechecked(answered(json.dumps(record()))) is Standing.VISIBLE


def entry(id_: int, content: str, ref: str = "", title: str = "By: Ann") -> str:
    return f"""<entry><title>{title}</title><link href="{HOME}/bridge/#comment-{id_}" type="text/html"/>
<author><name>Ann</name></author><id>{HOME}/bridge#comment-{id_}</id>
<updated>2026-11-01T06:10:00Z</updated><published>2026-11-01T06:10:00Z</published>
<content type="html"><![CDATA[{content}]]></content>
<thr:in-reply-to ref="{HOME}/bridge{ref}" href="{HOME}/bridge/{ref}" type="text/html"/></entry>"""


def atom(*entries: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
xmlns:thr="http://purl.org/syndication/thread/1.0"><title>Comments</title><id>x</id>
{"".join(entries)}</feed>"""


IN_REPLY = f'<p>{{before}}<a href="{HOME}/bridge/#comment-57" rel="nofollow">Bob &amp; co</a>{{after}}</p>\n'


@pytest.mark.parametrize(
    ("before", "after"), [("In reply to ", "."), ("Als Antwort auf ", "."), ("", "への返信。")]
)
def test_a_reply_in_the_feed_has_its_own_words_only(
    feed: DeclaredSite, answered: Answered, before: str, after: str
) -> None:
    content = IN_REPLY.format(before=before, after=after) + "<p>You turnip</p>"
    [item] = feed.read(feed.first(None), answered(atom(entry(59, content, "#comment-57"))), None).items
    assert (item.comment.native_id, item.comment.parent, item.comment.text) == ("59", "57", "You turnip")
    assert item.comment.thread == f"{HOME}/bridge"


def test_a_comment_that_answers_none_keeps_all_its_words(feed: DeclaredSite, answered: Answered) -> None:
    content = IN_REPLY.format(before="See ", after="!") + "<p>You turnip</p>"
    [item] = feed.read(feed.first(None), answered(atom(entry(59, content))), None).items
    assert (item.comment.parent, item.comment.text) == (None, "See Bob & co!\n\nYou turnip")


def test_emoji_that_the_feed_makes_images_are_words(feed: DeclaredSite, answered: Answered) -> None:
    content = '<p>Well <img src="x" alt="🙂" class="wp-smiley"/></p>'
    [item] = feed.read(feed.first(None), answered(atom(entry(59, content))), None).items
    assert item.comment.text == "Well 🙂"


def test_what_stands_behind_a_password_is_left_out(feed: DeclaredSite, answered: Answered) -> None:
    form = f'<form action="{HOME}/wp-login.php?action=postpass" method="post"><p>Password</p></form>'
    page = feed.read(feed.first(None), answered(atom(entry(59, form), entry(60, "Hello"))), None)
    assert ([item.comment.native_id for item in page.items], page.unreadable, page.found) == (["60"], (), 2)


@pytest.mark.parametrize("theme", ["classic", "blocks", "old"])
def test_themes_of_every_age_are_read(pages: DeclaredSite, answered: Answered, theme: str) -> None:
    body = sample(theme)
    thread = Thread(id="4", url=f"{HOME}/bridge/")
    page = pages.read(pages.first(thread), answered(body, url=thread.url), thread)
    assert page.unreadable == ()
    assert [
        (item.comment.native_id, item.comment.parent, item.comment.author.name, item.comment.text)
        for item in page.items
    ] == [("57", None, "Bob", "First."), ("59", "57", "Ann", "You turnip & co.")]
    assert {item.comment.thread for item in page.items} == {"4"}
    assert page.items[0].comment.url == f"{HOME}/bridge/#comment-57"


@pytest.mark.parametrize("theme", ["classic", "blocks"])
def test_older_pages_of_comments_are_found(pages: DeclaredSite, answered: Answered, theme: str) -> None:
    body = sample(theme)
    thread = Thread(id="4", url=f"{HOME}/bridge/")
    page = pages.read(pages.first(thread), answered(body, url=thread.url), thread)
    assert page.next is not None
    assert page.next.url == f"{HOME}/bridge/comment-page-1/"


def test_articles_are_found_in_the_sites_feed_by_their_numbers(
    pages: DeclaredSite, answered: Answered
) -> None:
    listing = pages.listing()
    assert listing is not None
    assert listing.url == f"{HOME}/feed/"
    rss = f"""<rss version="2.0"><channel><title>Gazette</title>
<item><title>Bridge</title><link>{HOME}/bridge/</link>
<pubDate>Sun, 22 Nov 2026 10:00:00 +0000</pubDate><guid isPermaLink="false">{HOME}/?p=4</guid></item>
<item><title>Old</title><link>{HOME}/old/</link><pubDate>Sun, 01 Mar 2026 10:00:00 +0000</pubDate>
<guid isPermaLink="false">{HOME}/?p=1</guid></item></channel></rss>"""
    assert pages.threads(answered(rss)) == (Thread(id="4", url=f"{HOME}/bridge/"),)
