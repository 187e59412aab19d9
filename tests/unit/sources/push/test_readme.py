"""The examples of the sources' README are tried as they stand there: each file, and the calls after it."""

from __future__ import annotations

import asyncio
import base64
import os
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from monitor.ports import Source
from monitor.sources.describing import SourceText, read_sources
from monitor.sources.push.doors import DoorServer
from tests.listening import Bench, serving, until

README = Path(__file__).parents[4] / "monitor" / "sources" / "README.md"
EXAMPLE = re.compile(r"#### ([^\n]+)\n(?:(?!\n#).)*?```yaml\n(.*?)```\n\n```sh\n(.*?)```", flags=re.DOTALL)
FILE = re.compile(r"### (Mastodon|Bluesky)\n\n```yaml\n(.*?)```", flags=re.DOTALL)
ENVIRON = {
    "SECRET": "a secret of both",
    "WHSEC": "whsec_" + base64.b64encode(b"a key").decode(),
    "VERIFY_TOKEN": "a token & more",
    "CORAL_TOKEN": "a moderator's token",
    "MASTODON_TOKEN": "a token of the instance",
}

SECTION = README.read_text(encoding="utf-8").partition("## Sources that tell by themselves")[2]
EXAMPLES = {name: (file, calls) for name, file, calls in EXAMPLE.findall(SECTION)}


@pytest.fixture
async def coral() -> AsyncIterator[str]:
    async def graphql(request: web.Request) -> web.Response:
        assert (await request.json())["variables"] == {"id": "c-1"}
        return web.json_response({"data": {"comment": {"id": "c-1", "body": "Good morning"}}})

    app = web.Application()
    app.router.add_post("/api/graphql", graphql)
    async with serving(app) as url:
        yield url


def source_of(file: str, bench: Bench) -> Source:
    reading = read_sources([SourceText(path="example.yaml", text=file, base=Path())], bench.tools, ENVIRON)
    assert reading.problems == ()
    (source,) = reading.sources
    return source


async def run(script: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", script),
        env={**os.environ, **ENVIRON},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaint = await process.communicate()
    assert process.returncode == 0, complaint
    return out.decode()


def test_every_dialect_has_its_example() -> None:
    dialects = {found[1] for file, _ in EXAMPLES.values() if (found := re.search(r"dialect: (\w+)", file))}
    assert dialects == {"discourse", "github", "meta", "coral", "standard", "json"}


@pytest.mark.parametrize("name", EXAMPLES)
async def test_an_example_of_a_webhook_works_as_it_stands(name: str, bench: Bench, coral: str) -> None:
    file, calls = EXAMPLES[name]
    async with DoorServer(host="127.0.0.1", port=0) as doors:
        bench.tools = replace(bench.tools, doors=doors)
        bench.clock.now = datetime.now(UTC)
        source = source_of(file.replace("https://talk.gazette.example", coral), bench)
        async with bench.running(source):
            await until(lambda: doors.port != 0)
            said = await run(calls.replace("localhost:8070", f"127.0.0.1:{doors.port}"))
            await bench.told(1)
    assert said in {"", "1158201444"}
    assert bench.seen() == ["created Good morning"]


@pytest.mark.parametrize("name", ["Mastodon", "Bluesky"])
def test_an_example_of_a_stream_can_be_read(name: str, bench: Bench) -> None:
    files = dict(FILE.findall(SECTION))
    assert source_of(files[name], bench).name
