"""The product as a user runs it: its own commands as processes, a settings file, a real broker."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiohttp import web
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from monitor.domain.comments import CommentEvent
from monitor.ports.wire import EVENTS

PATIENCE: Final = 120.0

SETTINGS: Final = """\
[kafka]
bootstrap = {bootstrap}
topic_prefix = {prefix}
idempotence = {idempotence}
partitions = {partitions}
{kafka}
[rules]
path = {rules}

[store]
path = {store}

[worker]
data_dir = {data}

[http]
port = 0

[fuse]
alerts_per_rule_per_hour = 100000

[[receivers]]
name = "desk"
type = "webhook"
url = {url}
secrets = ["a secret that only this test and its receiver know"]
allow_private = ["127.0.0.0/8"]
"""


@dataclass(slots=True)
class Desk:
    """A webhook receiver that counts what it is sent, by the id that it may drop repeats by."""

    received: list[str] = field(default_factory=list)
    bodies: dict[str, dict[str, object]] = field(default_factory=dict)
    status: int = 200
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        """Count one delivery."""
        if self.status == 200:
            name = request.headers["webhook-id"]
            self.received.append(name)
            self.bodies[name] = json.loads(await request.read())
        return web.Response(status=self.status)


@dataclass(slots=True)
class Tail:
    """What a topic has held so far."""

    consumer: AIOKafkaConsumer
    partitions: list[TopicPartition]
    messages: list[ConsumerRecord] = field(default_factory=list)

    async def look(self) -> list[ConsumerRecord]:
        """Take in all that stands in the topic now; return everything so far."""
        ends = await self.consumer.end_offsets(self.partitions)
        while [p for p in self.partitions if await self.consumer.position(p) < ends[p]]:
            answer = await self.consumer.getmany(timeout_ms=1000)
            self.messages += [message for messages in answer.values() for message in messages]
        return self.messages


@dataclass(slots=True)
class Deployment:
    """One deployment in a folder of its own, with its own topic prefix.

    `kafka`: more of that section. `sources`: a source file, or a folder of them.
    """

    folder: Path
    bootstrap: str
    prefix: str
    rules: Path
    url: str = "http://127.0.0.1:9/"
    idempotence: bool = True
    partitions: int = 4
    kafka: Mapping[str, str] = field(default_factory=dict)
    sources: Path | None = None
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    @property
    def settings(self) -> Path:
        """Return the settings file, written now."""
        path = self.folder / "comment-monitor.toml"
        values = {
            "bootstrap": self.bootstrap,
            "prefix": self.prefix,
            "idempotence": self.idempotence,
            "partitions": self.partitions,
            "rules": str(self.rules),
            "store": str(self.folder / "monitor.sqlite"),
            "data": str(self.folder / "tables"),
            "url": self.url,
        }
        texts = {name: json.dumps(value) for name, value in values.items()}
        more = "".join(f"{key} = {json.dumps(value)}\n" for key, value in self.kafka.items())
        site = f'[[sources]]\ntype = "site"\npath = {json.dumps(str(self.sources))}\n' if self.sources else ""
        path.write_text(SETTINGS.format(**texts, kafka=more) + site)
        return path

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end; return its exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            *self._line(*arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        return process.returncode or 0, output.decode()

    async def start(self, name: str, *arguments: str) -> asyncio.subprocess.Process:
        """Start a long-running command under a name; its log stands in the folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *self._line(*arguments), stdout=log, stderr=log, cwd=self.folder
            )
        self.processes[name] = process
        return process

    async def kill(self, name: str) -> None:
        """SIGKILL a process."""
        process = self.processes.pop(name)
        assert process.returncode is None, f"{name} ended by itself:\n{self.log(name)[-2000:]}"
        process.kill()
        await process.wait()

    async def stop(self) -> None:
        """End all processes the gentle way."""
        for process in self.processes.values():
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(asyncio.gather(*(p.wait() for p in self.processes.values())), PATIENCE)

    def log(self, name: str) -> str:
        """Return what a process has written."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    async def send(self, events: list[CommentEvent]) -> None:
        """Put events onto the comments topic."""
        await self.send_raw([(event.comment.key.encode(), EVENTS.encode(event)) for event in events])

    async def send_raw(self, messages: list[tuple[bytes, bytes | None]]) -> None:
        """Put messages onto the comments topic as they are."""
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all")
        await producer.start()
        try:
            sent = [
                await producer.send(f"{self.prefix}comments", key=key, value=value) for key, value in messages
            ]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def read(self, topic: str) -> list[ConsumerRecord]:
        """Return all that stands in a topic now, in the order of its partitions."""
        async with self.tail(topic) as tail:
            return await tail.look()

    @asynccontextmanager
    async def tail(self, topic: str) -> AsyncIterator[Tail]:
        """Yield a reader of a topic from its beginning, which keeps what it has read."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            partitions = [TopicPartition(self.prefix + topic, number) for number in range(self.partitions)]
            consumer.assign(partitions)
            yield Tail(consumer, partitions)
        finally:
            await consumer.stop()

    def _line(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "monitor", "--config", str(self.settings), *arguments]


async def eventually(what: str, condition: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Return once the condition holds; fail after a while, saying what was waited for."""
    deadline = time.monotonic() + patience
    while not await condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not after {patience:.0f} s: {what}")
        await asyncio.sleep(0.2)


def alive(pid: int) -> bool:
    """Return whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
