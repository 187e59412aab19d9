from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import aiohttp
import pytest

from monitor.settings.secret import Secret
from monitor.sources.push.doors import DoorServer
from monitor.sources.push.webhooks.dialects.github import GitHub
from monitor.sources.push.webhooks.dialects.meta import Meta
from monitor.sources.push.webhooks.letter import Content, Letter
from monitor.sources.push.webhooks.locks import SignatureLock
from monitor.sources.push.webhooks.source import MOST_READ_AT_ONCE, Endpoint, WebhookSource
from tests.listening import Bench, until

SECRET = Secret("a secret of both")
ENDPOINT = Endpoint(
    source="gazette",
    path="/hooks/gazette",
    dialect=GitHub(source="gazette"),
    lock=SignatureLock(secrets=(SECRET,), header="X-Hub-Signature-256"),
    within=0.0,
)


def comment(number: int = 1, text: str = "Good morning", action: str = "created") -> bytes:
    note = {
        "id": number,
        "body": text,
        "user": {"id": 7, "login": "ann"},
        "created_at": "2026-11-01T12:00:00Z",
    }
    body = {
        "action": action,
        "comment": note,
        "issue": {"number": 3},
        "repository": {"full_name": "gazette/site"},
    }
    return json.dumps(body).encode()


@dataclass(slots=True)
class Caller:
    """GitHub, as it calls."""

    doors: DoorServer
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.doors.port}{ENDPOINT.path}"

    async def call(self, body: bytes, delivery: str = "d-1", **headers: str) -> int:
        return (await self.answer(body, delivery, **headers)).status

    async def answer(self, body: bytes, delivery: str = "d-1", **headers: str) -> aiohttp.ClientResponse:
        signature = hmac.new(SECRET.reveal().encode(), body, hashlib.sha256).hexdigest()
        usual = {
            "X-GitHub-Event": "issue_comment",
            "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": f"sha256={signature}",
        }
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(self.url, data=body, headers={**usual, **more}) as response:
            await response.read()
            return response


@pytest.fixture
async def doors(bench: Bench) -> AsyncIterator[DoorServer]:
    async with DoorServer(host="127.0.0.1", port=0) as server:
        bench.tools = replace(bench.tools, doors=server)
        yield server


@pytest.fixture
async def caller(doors: DoorServer) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(doors, session)


@asynccontextmanager
async def open_door(bench: Bench, endpoint: Endpoint = ENDPOINT) -> AsyncIterator[None]:
    bench.notes.lines.clear()
    async with bench.running(WebhookSource(endpoint, bench.tools)):
        await until(lambda: "gazette up" in bench.notes.lines)
        yield


async def test_a_delivery_is_told_and_answered_once_it_is_safe(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        assert await caller.call(comment()) == 200
        assert bench.seen() == ["created Good morning"]
        assert len(bench.taken_over) == 1
    assert bench.notes.lines == ["gazette up", "gazette accepted"]


async def test_a_delivery_that_comes_again_is_told_once(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        assert [await caller.call(comment()) for _ in range(3)] == [200] * 3
        await bench.told(1)
    assert bench.notes.lines[1:] == ["gazette accepted", "gazette repeated", "gazette repeated"]


async def test_a_delivery_is_known_after_a_restart(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        assert await caller.call(comment()) == 200
    async with open_door(bench):
        assert await caller.call(comment()) == 200
        assert await caller.call(comment(2), "d-2") == 200
        await bench.told(2)
    assert bench.notes.lines == ["gazette up", "gazette repeated", "gazette accepted"]


async def test_a_caught_delivery_uses_up_no_later_ones_id(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        assert await caller.call(comment(1), "d-1") == 200
        assert await caller.call(comment(1), "d-2") == 200
        assert await caller.call(comment(2), "d-2") == 200
    assert [event.comment.native_id for event in bench.ledger.events] == ["1", "2"]


async def test_a_delivery_that_comes_twice_at_once_is_told_once(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        assert await asyncio.gather(*(caller.call(comment()) for _ in range(20))) == [200] * 20
        await bench.told(1)


async def test_many_callers_at_once_are_all_answered(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        calls = [caller.call(comment(number), f"d-{number}") for number in range(200)]
        assert await asyncio.gather(*calls) == [200] * 200
        await bench.told(200)
    assert len(bench.taken_over) < 200


@pytest.mark.parametrize("headers", [{"X_Hub_Signature_256": "sha256=00"}, {"X_Hub_Signature_256": ""}])
async def test_a_wrong_signature_is_refused(bench: Bench, caller: Caller, headers: dict[str, str]) -> None:
    async with open_door(bench):
        assert await caller.call(comment(), **headers) == 401
        assert await caller.call(comment()) == 200
    assert bench.notes.lines[1:] == ["gazette wrong_signature", "gazette accepted"]


async def test_what_is_authentic_and_unreadable_is_never_lost(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        assert await caller.call(b"{") == 200
        assert await caller.call(b'{"action": "created", "comment": 1}', "d-2") == 200
    assert [(each.payload, each.reason, each.origin) for each in bench.ledger.buried] == [
        (b"{", "malformed", bench.ledger.buried[0].origin),
        (b'{"action": "created", "comment": 1}', "schema", bench.ledger.buried[1].origin),
    ]
    assert bench.ledger.buried[1].origin.startswith("webhook:gazette:d-2.")


async def test_json_that_comes_in_a_form_is_read(bench: Bench, caller: Caller) -> None:
    form = urlencode({"payload": comment(text="Good & early + ünï").decode()}).encode()
    async with open_door(bench):
        assert await caller.call(form) == 200
    assert bench.seen() == ["created Good & early + ünï"]


async def test_what_was_unreadable_is_buried_once_and_read_when_it_comes_again_after_a_mend(
    bench: Bench, caller: Caller
) -> None:
    unreadable = b'{"action": "created", "comment": 1}'
    async with open_door(bench):
        assert [await caller.call(unreadable), await caller.call(unreadable)] == [200, 200]
    assert len(bench.ledger.buried) == 1
    async with open_door(bench, replace(ENDPOINT, dialect=Mended(source="gazette"))):
        assert [await caller.call(unreadable), await caller.call(unreadable)] == [200, 200]
    assert bench.notes.lines[1:] == ["gazette accepted", "gazette repeated"]
    assert len(bench.ledger.events) == 1


async def test_what_is_about_something_else_is_thanked_for(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        assert (
            await caller.call(b'{"zen": "Anything added dilutes everything else."}', X_GitHub_Event="ping")
            == 200
        )
    assert bench.notes.lines[1:] == ["gazette ignored"]
    assert bench.taken_over == []


async def test_a_body_that_is_too_large_is_not_taken(bench: Bench, caller: Caller) -> None:
    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b"x" * 1000

    async with open_door(bench, replace(ENDPOINT, most_bytes=5000)):
        assert await caller.call(b"x" * 5001) == 413
        async with caller.session.post(caller.url, data=unannounced()) as response:
            assert response.status == 413
        assert await caller.call(comment()) == 200


async def test_strangers_who_take_their_time_do_not_fill_the_memory(bench: Bench, caller: Caller) -> None:
    async with open_door(bench), AsyncExitStack() as stack:
        for _ in range(MOST_READ_AT_ONCE):
            _, writer = await asyncio.open_connection("127.0.0.1", caller.doors.port)
            stack.callback(writer.close)
            writer.write(f"POST {ENDPOINT.path} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n".encode())
        async with asyncio.timeout(10):
            while (status := await caller.call(comment())) == 200:
                pass
        assert status == 503


class Mended(GitHub):
    """A dialect that reads what the other cannot."""

    async def read(self, letter: Letter) -> Content:
        return await super().read(replace(letter, body=comment()))


class Slow(GitHub):
    """A dialect that has to ask somebody who does not answer."""

    async def read(self, letter: Letter) -> Content:
        assert letter.body
        await asyncio.Event().wait()
        return Content()


async def test_what_cannot_be_looked_up_in_time_shall_come_again(bench: Bench, caller: Caller) -> None:
    async with open_door(bench, replace(ENDPOINT, dialect=Slow(source="gazette"), answer_within=0.05)):
        assert await caller.call(comment()) == 503
    assert bench.notes.lines[1:] == ["gazette unread"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_a_door_is_for_posting(bench: Bench, caller: Caller, method: str) -> None:
    async with open_door(bench), caller.session.request(method, caller.url) as response:
        assert response.status == 405


async def test_while_kafka_is_down_the_caller_is_asked_to_come_again_and_is_told_once(
    bench: Bench, caller: Caller
) -> None:
    bench.down = True
    async with open_door(bench, replace(ENDPOINT, answer_within=0.05)):
        first = await caller.answer(comment())
        assert (first.status, first.headers["Retry-After"]) == (503, "30")
        assert await caller.call(comment()) == 503
        bench.down = False
        await bench.told(1)
        assert await caller.call(comment()) == 200
    assert bench.seen() == ["created Good morning"]
    assert bench.notes.lines[1:] in (
        ["gazette late", "gazette late", "gazette repeated"],
        ["gazette late", "gazette late", "gazette accepted"],
    )


async def test_no_more_deliveries_wait_than_may(bench: Bench, caller: Caller) -> None:
    bench.down = True
    async with open_door(bench, replace(ENDPOINT, answer_within=0.05, most_waiting=3)):
        calls = [await caller.call(comment(number), f"d-{number}") for number in range(5)]
    assert calls == [503] * 5
    assert bench.notes.lines[1:] == ["gazette late"] * 3 + ["gazette full"] * 2


async def test_who_waits_when_the_process_stops_is_asked_to_come_again(bench: Bench, caller: Caller) -> None:
    bench.down = True
    async with open_door(bench):
        call = asyncio.create_task(caller.call(comment()))
        await until(lambda: bench.tries > 0)
    assert await call == 503
    assert await caller.call(comment()) == 404


async def test_nothing_of_the_delivery_is_said_to_the_caller(bench: Bench, caller: Caller) -> None:
    async with open_door(bench):
        answers = [
            await caller.answer(comment()),
            await caller.answer(comment(), X_Hub_Signature_256="sha256=0"),
        ]
        assert [answer.headers["Content-Length"] for answer in answers] == ["0", "0"]


async def test_meta_is_shown_that_we_know_its_token(bench: Bench, caller: Caller) -> None:
    endpoint = replace(ENDPOINT, dialect=Meta(source="gazette"), verify_token=Secret("a token"))
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "a token"}
    async with open_door(bench, endpoint):
        async with caller.session.get(caller.url, params=query) as response:
            assert (response.status, await response.text()) == (200, "1158201444")
        async with caller.session.get(
            caller.url, params={**query, "hub.verify_token": "another"}
        ) as response:
            assert (response.status, await response.text()) == (405, "")
    assert bench.notes.lines[1:] == ["gazette handshake", "gazette other"]


async def test_two_doors_share_a_server(bench: Bench, caller: Caller) -> None:
    other = replace(ENDPOINT, source="courier", path="/hooks/courier", dialect=GitHub(source="courier"))
    async with open_door(bench), bench.running(WebhookSource(other, bench.tools)):
        await until(lambda: "courier up" in bench.notes.lines)
        assert await caller.call(comment()) == 200
    assert [event.comment.source for event in bench.ledger.events] == ["gazette"]
