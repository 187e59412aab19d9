"""A real WordPress on loopback: MariaDB and PHP out of Debian's packages, and people who comment there.

The site stands in New York's zone. What a test does, WordPress does with its own functions (`php/act.php`);
what is true, the database says.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

import aiohttp

from tests.brokers import free_ports
from tests.deployment import eventually
from tests.sites.debian import environment, unpacked

PACKAGES: Final = (
    *("mariadb-server", "mariadb-server-core", "mariadb-client-core"),
    *("php8.2-cli", "php8.2-common", "php8.2-mysql", "php8.2-mbstring", "php8.2-xml", "php8.2-opcache"),
    *("wordpress", "wordpress-theme-twentytwentyone", "wordpress-theme-twentytwentythree"),
    # Libraries that a small Debian may lack.
    *("libaio1", "libargon2-1", "libedit2", "libmagic1", "libmagic-mgc", "libnuma1", "libonig5"),
    *("libsodium23", "liburing2", "libxml2", "libicu72", "libbsd0", "libmd0"),
)
PHP: Final = Path(__file__).parent / "php"
EXTENSIONS: Final = (
    "mysqlnd",
    "mysqli",
    "mbstring",
    "tokenizer",
    "ctype",
    "dom",
    "xml",
    "simplexml",
    "iconv",
)
CLASSIC: Final = "twentytwentyone"
BLOCKS: Final = "twentytwentythree"

Act = Mapping[str, object]
"""One thing that somebody does; `php/act.php` says which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A comment as the database holds it. `status` is WordPress's own: 1, 0, spam, trash."""

    id: str
    text: str
    status: str
    parent: str | None
    post: int
    author: str
    at: str
    type: str


@dataclass(slots=True)
class WordPress:
    """A running site. `open` and `protected` are the ids of its posts, the second behind a password."""

    url: str
    folder: Path
    root: Path
    session: aiohttp.ClientSession
    password: str
    open: int
    protected: int

    def comment(  # noqa: PLR0913 - a comment has as many sides
        self,
        text: str,
        at: datetime,
        *,
        post: int = 0,
        parent: int = 0,
        author: str = "Reader",
        status: str = "1",
        kind: str = "comment",
    ) -> Act:
        """Return the act of writing a comment at this time; status 0 waits for its moderators."""
        gmt = f"{at:%Y-%m-%d %H:%M:%S}"
        where = {"post": post or self.open, "parent": parent}
        what = {"text": text, "author": author, "status": status, "type": kind}
        return {"do": "comment", "at": gmt, **where, **what}

    async def act(self, *acts: Act) -> list[int]:
        """Do these things in one go; return the ids of the comments concerned."""
        async with self.session.post(f"{self.url}/_act", json=acts) as answer:
            body = await answer.text()
            assert answer.status == HTTPStatus.OK, body
        return [int(native_id) for native_id in json.loads(body)]

    async def rows(self) -> dict[str, Row]:
        """Return every comment that the database holds, by id."""
        fields = "'id', comment_ID, 'text', comment_content, 'status', comment_approved"
        more = "'parent', comment_parent, 'post', comment_post_ID, 'author', comment_author"
        rest = "'at', comment_date_gmt, 'type', comment_type"
        lines = await self._sql(f"SELECT JSON_OBJECT({fields}, {more}, {rest}) FROM wp_comments")  # noqa: S608 - constants only
        return {row.id: row for row in map(_row, lines)}

    async def truth(self, *statuses: str, posts: Sequence[int] = ()) -> dict[str, str]:
        """Return the texts of the comments with these statuses (`1`: shown) in these posts (the open one)."""
        wanted, where = statuses or ("1",), posts or (self.open,)
        rows = (await self.rows()).values()
        return {
            row.id: row.text
            for row in rows
            if row.status in wanted and row.post in where and row.type == "comment"
        }

    async def _sql(self, query: str) -> list[str]:
        # `--raw` keeps the JSON as it is; its own escapes stand for line breaks.
        shape = ("--raw", "--skip-column-names", "--batch", "--default-character-set=utf8mb4")
        output = await _output(self.root, *_client(self.folder, self.root), *shape, "wordpress", "-e", query)
        return output.splitlines()


def _row(line: str) -> Row:
    found = json.loads(line)
    parent = None if str(found["parent"]) == "0" else str(found["parent"])
    texts = {key: str(found[key]) for key in ("id", "text", "status", "author", "at", "type")}
    return Row(parent=parent, post=int(found["post"]), **texts)


def socket_of(folder: Path) -> Path:
    """Return the socket of the database of a site that stands in this folder."""
    return folder / "s"


@asynccontextmanager
async def running_wordpress(folder: Path) -> AsyncIterator[WordPress]:
    """Start MariaDB and PHP, install the site, and yield it; end both afterwards.

    The folder's path must be short: it holds a socket, whose name Linux cuts at 107 characters.
    """
    root = _prepared(folder)
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    async with _started(folder, root, "mariadbd", *_database_line(folder, root)):
        await _database_made(folder, root)
        made = json.loads(
            await _output(root, *_php_line(root), str(PHP / "install.php"), **_site(folder, root, url))
        )
        serving = (
            *_php_line(root),
            "-S",
            url.removeprefix("http://"),
            "-t",
            str(_web(root)),
            str(PHP / "router.php"),
        )
        async with (
            _started(folder, root, "php", *serving, **_site(folder, root, url)),
            aiohttp.ClientSession() as session,
        ):
            site = WordPress(url, folder, root, session, made["password"], made["open"], made["protected"])
            await eventually("WordPress answers", lambda: _answers(site), patience=30)
            yield site


def _prepared(folder: Path) -> Path:
    """Make the site's folder; return where the programs are."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    root = unpacked("wordpress", PACKAGES)
    shutil.copyfile(PHP / "wp-config.php", _web(root) / "wp-config.php")
    return root


def _web(root: Path) -> Path:
    return root / "usr/share/wordpress"


def _site(folder: Path, root: Path, url: str) -> dict[str, str]:
    return {"SITE_URL": url, "SITE_SOCKET": str(socket_of(folder)), "SITE_ROOT": str(_web(root))}


def _database_line(folder: Path, root: Path) -> tuple[str, ...]:
    """Return the line of a database that trusts everyone who reaches its socket, and spares the disk."""
    share = root / "usr/share/mysql"
    return (
        *(str(root / "usr/sbin/mariadbd"), "--no-defaults", f"--datadir={folder / 'data'}"),
        *(f"--lc-messages-dir={share / 'english'}", f"--character-sets-dir={share / 'charsets'}"),
        *(f"--plugin-dir={root / 'usr/lib/mysql/plugin'}", f"--socket={socket_of(folder)}"),
        *("--user=root", "--skip-networking", "--skip-grant-tables", "--performance-schema=off"),
        *("--innodb-flush-log-at-trx-commit=0", "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M"),
    )


def _php_line(root: Path) -> tuple[str, ...]:
    (extensions,) = (root / "usr/lib/php").glob("20*")
    settings = [f"extension_dir={extensions}", *(f"extension={name}.so" for name in EXTENSIONS)]
    settings += [f"zend_extension={extensions}/opcache.so", "opcache.enable_cli=1", "memory_limit=256M"]
    settings += ["display_errors=stderr", "log_errors=1"]
    return (str(root / "usr/bin/php8.2"), "-n", *(part for each in settings for part in ("-d", each)))


async def _database_made(folder: Path, root: Path) -> None:
    async def answers() -> bool:
        return socket_of(folder).exists()

    await eventually("MariaDB answers", answers, patience=30)
    make = "CREATE DATABASE wordpress CHARACTER SET utf8mb4"
    await _output(root, *_client(folder, root), "-e", make)


def _client(folder: Path, root: Path) -> tuple[str, ...]:
    return (str(root / "usr/bin/mariadb"), "--no-defaults", f"--socket={socket_of(folder)}")


async def _answers(site: WordPress) -> bool:
    try:
        async with site.session.get(f"{site.url}/wp-json/") as answer:
            return answer.status == HTTPStatus.OK
    except aiohttp.ClientError:
        return False


@asynccontextmanager
async def _started(folder: Path, root: Path, name: str, *line: str, **more: str) -> AsyncIterator[None]:
    with (folder / f"{name}.log").open("ab") as log:
        surroundings = {**environment(root), **more}
        process = await asyncio.create_subprocess_exec(*line, stdout=log, stderr=log, env=surroundings)
    try:
        yield
    finally:
        assert process.returncode is None, (folder / f"{name}.log").read_text()[-2000:]
        process.terminate()
        await process.wait()


async def _output(root: Path, *line: str | Path, **more: str) -> str:
    surroundings = {**environment(root), **more}
    process = await asyncio.create_subprocess_exec(
        *line, env=surroundings, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode(errors="replace")[:2000]
    return output.decode()
