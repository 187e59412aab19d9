"""Reads what a server sends: unpacked, whole, and no more than is wanted.

aiohttp would unpack too, but takes half a gzip file for a whole one; half a page would then pass
for a page from which comments were deleted. The bound is on what comes out, so that a small body
which unpacks to gigabytes costs no more than any other.
"""

from __future__ import annotations

import zlib
from typing import Final, Protocol

from aiohttp import ClientResponse

_CHUNK: Final = 65_536
_MOST_MEMBERS: Final = 64
"""Parts of one gzip body. Real ones have one; thousands of empty ones only keep us busy."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_MAGIC: Final = b"\x1f\x8b"


class Damaged(Exception):
    """The body is not what its headers say; its text is for a person and holds nothing of the body."""


class TooLarge(Exception):
    """The body is larger than is wanted."""


class Unpacker(Protocol):
    """Unpacks a body piece by piece."""

    def feed(self, piece: bytes, room: int) -> bytes:
        """Return what the piece unpacks to, `room` bytes at most; what does not fit is dropped.

        Raises:
            Damaged: this is not packed as was said.
        """
        ...

    def finish(self) -> None:
        """Learn that the body has ended.

        Raises:
            Damaged: it has not, in fact.
        """
        ...


async def read(response: ClientResponse, most: int, *, cut: bool = False) -> bytes:
    """Return the body of a response that is not unpacked by aiohttp.

    Args:
        response: its headers were read, its body was not.
        most: bytes that it may have, unpacked.
        cut: take the beginning of a longer one.

    Raises:
        TooLarge: it has more, and may not be cut.
        Damaged: it is packed wrongly, or ends too early.
    """
    unpacker = _unpacker(response.headers.get("Content-Encoding", ""))
    body, came = bytearray(), 0
    async for piece in response.content.iter_chunked(_CHUNK):
        came += len(piece)
        body += unpacker.feed(piece, most + 1 - len(body))
        if max(len(body), came) > most:
            response.close()
            if not cut:
                raise TooLarge
            return bytes(body[:most])
    if came:
        unpacker.finish()
    return bytes(body)


def _unpacker(encoding: str) -> Unpacker:
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Gzip()
        case "deflate":
            return _Deflate()
        case _:
            raise Damaged("is packed in a way that was not asked for")


class _Plain:
    def feed(self, piece: bytes, room: int) -> bytes:
        return piece[:room]

    def finish(self) -> None:
        """A body that is not packed ends where HTTP says, which aiohttp checks."""


class _Gzip:
    """One or more gzip members, then perhaps some bytes that mean nothing (RFC 1952, section 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._members = 1
        self._idle = False

    def feed(self, piece: bytes, room: int) -> bytes:
        out = b""
        while piece and room > len(out) and not self._idle:
            if self._member.eof and not self._next(piece):
                break
            out += _unpacked(self._member, piece, room - len(out))
            piece = self._member.unused_data
        return out

    def _next(self, piece: bytes) -> bool:
        """Begin another member, if that is what comes."""
        self._idle = not _MAGIC.startswith(piece[:2])
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise Damaged("is packed into too many parts")
        self._member = zlib.decompressobj(_GZIP)
        return not self._idle

    def finish(self) -> None:
        if not self._member.eof and not self._idle:
            raise Damaged("ends too early")


class _Deflate:
    """zlib's format, or the bare one that some servers send by that name (RFC 9110, section 8.4.1.2)."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None

    def feed(self, piece: bytes, room: int) -> bytes:
        if self._stream is None:
            bare = piece[0] & 0x0F != zlib.DEFLATED
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
        return b"" if self._stream.eof else _unpacked(self._stream, piece, room)

    def finish(self) -> None:
        if self._stream is None or not self._stream.eof:
            raise Damaged("ends too early")


def _unpacked(stream: zlib._Decompress, piece: bytes, room: int) -> bytes:
    try:
        return stream.decompress(piece, room)
    except zlib.error:
        raise Damaged("is packed wrongly") from None
