"""What of a URL may be shown: never who asks, nor what with."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from yarl import URL

_TOKEN: Final = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_=~.:%-]{16,}")
"""A piece of a path that may well be a key: long, of letters and digits, with no words in it to read."""

_HIDDEN: Final = "…"


def without(url: URL, secrets: Collection[str]) -> URL:
    """Return the URL without user, password, fragment and the parameters of these names (small letters)."""
    kept = [(name, value) for name, value in url.query.items() if name.lower() not in secrets]
    bare = url.with_user(None).with_fragment(None)
    return bare if len(kept) == len(url.query) else bare.with_query(kept)


def shown(url: URL | str) -> str:
    """Return what a log may say: the place, without a query, and with what looks like a key left out."""
    try:
        url = URL(url)
        pieces = [_HIDDEN if _TOKEN.fullmatch(piece) else piece for piece in url.raw_path.split("/")]
        return f"{url.scheme}://{url.host_port_subcomponent}{'/'.join(pieces)}"
    except ValueError:
        return _HIDDEN
