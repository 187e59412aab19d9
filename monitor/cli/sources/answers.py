"""Answers of sites as files: the body byte for byte, the headers beside it in `NAME.headers`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import IO, Final

from monitor.domain.errors import Misconfigured
from monitor.settings.secret import MASK
from monitor.sources.web.message import Answer

HEADERS: Final = ".headers"
"""What is put behind a body's file name for the file of its headers."""

FROM: Final = "x-recorded-from"
AT: Final = "x-recorded-at"

_NEVER_SHOWN: Final = frozenset({"set-cookie", "www-authenticate", "authorization"})
_SHORTEST_SECRET: Final = 4
"""A shorter one would star out what is none."""


def saved_answer(path: Path) -> Answer:
    """Return an answer that was saved to a file; where its headers lie beside it, with them.

    Raises:
        Misconfigured: it cannot be read.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise Misconfigured.plain(f"{path} cannot be read: {error.strerror}") from None
    beside = headers_of(path)
    return _answer(body, beside.read_text("utf-8", "replace") if beside.is_file() else "")


def answer_of(file: IO[bytes]) -> Answer:
    """Return the answer in an open file, or on standard input."""
    path = Path(getattr(file, "name", "-"))
    return saved_answer(path) if path.is_file() else _answer(file.read(), "")


def save(answer: Answer, path: Path, secrets: Collection[str]) -> int:
    """Save an answer as it came, but for the secrets and cookies in it, and return how many were starred out.

    A secret in the body is replaced by as many stars, so that all else stays at its place.
    """
    body = answer.body
    known = [secret.encode() for secret in secrets if len(secret) >= _SHORTEST_SECRET]
    count = sum(body.count(secret) for secret in known)
    for secret in known:
        body = body.replace(secret, b"*" * len(secret))
    lines = [f"HTTP/1.1 {answer.status}", f"{FROM}: {answer.url}", f"{AT}: {answer.received_at.isoformat()}"]
    lines += [f"{name}: {_open(name, value, secrets)}" for name, value in answer.headers.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    headers_of(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


def _open(name: str, value: str, secrets: Collection[str]) -> str:
    if name in _NEVER_SHOWN:
        return MASK
    for secret in secrets:
        value = value.replace(secret, MASK) if secret else value
    return value


def _answer(body: bytes, head: str) -> Answer:
    first, _, rest = head.partition("\n")
    headers = _parsed(rest)
    url, _ = headers.pop(FROM, ""), headers.pop(AT, "")
    return Answer(
        url=url,
        status=_status(first),
        headers=headers,
        body=body,
        charset=_charset(headers.get("content-type", "")),
        received_at=datetime.now(UTC),
    )


def headers_of(path: Path) -> Path:
    """Return where the headers of a saved body lie: beside it, or for `NAME.body` in `NAME.headers`."""
    return path.with_suffix(HEADERS) if path.suffix == ".body" else path.with_name(path.name + HEADERS)


def _parsed(lines: str) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in Parser().parsestr(lines, headersonly=True).items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


def _status(first: str) -> int:
    parts = first.split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 200


def _charset(content_type: str) -> str:
    message = Message()
    message["content-type"] = content_type
    return str(message.get_param("charset") or "")
