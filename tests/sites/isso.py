"""A real isso on loopback: its own server, its own database, and people who comment there."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

import aiohttp
from itsdangerous import URLSafeTimedSerializer

from tests.brokers import free_ports
from tests.deployment import eventually

CONFIG: Final = """\
[general]
dbpath = {database}
host = {url}/
latest-enabled = true
[moderation]
enabled = {moderated}
[server]
listen = {url}
[guard]
enabled = false
[rss]
base = https://gazette.example
[admin]
enabled = false
"""

PUBLIC: Final = 1
"""isso's own number for a comment that is shown (2: waits for its moderators; 4: deleted, with replies)."""


@dataclass(slots=True)
class Isso:
    """A running server. Ids are those of isso, as it gives them."""

    url: str
    database: Path
    session: aiohttp.ClientSession
    cookies: dict[int, str] = field(default_factory=dict)

    async def post(self, text: str, *, uri: str = "/bridge/", author: str = "", parent: int = 0) -> int:
        """Write a comment as a reader does; return its id."""
        body = {"text": text, "author": author or None, "parent": parent or None, "title": uri.strip("/")}
        async with self.session.post(f"{self.url}/new", params={"uri": uri}, json=body) as answer:
            assert answer.status in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}, await answer.text()
            native_id = int((await answer.json())["id"])
            self._keep(native_id, answer)
        return native_id

    async def edit(self, native_id: int, text: str) -> None:
        """Change a comment as its author does."""
        async with self._own("PUT", native_id, {"text": text}) as answer:
            self._keep(native_id, answer)

    async def delete(self, native_id: int) -> None:
        """Delete a comment as its author does."""
        async with self._own("DELETE", native_id, None):
            self.cookies.pop(native_id)

    async def approve(self, native_id: int) -> None:
        """Let a comment that waits be shown, as the moderator does who follows the link in the mail."""
        await self._moderate(native_id, "activate")

    async def reject(self, native_id: int) -> None:
        """Delete a comment as the moderator does."""
        await self._moderate(native_id, "delete")

    def truth(self) -> dict[str, str]:
        """Return the texts that the database says are shown, by id."""
        rows = self._select("SELECT id, text FROM comments WHERE mode = ?", PUBLIC)
        return {str(native_id): str(text) for native_id, text in rows}

    def parents(self) -> dict[str, str | None]:
        """Return the parent of every comment that is shown, by id."""
        rows = self._select("SELECT id, parent FROM comments WHERE mode = ?", PUBLIC)
        return {str(native_id): None if parent is None else str(parent) for native_id, parent in rows}

    async def _moderate(self, native_id: int, action: str) -> None:
        ((key,),) = self._select("SELECT value FROM preferences WHERE key = 'session-key'")
        signed = URLSafeTimedSerializer(str(key)).dumps(native_id)
        async with self.session.post(f"{self.url}/id/{native_id}/{action}/{signed}") as answer:
            assert answer.status == HTTPStatus.OK, await answer.text()

    @asynccontextmanager
    async def _own(self, method: str, native_id: int, body: object) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"Cookie": self.cookies[native_id], "Content-Type": "application/json"}
        path = f"{self.url}/id/{native_id}"
        async with self.session.request(method, path, json=body, headers=headers) as answer:
            assert answer.status == HTTPStatus.OK, await answer.text()
            yield answer

    def _keep(self, native_id: int, answer: aiohttp.ClientResponse) -> None:
        self.cookies[native_id] = answer.headers["Set-Cookie"].partition(";")[0]

    def _select(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()


@asynccontextmanager
async def running_isso(folder: Path, *, moderated: bool = False) -> AsyncIterator[Isso]:
    """Start isso in a folder of its own; yield it when it answers, and end it afterwards."""
    (port,) = free_ports(1)
    url, database = f"http://127.0.0.1:{port}", folder / "comments.sqlite"
    config = _written(folder, url=url, database=database, moderated=str(moderated).lower())
    with (folder / "isso.log").open("ab") as log:
        run = "import isso; isso.main()"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", run, "-c", str(config), "run"), stdout=log, stderr=log
        )
    jar = aiohttp.DummyCookieJar()
    try:
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            site = Isso(url, database, session)
            await eventually("isso answers", lambda: _answers(site, process), patience=30)
            yield site
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _written(folder: Path, **values: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "isso.cfg"
    config.write_text(CONFIG.format(**values))
    return config


async def _answers(site: Isso, process: asyncio.subprocess.Process) -> bool:
    assert process.returncode is None, (site.database.parent / "isso.log").read_text()
    try:
        async with site.session.get(f"{site.url}/latest", params={"limit": "1"}) as answer:
            return answer.status == HTTPStatus.OK
    except aiohttp.ClientError:
        return False
