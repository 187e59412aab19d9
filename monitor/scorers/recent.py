"""Remembers what was computed lately, for texts that come again: copies, quotes, raids."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, Generic, TypeVar

_DIGEST_BYTES: Final = 16

V = TypeVar("V")


class Recent(Generic[V]):
    """The values of the last `most` token sequences asked for; 0 remembers nothing.

    The key is a digest of what the model reads of a text, its tokens: texts that differ only in
    what the model does not see share one. No text is kept, and none can be told from the digest.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[bytes, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: bytes) -> V | None:
        """Return what is remembered under a key."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: bytes, value: V) -> None:
        """Remember a value; forget the one that was not asked for the longest."""
        self._values[key] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)


def key_of(tokens: Sequence[int]) -> bytes:
    """Return the key of a token sequence."""
    return blake2b(array("q", tokens).tobytes(), digest_size=_DIGEST_BYTES).digest()
