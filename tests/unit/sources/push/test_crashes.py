"""Processes that are killed between Kafka's acknowledgement and the save: nothing is lost."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.listening import until
from tests.sites.jetstream import running_jetstream
from tests.sites.mastodon import TOKEN, running_instance

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[4]
SECRET = "a secret of both"
NETWORKS = "politeness: {networks: [127.0.0.0/8], rate: 100/s}\n"


@dataclass(slots=True)
class Listener:
    """A process that listens by a source file, and dies as it is told."""

    folder: Path
    port: int = 0

    def write(self, text: str) -> None:
        (self.folder / "source.yaml").write_text(text)

    @asynccontextmanager
    async def running(self, saves: int) -> AsyncIterator[asyncio.subprocess.Process]:
        names = [self.folder / name for name in ("source.yaml", "store.db", "published")]
        arguments = [*map(str, names), str(saves), str(self.port)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.programs.listen_and_die", *arguments),
            cwd=REPOSITORY,
            env={**os.environ, "SECRET": SECRET, "TOKEN": TOKEN},
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def dies(self, saves: int) -> None:
        """Run until the process has killed itself."""
        async with self.running(saves) as process, asyncio.timeout(30):
            assert await process.wait() == -signal.SIGKILL

    def published(self) -> Counter[str]:
        path = self.folder / "published"
        return Counter(path.read_text().split() if path.exists() else [])


@pytest.fixture
def listener(tmp_path: Path) -> Listener:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return Listener(tmp_path, free.getsockname()[1])


async def call(session: aiohttp.ClientSession, port: int, number: int) -> int:
    """Post a comment as GitHub does; 0 where nobody answered."""
    body = json.dumps(
        {
            "action": "created",
            "comment": {"id": number, "body": "Good morning"},
            "repository": {"full_name": "a/b"},
        }
    ).encode()
    headers = {
        "X-GitHub-Event": "issue_comment",
        "X-GitHub-Delivery": f"d-{number}",
        "X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
    }
    try:
        async with session.post(
            f"http://127.0.0.1:{port}/webhooks/code", data=body, headers=headers
        ) as response:
            return response.status
    except aiohttp.ClientError:
        return 0


async def deliver(port: int, process: asyncio.subprocess.Process, waiting: list[int]) -> None:
    """Send what waits, in order, each until it is acknowledged, as long as the process lives."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while waiting and process.returncode is None:
            if await call(session, port, waiting[0]) == 200:
                waiting.pop(0)
            else:
                await asyncio.sleep(0.02)


async def test_a_webhook_that_is_sent_until_it_is_acknowledged_is_lost_by_no_crash(
    listener: Listener,
) -> None:
    listener.write('id: code\nkind: webhook\ndialect: github\nsecrets: ["${env:SECRET}"]\n')
    waiting = list(range(12))
    for saves in (0, 3, -1):
        async with listener.running(saves) as process:
            await deliver(listener.port, process, waiting)
    assert waiting == []
    assert listener.published() == {str(number): 2 if number in {0, 3} else 1 for number in range(12)}


async def test_an_instance_is_followed_over_crashes_without_loss(listener: Listener) -> None:
    async with running_instance() as pond:
        listener.write(
            f'id: pond\nkind: mastodon\nurl: {pond.url}\ntoken: "${{env:TOKEN}}"\nstart: oldest\n{NETWORKS}'
        )
        ids = [pond.post(f"status {number}", at=number) for number in range(100)]
        await listener.dies(1)
        ids += [pond.post(f"status {number}", at=number) for number in range(100, 130)]
        await listener.dies(0)
        async with listener.running(-1):
            await until(lambda: set(listener.published()) >= set(ids))
            await pond.heard()
            ids.append(pond.post("and on", at=200))
            await until(lambda: set(listener.published()) >= set(ids))
    assert set(listener.published()) == set(ids)
    assert max(listener.published().values()) <= 3


async def test_the_network_is_followed_over_crashes_without_loss(listener: Listener) -> None:
    async with running_jetstream() as sky:
        listener.write(f"id: sky\nkind: jetstream\nhosts: {sky.url}\nstart: oldest\n{NETWORKS}")
        uris = [sky.post(f"k{number}", f"post {number}", at=number) for number in range(700)]
        await listener.dies(1)
        uris += [sky.post(f"k{number}", f"post {number}", at=number) for number in range(700, 800)]
        await listener.dies(0)
        async with listener.running(-1):
            await until(lambda: set(listener.published()) >= set(uris))
    assert set(listener.published()) == set(uris)
    assert max(listener.published().values()) <= 3
