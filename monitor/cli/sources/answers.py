"""Answers of sites as files: the body byte for byte, the headers beside it in `NAME.headers`."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Final

from monitor.domain.errors import Misconfigured
from monitor.sources.web.message import Answer

HEADERS: Final = ".headers"
"""What is put behind a body's file name for the file of its headers."""


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
    first, headers = _parsed(beside) if beside.is_file() else ("", {})
    return Answer(
        url=headers.pop("x-recorded-from", ""),
        status=_status(first),
        headers=headers,
        body=body,
        charset=_charset(headers.get("content-type", "")),
        received_at=datetime.now(UTC),
    )


def headers_of(path: Path) -> Path:
    """Return where the headers of a saved body lie: beside it, or for `NAME.body` in `NAME.headers`."""
    return path.with_suffix(HEADERS) if path.suffix == ".body" else path.with_name(path.name + HEADERS)


def _parsed(path: Path) -> tuple[str, dict[str, str]]:
    first, _, rest = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    headers: dict[str, str] = {}
    for name, value in Parser().parsestr(rest, headersonly=True).items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return first, headers


def _status(first: str) -> int:
    parts = first.split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 200


def _charset(content_type: str) -> str:
    message = Message()
    message["content-type"] = content_type
    return str(message.get_param("charset") or "")
