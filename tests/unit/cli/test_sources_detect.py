from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml
from aiohttp import web
from click.testing import CliRunner, Result

from monitor.cli import command_line

PAGE = """<!doctype html><html><head><link rel="https://api.w.org/" href="/wp-json/">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/"></head><body>
<ol><li class="comment" id="comment-1"><div class="comment-content">Fine words.</div></li>
<li class="comment" id="comment-2"><div class="comment-content">Other words.</div></li></ol></body></html>"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


class Site:
    """A site of WordPress; `comments` is the status that its API answers with."""

    def __init__(self) -> None:
        self.url = ""
        self.comments = 200
        self.robots = ""
        self.asked: list[str] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/{path:.*}", self.answer)
        return app

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        match request.path:
            case "/robots.txt":
                return web.Response(text=self.robots)
            case "/wp-json/":
                return web.json_response({"namespaces": ["wp/v2"]})
            case "/wp-json/wp/v2/comments":
                return web.json_response([], status=self.comments)
            case "/talk":
                return web.Response(text=PAGE, content_type="text/html")
        return web.Response(status=404)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    runner = web.AppRunner(site.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


def detect(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["sources", "detect", *arguments])


async def asked(site: Site, *arguments: str) -> Result:
    return await asyncio.to_thread(detect, f"{site.url}/talk", "--network", "127.0.0.0/8", *arguments)


def written(path: str) -> object:
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


async def test_a_site_is_asked_and_the_best_way_stands_first(site: Site) -> None:
    result = await asked(site)
    assert 0 == result.exit_code
    assert "1. preset: wordpress (certain): WordPress, by its API" in result.output
    assert f"preset: wordpress\nid: 127-0-0-1\nurl: {site.url}\n" in result.output


async def test_the_robots_txt_is_asked_first_and_the_api_once(site: Site) -> None:
    await asked(site)
    assert ["/robots.txt", "/talk", "/wp-json/", "/wp-json/wp/v2/comments"] == site.asked


async def test_what_robots_txt_forbids_is_not_asked(site: Site) -> None:
    site.robots = "User-agent: *\nDisallow: /talk"
    result = await asked(site)
    assert 75 == result.exit_code
    assert "robots.txt" in result.output
    assert ["/robots.txt"] == site.asked


async def test_a_private_network_is_not_asked_unless_it_is_named(site: Site) -> None:
    result = await asyncio.to_thread(detect, f"{site.url}/talk")
    assert 75 == result.exit_code
    assert "--network" in result.output
    assert [] == site.asked


async def test_an_api_that_is_closed_is_told_and_the_feed_chosen(site: Site) -> None:
    site.comments = 401
    result = await asked(site)
    assert "1. preset: wordpress-feed (certain)" in result.output
    assert f"note: WordPress, by its API: {site.url}/wp-json/wp/v2/comments answers HTTP 401" in result.output


async def test_how_many_comments_the_page_gives_is_told(site: Site) -> None:
    result = await asked(site, "--format", "json")
    told = {each["preset"]: each["comments"] for each in json.loads(result.output)["candidates"]}
    assert {"wordpress": None, "wordpress-feed": None, "wordpress-html": 2, "feed": None, "html": 2} == told


async def test_the_file_is_written_and_nothing_is_written_over(site: Site) -> None:
    result = await asked(site, "--out", "sources/gazette.yaml")
    assert {
        "preset": "wordpress",
        "id": "127-0-0-1",
        "url": site.url,
        "politeness": {"networks": ["127.0.0.0/8"]},
    } == written("sources/gazette.yaml")
    assert "next: comment-monitor sources try sources/gazette.yaml" in result.output
    assert 78 == (await asked(site, "--out", "sources/gazette.yaml")).exit_code


async def test_what_is_written_passes_the_check(site: Site) -> None:
    await asked(site, "--out", "gazette.yaml")
    result = await asyncio.to_thread(CliRunner().invoke, command_line, ["sources", "check", "gazette.yaml"])
    assert "1 source, 0 errors, 0 warnings\n" == result.output


@pytest.mark.slow
async def test_another_way_than_the_first_may_be_chosen(site: Site) -> None:
    assert "\npreset: wordpress-html\n" in (await asked(site, "--preset", "wordpress-html")).output
    refused = await asked(site, "--preset", "discourse")
    assert 78 == refused.exit_code
    assert "found were: wordpress, wordpress-feed" in refused.output


def test_a_saved_page_is_told_without_asking_anybody() -> None:
    Path("page.html").write_text(PAGE)
    assert "1. preset: wordpress (certain)" in detect("page.html").output


def test_headers_that_were_saved_beside_it_are_looked_at() -> None:
    Path("answer.html").write_text("<p>x</p>")
    Path("answer.html.headers").write_text(
        "HTTP/1.1 200 OK\nX-Recorded-From: https://forum.example/t/1\nX-Discourse-Route: topics/show\n"
    )
    assert "preset: discourse\nid: forum\nurl: https://forum.example\n" in detect("answer.html").output


def test_where_nothing_is_found_it_says_what_it_looked_for_and_how_to_go_on() -> None:
    Path("page.html").write_text("<p>One.</p>")
    result = detect("page.html")
    assert 1 == result.exit_code
    assert "looked for: Disqus, isso" in result.output
    assert "preset: html\nid: site\n" in result.output


def test_where_the_rows_of_json_look_like_nothing_known_the_file_begins_with_their_places() -> None:
    Path("talk.json").write_text('{"rows": [{"nr": "a", "words": "Good morning to all of you."}]}')
    said = detect("talk.json").output
    assert said.endswith(
        "preset: json\nid: site\nurl: https://SITE\nselect: {items: PATH}\n"
        "fields:\n  id: {path: PATH}\n  text: {path: PATH}\n\n"
    )


def test_a_site_without_its_scheme_gets_a_hint() -> None:
    result = detect("gazette.example")
    assert 78 == result.exit_code
    assert "for a site write https://gazette.example" in result.output


def test_nothing_that_a_site_says_commands_the_terminal() -> None:
    Path("page.html").write_text('<script data-isso="//x.example/\x1b[2J" src="/js/embed.min.js"></script>')
    told = detect("page.html").output
    assert "preset: isso (certain)" in told
    assert "\x1b" not in told


async def test_an_error_of_the_site_is_told(site: Site) -> None:
    result = await asyncio.to_thread(detect, f"{site.url}/gone", "--network", "127.0.0.0/8")
    assert "that is an error" in result.output
