from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp import web

from monitor.domain.errors import Misconfigured
from monitor.sources.push.doors import DoorServer


async def hello(request: web.Request) -> web.Response:
    return web.Response(text=f"{request.method} {len(await request.content.read())}")


async def ask(
    doors: DoorServer, path: str, *, method: str = "POST", body: bytes = b""
) -> tuple[int, str, list[str]]:
    url = f"http://127.0.0.1:{doors.port}{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, data=body) as response:
        return response.status, await response.text(), sorted(response.headers)


async def test_nothing_is_listened_on_before_a_door_is_opened() -> None:
    async with DoorServer(host="127.0.0.1", port=0) as doors:
        assert doors.port == 0
        await doors.open("/a", hello)
        assert doors.port > 0


async def test_a_door_leads_to_its_handler_and_all_else_nowhere() -> None:
    async with DoorServer(host="127.0.0.1", port=0) as doors:
        await doors.open("/a", hello)
        await doors.open("/b/c", hello)
        assert (await ask(doors, "/a", body=b"four"))[:2] == (200, "POST 4")
        assert (await ask(doors, "/b/c", method="GET"))[:2] == (200, "GET 0")
        for path in ("/", "/A", "/a/", "/c", "/b"):
            assert (await ask(doors, path))[:2] == (404, "")


async def test_a_stranger_is_told_nothing_of_what_runs_here() -> None:
    async with DoorServer(host="127.0.0.1", port=0) as doors:
        await doors.open("/a", hello)
        assert (await ask(doors, "/b"))[2] == ["Content-Length", "Date"]


async def test_a_door_may_be_closed_and_opened_again() -> None:
    async with DoorServer(host="127.0.0.1", port=0) as doors:
        await doors.open("/a", hello)
        doors.close("/a")
        assert (await ask(doors, "/a"))[0] == 404
        await doors.open("/a", hello)
        assert (await ask(doors, "/a"))[0] == 200


async def test_a_path_is_one_sources_own() -> None:
    async with DoorServer(host="127.0.0.1", port=0) as doors:
        await doors.open("/a", hello)
        with pytest.raises(Misconfigured, match="two webhook sources want the path /a"):
            await doors.open("/a", hello)


async def test_a_port_that_is_taken_is_named_and_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        doors = DoorServer(host="127.0.0.1", port=port)
        for _ in range(2):
            with pytest.raises(Misconfigured, match=f"port {port} on 127.0.0.1, for webhooks, is taken"):
                await doors.open("/a", hello)
    async with doors:
        await doors.open("/a", hello)
        assert (await ask(doors, "/a"))[0] == 200


async def test_doors_that_open_at_once_share_the_server() -> None:
    async with DoorServer(host="127.0.0.1", port=0) as doors:
        await asyncio.gather(*(doors.open(path, hello) for path in ("/a", "/b", "/c")))
        assert [(await ask(doors, path))[0] for path in ("/a", "/b", "/c")] == [200] * 3


async def test_a_compressed_body_is_handed_on_as_it_came() -> None:
    async def length(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.content.read())))

    async with DoorServer(host="127.0.0.1", port=0) as doors:
        await doors.open("/a", length)
        url, headers = f"http://127.0.0.1:{doors.port}/a", {"Content-Encoding": "gzip"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=b"raw", headers=headers) as response,
        ):
            assert await response.text() == "3"


async def test_what_is_being_answered_when_the_process_stops_is_answered() -> None:
    async def slow(request: web.Request) -> web.Response:
        assert request.path == "/a"
        begun.set()
        await go_on.wait()
        return web.Response(text="done")

    begun, go_on = asyncio.Event(), asyncio.Event()
    async with AsyncExitStack() as stack:
        doors = await stack.enter_async_context(DoorServer(host="127.0.0.1", port=0))
        await doors.open("/a", slow)
        asking = asyncio.create_task(ask(doors, "/a"))
        await begun.wait()
        stopping = asyncio.create_task(stack.aclose())
        await asyncio.sleep(0)
        go_on.set()
        assert (await asking)[:2] == (200, "done")
        await stopping
