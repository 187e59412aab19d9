"""The recorded answers of real sites, where they stand beside this checkout: each comment's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.domain.comments import Comment
from monitor.sources.polling.site import Page
from tests.unit.sources.declared.conftest import Answered, Told

TRUTH: Mapping[str, tuple[str, int]] = {
    "html_forum/german.stackexchange.com.ausgeraubt.html": ("html", 14),
    "html_other/hearya.com.metal.html": ("html", 38),
    "html_wordpress/blog.wordpress.com.diverse.html": ("wordpress-html", 13),
    "html_wordpress/happyface313.com.plantur.html": ("wordpress-html", 21),
    "html_wordpress/lemire.me.json.html": ("wordpress-html", 5),
    "html_wordpress/netzpolitik.org.abmahnungen.html": ("wordpress-html", 74),
    "html_wordpress/spektrum.de.engelbart.html": ("wordpress-html", 59),
    "wordpress_lab/thread_twentytwentyone.body": ("wordpress-html", 116),
}
"""Each page, the preset that reads it, and how many comments it has."""

PINGS = re.compile(rb"""id=["']comment-(\d+)["'] class=["'][^"']*pingback""")

IDS = re.compile(rb"""id=["']comment-(\d+)["']""")


def read(told: Told, answered: Answered, preset: str, body: bytes) -> Page:
    site = told(f"{{preset: {preset}, id: a, url: https://gazette.example}}")
    return site.read(site.first(None), answered(body), None)


@pytest.mark.parametrize("name", TRUTH)
def test_every_comment_of_a_page_is_found_with_its_own_words(
    told: Told, answered: Answered, recorded: Path, name: str
) -> None:
    preset, count = TRUTH[name]
    body = (recorded / name).read_bytes()
    page = read(told, answered, preset, body)
    found = {item.comment.native_id: item.comment for item in page.items}
    assert page.unreadable == ()
    ids = set(IDS.findall(body)) - set(PINGS.findall(body))
    assert set(found) == {id_.decode() for id_ in ids}
    assert (len(found), len(page.items)) == (count, count)
    assert all(comment.text for comment in found.values())
    assert [id_ for id_, comment in found.items() if holds_its_reply(comment, found)] == []


def holds_its_reply(comment: Comment, all_: Mapping[str, Comment]) -> bool:
    """Return whether the words of a longer reply stand in those of what it answers, and are no quotation."""
    own = "\n".join(line for line in comment.text.split("\n") if not line.startswith(">"))
    replies = (each for each in all_.values() if each.parent == comment.native_id)
    return any(len(reply.text) > 40 and reply.text in own for reply in replies)


def test_the_api_and_the_feed_tell_the_same_words(told: Told, answered: Answered, recorded: Path) -> None:
    lab = recorded / "wordpress_lab"
    bodies = {
        "wordpress": (lab / "rest_desc_p1.body").read_bytes(),
        "wordpress-feed": (lab / "feed_atom.body").read_bytes(),
        "wordpress-html": (lab / "thread_twentytwentyone.body").read_bytes(),
    }
    words = {
        preset: {item.comment.native_id: item.comment for item in read(told, answered, preset, body).items}
        for preset, body in bodies.items()
    }
    feed, pages, rest = words["wordpress-feed"], words["wordpress-html"], words["wordpress"]
    for other in (feed, pages):
        shared = rest.keys() & other.keys()
        assert len(shared) >= 5
        assert {id_: rest[id_].text for id_ in shared} == {id_: other[id_].text for id_ in shared}
        assert {id_: rest[id_].parent for id_ in shared} == {id_: other[id_].parent for id_ in shared}


def test_isso_tells_its_latest_comments(told: Told, answered: Answered, recorded: Path) -> None:
    page = read(told, answered, "isso", (recorded / "isso" / "latest_limit____.body").read_bytes())
    assert [item.comment.native_id for item in page.items] == ["1", "2"]
    assert [item.comment.edited_at is not None for item in page.items] == [True, False]
