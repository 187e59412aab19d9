"""Which way to read a site shows in what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.sources.detecting.candidates import Asked, Candidate, Findings, find, identifier, questions
from monitor.sources.detecting.material import Material, material
from monitor.sources.web.message import Answer

RECORDED = Path(__file__).parents[5] / "shared" / "data" / "sources"
HEAD = "<!doctype html><html><head><title>Gazette</title>"


def looked_at(
    body: str | bytes, url: str = "https://gazette.example/a", headers: Mapping[str, str] | None = None
) -> Material:
    return material(
        Answer(
            url=url,
            status=200,
            headers=headers or {},
            body=body.encode() if isinstance(body, str) else body,
            received_at=datetime(2026, 3, 1, tzinfo=UTC),
        )
    )


def first(findings: Findings) -> Candidate:
    return findings.candidates[0]


def ways(findings: Findings) -> list[str]:
    return [candidate.way for candidate in findings.candidates]


WORDPRESS = (
    HEAD + '<link rel="https://api.w.org/" href="https://gazette.example/blog/wp-json/">'
    '<link rel="alternate" type="application/rss+xml" href="https://gazette.example/blog/comments/feed/">'
    '</head><body><ol><li class="comment" id="comment-7"><p>Fine words.</p></li></ol></body></html>'
)


COMMENTS = Asked(question="/{api}/wp/v2/comments", url="https://gazette.example/wp-json/wp/v2/comments")


def test_wordpress_is_read_by_its_api_first_then_by_its_feed_then_by_its_pages() -> None:
    found = ways(find(looked_at(WORDPRESS)))
    assert ["wordpress", "wordpress-feed", "wordpress-html"] == found[:3]


def test_the_address_in_the_file_is_where_wordpress_lives() -> None:
    content = first(find(looked_at(WORDPRESS))).content
    assert {"preset": "wordpress", "id": "gazette", "url": "https://gazette.example/blog"} == content


def test_the_header_alone_tells_wordpress() -> None:
    headers = {"link": '<https://gazette.example/wp-json/>; rel="https://api.w.org/", </?p=4>; rel=shortlink'}
    candidate = first(find(looked_at(HEAD, headers=headers)))
    assert ("wordpress", "https://gazette.example") == (candidate.way, candidate.content["url"])
    assert candidate.seen[0].startswith("the header Link has <https://gazette.example/wp-json/>")


def test_a_site_without_pretty_addresses_is_told_too() -> None:
    page = looked_at(
        HEAD + '<link rel="https://api.w.org/" href="https://gazette.example/index.php?rest_route=/">'
    )
    content = first(find(page)).content
    assert ("https://gazette.example", {"api": "?rest_route="}) == (content["url"], content["options"])
    assert "https://gazette.example/?rest_route=/wp/v2/comments" == questions(page)["/{api}/wp/v2/comments"]


def test_the_feed_of_such_a_site_is_where_it_says() -> None:
    link = (
        '<link rel="alternate" type="application/rss+xml" href="https://gazette.example/?feed=comments-rss2">'
    )
    content = first(find(looked_at(HEAD + link))).content
    assert {
        "preset": "wordpress-feed",
        "id": "gazette",
        "url": "https://gazette.example",
        "options": {"feed": "?feed=comments-atom"},
    } == content


def test_an_api_that_turns_out_to_be_closed_leaves_the_feed() -> None:
    closed = replace(COMMENTS, status=401, answer=looked_at('{"code": "x"}'))
    found = find(looked_at(WORDPRESS), [closed])
    assert "wordpress-feed" == first(found).way
    closed_at = "https://gazette.example/wp-json/wp/v2/comments answers HTTP 401 with json"
    assert (f"WordPress, by its API: {closed_at}; secrets of the preset may open it",) == found.notes


def test_an_api_that_is_locked_may_be_opened_and_one_that_is_not_there_may_not() -> None:
    locked, absent = (replace(COMMENTS, status=status, answer=looked_at("{}")) for status in (403, 404))
    assert "wordpress" in ways(find(looked_at(WORDPRESS), [locked]))
    assert "wordpress" not in ways(find(looked_at(WORDPRESS), [absent]))


def test_an_api_that_answers_with_a_page_is_closed() -> None:
    login = replace(COMMENTS, status=200, answer=looked_at(HEAD))
    assert "wordpress-feed" == first(find(looked_at(WORDPRESS), [login])).way


def test_an_api_that_could_not_be_asked_stays_a_candidate_with_a_note() -> None:
    silent = replace(COMMENTS, trouble="robots.txt forbids it")
    found = find(looked_at(WORDPRESS), [silent])
    assert "wordpress" == first(found).way
    assert (f"{COMMENTS.url} could not be asked: robots.txt forbids it",) == found.notes


def test_an_api_without_any_comment_yet_is_open() -> None:
    empty = replace(COMMENTS, status=200, answer=looked_at("[]"))
    assert "wordpress" == first(find(looked_at(WORDPRESS), [empty])).way


def test_wordpress_is_asked_whether_its_api_is_open_and_what_else_lives_in_it() -> None:
    assert {
        "/{api}/": "https://gazette.example/blog/wp-json/",
        "/{api}/wp/v2/comments": "https://gazette.example/blog/wp-json/wp/v2/comments",
    } == questions(looked_at(WORDPRESS))


def test_a_page_that_says_nothing_is_asked_nothing() -> None:
    assert {} == questions(looked_at(HEAD))


def test_wpdiscuz_shows_in_the_names_of_the_api() -> None:
    index = replace(
        COMMENTS, question="/{api}/", status=200, answer=looked_at('{"namespaces": ["wpdiscuz/v1"]}')
    )
    assert "wpdiscuz" == first(find(looked_at(WORDPRESS), [index])).way


@pytest.mark.parametrize(
    ("markup", "way"),
    [
        ('<div class="wpd-comment" id="wpd-comm-7_0"></div>', "wpdiscuz"),
        ('<div class="wc-comment" id="wc-comm-7_0"></div>', "wpdiscuz"),
        ('<ol class="wp-block-comment-template"><li id="comment-1"></li></ol>', "wordpress-html"),
        ('<meta name="generator" content="Discourse 3.4.0 - https://github.com/">', "discourse"),
        ('<div id="mastodon" data-props="{}"></div>', "mastodon"),
        ('<script>window.isoData = {"path":"/","site_res":{}}</script>', "lemmy"),
        ('<tr class="athing comtr" id="1"></tr>', "hackernews"),
        ('<script data-isso="//talk.gazette.example/" src="/js/embed.min.js"></script>', "isso"),
        ('<div id="disqus_thread"></div>', "disqus"),
        ('<script src="https://utteranc.es/client.js" repo="gazette/talk" async></script>', "github"),
    ],
)  # fmt: skip
def test_systems_are_told_by_their_markup(markup: str, way: str) -> None:
    page = HEAD + f"<body><table>{markup}</table></body>" if markup.startswith("<tr") else HEAD + markup
    assert way == first(find(looked_at(page))).way


@pytest.mark.parametrize(
    ("body", "way"),
    [
        ('{"latest_posts": [{"cooked": "<p>x</p>"}]}', "discourse"),
        ('{"kind": "youtube#commentThreadListResponse", "items": []}', "youtube"),
        ('{"items": [{"comment_id": 1}], "quota_remaining": 7}', "stackexchange"),
        ('[{"author_association": "NONE", "issue_url": "https://x.example/1"}]', "github"),
        ('{"hits": [{"comment_text": "x"}]}', "hackernews"),
        ('{"comments": [{"comment": {"ap_id": "https://x.example/1"}}]}', "lemmy"),
        ('{"cursor": {"next": "1:0:0"}, "response": [{"forum": "gazette"}]}', "disqus"),
        ('{"id": null, "total_replies": 1, "hidden_replies": 0, "replies": [{"id": 1}]}', "isso"),
        ('[{"account": {"acct": "a"}, "visibility": "public"}]', "mastodon"),
    ],
)
def test_systems_are_told_by_the_shape_of_their_answers(body: str, way: str) -> None:
    assert way == first(find(looked_at(body))).way


@pytest.mark.parametrize(
    ("url", "way", "key", "value"),
    [
        ("https://german.stackexchange.com/questions/1/x", "stackexchange", "site", "german"),
        ("https://stackoverflow.com/q/1", "stackexchange", "site", "stackoverflow"),
        ("https://ru.stackoverflow.com/q/1", "stackexchange", "site", "ru.stackoverflow"),
        ("https://mathoverflow.net/q/1", "stackexchange", "site", "mathoverflow.net"),
        ("https://github.com/gazette/site/issues/4", "github", "repository", "gazette/site"),
        ("https://github.com/gazette/site/issues/4", "github", "id", "gazette-site"),
        ("https://news.ycombinator.com/item?id=1", "hackernews", "id", "news-ycombinator"),
        ("https://www.youtube.com/watch?v=x", "youtube", "channel", "CHANNEL_ID"),
        ("https://bsky.app/profile/gazette.example", "bluesky", "id", "bsky"),
    ],
)
def test_systems_are_told_by_their_host(url: str, way: str, key: str, value: str) -> None:
    candidate = first(find(looked_at(HEAD, url=url)))
    options = candidate.content.get("options", {})
    assert isinstance(options, dict)
    assert (way, value) == (candidate.way, {**candidate.content, **options}[key])


def test_no_other_host_that_ends_alike_is_taken_for_it() -> None:
    assert [] == ways(find(looked_at(HEAD, url="https://notgithub.com/gazette/site")))


def test_the_short_name_of_a_disqus_forum_goes_into_the_file() -> None:
    page = HEAD + "<div id='disqus_thread'></div><script>var disqus_shortname = 'gazette-talk';</script>"
    assert {
        "preset": "disqus",
        "id": "gazette-talk",
        "options": {"forum": "gazette-talk"},
        "secrets": {"api_key": "${env:GAZETTE_TALK_API_KEY}"},
    } == first(find(looked_at(page))).content


def test_who_embeds_a_comment_service_has_the_comments_there_whatever_made_the_page() -> None:
    found = find(looked_at(WORDPRESS + "<div id='disqus_thread'></div>"))
    assert ["disqus", "wordpress"] == ways(found)[:2]


def test_isso_is_asked_where_its_script_says() -> None:
    page = HEAD + '<script data-isso="//talk.gazette.example/" src="/js/embed.min.js"></script>'
    assert "https://talk.gazette.example/" == first(find(looked_at(page))).content["url"]


@pytest.mark.parametrize("markup", ['<div id="coral_thread"></div>', '<div class="fb-comments"></div>'])
def test_a_system_that_no_preset_reads_is_told_with_what_to_do(markup: str) -> None:
    candidate = first(find(looked_at(HEAD + markup)))
    assert ("", {}) == (candidate.way, candidate.content)
    assert "webhook" in candidate.say


ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
<title>Gazette</title><entry><id>tag:gazette.example,2026:2</id><title>x</title>
<thr:in-reply-to ref="tag:gazette.example,2026:1"/></entry></feed>"""


def test_a_feed_whose_entries_answer_something_is_one_of_comments() -> None:
    candidate = first(find(looked_at(ATOM, url="https://gazette.example/talk.atom")))
    assert ("feed", "https://gazette.example/talk.atom") == (candidate.way, candidate.content["url"])
    assert ("1 of 1 entries have thr:in-reply-to", "a feed of 1 entries") == candidate.seen


def test_wordpress_own_feed_leads_to_the_site() -> None:
    rss = (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>x</title>'
        "<guid>https://gazette.example/a/#comment-7</guid></item></channel></rss>"
    )
    candidate = first(find(looked_at(rss, url="https://gazette.example/comments/feed/")))
    assert ("wordpress-feed", "https://gazette.example") == (candidate.way, candidate.content["url"])


def test_a_page_that_names_a_feed_of_comments_is_read_by_it() -> None:
    page = HEAD + '<link rel="alternate" type="application/atom+xml" title="Comments" href="/talk.atom">'
    candidate = first(find(looked_at(page)))
    assert ("feed", "https://gazette.example/talk.atom") == (candidate.way, candidate.content["url"])


def test_the_feed_of_the_articles_is_none_of_comments() -> None:
    page = HEAD + '<link rel="alternate" type="application/atom+xml" title="Gazette" href="/news.atom">'
    assert [] == ways(find(looked_at(page)))


def test_no_word_of_a_comment_stands_in_the_reasons() -> None:
    for candidate in find(looked_at(WORDPRESS)).candidates:
        assert "Fine words" not in " ".join(candidate.seen)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.gazette.example", "gazette"),
        ("blog.gazette.co.uk", "blog-gazette"),
        ("127.0.0.1", "127-0-0-1"),
        ("", "site"),
    ],
)
def test_an_id_is_made_of_the_host(host: str, expected: str) -> None:
    assert expected == identifier(host)


@pytest.mark.parametrize(
    ("name", "way", "count"),
    [
        ("html_forum/german.stackexchange.com.ausgeraubt.html", "stackexchange", 14),
        ("html_forum/katzen-forum.net-Pepe.html", "html", 18),
        ("html_other/hearya.com.metal.html", "wordpress", 38),
        ("html_other/hpd.de-Homosexuellenhass.html", "html", 10),
        ("html_wordpress/blog.wordpress.com.diverse.html", "wordpress-html", 13),
        ("html_wordpress/happyface313.com.plantur.html", "wordpress", 21),
        ("html_wordpress/lemire.me.json.html", "wordpress", 5),
        ("html_wordpress/netzpolitik.org.abmahnungen.html", "wordpress", 74),
        ("html_wordpress/spektrum.de.engelbart.html", "wordpress", 59),
        ("html_wpdiscuz/backenmachtgluecklich.de.zitronenkuchen.html", "wpdiscuz", 25),
    ],
)
def test_recorded_pages_are_told_and_all_their_comments_found(name: str, way: str, count: int) -> None:
    page = RECORDED / name
    if not page.is_file():
        pytest.skip("the recorded pages are not beside this checkout")
    found = find(looked_at(page.read_bytes(), url=""))
    by_selectors = next(each for each in found.candidates if each.way == "html")
    assert way == first(found).way
    assert f" finds {count}, with id, text" in by_selectors.seen[0]
