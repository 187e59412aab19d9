from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner, Result

from monitor.cli import command_line

SECRET = "s3cret-t0ken"
COMMENTS = '[{"id": 1, "text": "Über die Brücke."}]'.encode("iso-8859-1")
SOURCE = """\
id: gazette
kind: poll
format: json
request:
  url: "{url}/comments"
  auth: {{bearer: "${{env:GAZETTE_TOKEN}}"}}
fields: {{id: {{path: id}}, text: {{path: text}}}}
politeness: {{networks: ["127.0.0.0/8"]}}
"""
BY_THREAD = """\
id: gazette
kind: poll
format: json
threads:
  from: {{request: "{url}/threads", items: "@", id: {{path: id}}}}
request: "{url}/comments/${{thread.id}}"
fields: {{id: {{path: id}}, text: {{path: text}}}}
politeness: {{networks: ["127.0.0.0/8"]}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with the secret in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GAZETTE_TOKEN", SECRET)


async def comments(_: web.Request) -> web.Response:
    headers = {
        "Content-Type": "application/json; charset=iso-8859-1",
        "Set-Cookie": "session=abc",
        "Link": '</comments?page=2>; rel="next"',
    }
    return web.Response(body=COMMENTS, headers=headers)


async def talkative(request: web.Request) -> web.Response:
    """Answer an error that tells who asked."""
    return web.json_response({"token": request.headers["Authorization"]}, status=401)


async def login(_: web.Request) -> web.Response:
    return web.Response(text="<html>Who are you?</html>", content_type="text/html")


async def threads(_: web.Request) -> web.Response:
    return web.json_response([{"id": "a-1"}, {"id": "a-2"}])


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    def __init__(self) -> None:
        self.url = ""
        self.handler: Handler = comments

    async def answer(self, request: web.Request) -> web.StreamResponse:
        return await self.handler(request)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_get("/threads", threads)
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


def sources(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, ["sources", *arguments])


async def recorded(site: Site, out: str, source: str = SOURCE) -> Result:
    write("gazette.yaml", source.format(url=site.url))
    return await asyncio.to_thread(sources, "record", "gazette.yaml", "--out", out)


def write(path: str, text: str) -> None:
    Path(path).write_text(text, encoding="utf-8")


def content(path: str) -> bytes:
    return Path(path).read_bytes()


def present(folder: str) -> list[str]:
    return sorted(each.name for each in Path(folder).iterdir())


async def test_an_answer_is_saved_byte_for_byte_with_its_headers_beside_it(site: Site) -> None:
    result = await recorded(site, "saved.json")
    assert 0 == result.exit_code
    assert COMMENTS == content("saved.json")
    head = content("saved.json.headers").decode().splitlines()
    assert ["HTTP/1.1 200", f"x-recorded-from: {site.url}/comments"] == head[:2]
    assert 'link: </comments?page=2>; rel="next"' in head


async def test_people_are_told_that_it_holds_peoples_words(site: Site) -> None:
    assert "people's words" in (await recorded(site, "saved.json")).output


async def test_no_cookie_is_saved(site: Site) -> None:
    await recorded(site, "saved.json")
    assert b"session=abc" not in content("saved.json.headers")


async def test_the_sources_secrets_are_starred_out_where_the_site_repeats_them(site: Site) -> None:
    site.handler = talkative
    result = await recorded(site, "saved.json")
    assert {"token": "Bearer " + "*" * len(SECRET)} == json.loads(content("saved.json"))
    assert "saved.json: 1 secret in the body starred out" in result.output


async def test_an_error_is_saved_too_and_says_so_when_it_is_tried(site: Site) -> None:
    site.handler = talkative
    assert "saved.json: HTTP 401" in (await recorded(site, "saved.json")).output
    assert "the site answers 401" in sources("try", "gazette.yaml", "--file", "saved.json").output


async def test_a_page_where_there_should_be_json_is_saved_too(site: Site) -> None:
    site.handler = login
    await recorded(site, "saved/")
    assert ["gazette.html", "gazette.html.headers"] == present("saved")


async def test_what_was_saved_is_tried_with_its_characters_and_its_next_page(site: Site) -> None:
    await recorded(site, "saved.json", SOURCE + "paginate: {{type: link_header}}\n")
    tried = sources("try", "gazette.yaml", "--file", "saved.json")
    assert "Über die Brücke." in tried.output
    assert f"next page: {site.url}/comments?page=2" in tried.output


async def test_a_site_of_threads_is_saved_with_its_listing(site: Site) -> None:
    await recorded(site, "saved/", BY_THREAD)
    names = [f"gazette{name}.json{headers}" for name in ("", ".threads") for headers in ("", ".headers")]
    assert sorted(names) == present("saved")
    assert f"x-recorded-from: {site.url}/comments/a-1".encode() in content("saved/gazette.json.headers")


async def test_nothing_is_written_over(site: Site) -> None:
    write("saved.json", "[]")
    assert 78 == (await recorded(site, "saved.json")).exit_code
    assert b"[]" == content("saved.json")


async def test_without_its_secret_no_site_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GAZETTE_TOKEN")
    result = await recorded(site, "saved.json")
    assert 1 == result.exit_code
    assert "GAZETTE_TOKEN" in result.output
