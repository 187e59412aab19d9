"""A source file of `kind: jetstream`."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import Final

from monitor.engine.cursor import Cursor
from monitor.ports import Source
from monitor.sources.declared.policies import manners_of
from monitor.sources.forms import LENGTH, TEXT, TEXT_AT, Form, Given, Key, group, listing, word
from monitor.sources.kinds import Description, Tools
from monitor.sources.push.jetstream.posts import POSTS, Wanted
from monitor.sources.push.jetstream.source import JetstreamSource, Network
from monitor.sources.push.keys import LIMITS_KEY, POLITENESS_KEY, REMEMBER, SILENCE, address_at

_DID: Final = re.compile(r"did:[a-z]+:\S+\Z")


class Start(StrEnum):
    """Where a new source begins."""

    NOW = "now"
    OLDEST = "oldest"


def _did(cursor: Cursor) -> str | None:
    value = cursor.text()
    if value is not None and not _DID.match(value):
        cursor.error(
            f"`{value}` is no account's id", "such as did:plc:…; a handle may change, this never does"
        )
        return None
    return value


_DIDS: Final = listing(Form(read=_did, schema={"type": "string"}, written="an account's id: `did:plc:…`"))

HOSTS: Final = Key(
    name="hosts",
    says="the servers, each asked in turn when the one before fails: `wss://HOST`, or the whole address "
    "of a `subscribeEvents`",
    form=listing(TEXT_AT),
    needed=True,
    example="wss://jetstream1.us-east.bsky.network",
)
COLLECTIONS: Final = Key(
    name="collections", says=f"kinds of records; `{POSTS}` if not given", form=listing(TEXT)
)
DIDS: Final = Key(name="dids", says="only what these accounts post", form=_DIDS)
REPLIES_TO: Final = Key(
    name="replies_to", says="only answers in threads that these accounts began, or to their posts", form=_DIDS
)
LANGUAGES: Final = Key(
    name="languages",
    says="only posts that name one of these languages, or none",
    form=listing(TEXT),
    example="en",
)
REWIND: Final = Key(
    name="rewind", says="how far the cursor is put back at every new connection", form=LENGTH, example="5s"
)
START: Final = Key(
    name="start",
    says="`now`: a new source begins with the next post; `oldest`: with the oldest one the host remembers",
    form=word(Start),
)
JETSTREAM: Final[Form[Given]] = group(
    HOSTS, COLLECTIONS, DIDS, REPLIES_TO, LANGUAGES, REWIND, START, SILENCE, REMEMBER,
    POLITENESS_KEY, LIMITS_KEY,
)  # fmt: skip
"""A source file without its head."""


def jetstream(description: Description, tools: Tools) -> Source | None:
    """Return the source of a description; None where it cannot stand, which is reported on its places."""
    given = JETSTREAM.read(description.root)
    if given is None:
        return None
    hosts = [address_at(cursor, "wss", "ws") for cursor in given.get(HOSTS) or ()]
    known = tuple(host for host in hosts if host is not None)
    if not known:
        return None
    default = Network(hosts=known, wanted=_wanted(given, description.id))
    manners = manners_of(given.inner(POLITENESS_KEY), given.inner(LIMITS_KEY), public=False)
    rewind = given.get(REWIND)
    network = replace(
        default,
        rewind=default.rewind if rewind is None else rewind,
        silence=given.get(SILENCE) or default.silence,
        remember=given.get(REMEMBER) or default.remember,
        oldest=given.get(START) is Start.OLDEST,
        networks=manners.networks,
        user_agent=manners.user_agent,
    )
    return JetstreamSource(network, tools)


def _wanted(given: Given, source: str) -> Wanted:
    return Wanted(
        source=source,
        collections=frozenset(given.get(COLLECTIONS) or (POSTS,)),
        dids=frozenset(given.get(DIDS) or ()),
        replies_to=frozenset(given.get(REPLIES_TO) or ()),
        languages=frozenset(each.lower() for each in given.get(LANGUAGES) or ()),
    )
