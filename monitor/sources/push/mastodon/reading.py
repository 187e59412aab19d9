"""A source file of `kind: mastodon`."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from monitor.ports import Source
from monitor.sources.declared.policies import manners_of
from monitor.sources.forms import LENGTH, TEXT, Form, Given, Key, group, listing, word
from monitor.sources.kinds import Description, Tools
from monitor.sources.push.keys import (
    LIMITS_KEY,
    POLITENESS_KEY,
    REMEMBER,
    SILENCE,
    address_of,
    secret_of,
    text_key,
)
from monitor.sources.push.mastodon.source import Following, MastodonSource, Timeline
from monitor.sources.push.mastodon.statuses import Selection


class Which(StrEnum):
    """Which timeline."""

    PUBLIC = "public"
    LOCAL = "local"
    REMOTE = "remote"
    TAG = "tag"
    LIST = "list"
    HOME = "home"


class Visibility(StrEnum):
    """For whom a status is."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DIRECT = "direct"


class Start(StrEnum):
    """Where a new source begins."""

    LATEST = "latest"
    OLDEST = "oldest"


URL: Final = text_key("url", "the instance's address", needed=True, example="https://pond.example")
TOKEN: Final = text_key(
    "token",
    "an access token that may `read:statuses` (and `read:lists` for a list)",
    needed=True,
    example="${env:MASTODON_TOKEN}",
)
TIMELINE: Final = Key(
    name="timeline",
    says="`public`: all that the instance knows; `local`, `remote`: of its own people, of others; "
    "`tag`, `list`: named beside; `home`: of those whom the token's account follows",
    form=word(Which),
)
TAG: Final = Key(name="tag", says="the hashtag without #", form=TEXT, example="bridge")
LIST: Final = Key(name="list", says="the list's id", form=TEXT)
VISIBILITIES: Final = Key(
    name="visibilities",
    says="which statuses count; `public` alone if not given",
    form=listing(word(Visibility)),
)
START: Final = Key(
    name="start",
    says="`latest`: a new source begins with the latest page; `oldest`: at the timeline's beginning",
    form=word(Start),
)
OVERLAP: Final = Key(
    name="overlap",
    says="how far before the last status a gap is filled from: what comes from elsewhere comes late",
    form=LENGTH,
    example="2m",
)
RECHECK: Final = Key(
    name="recheck",
    says="after an interruption, how far back missed edits and deletions are looked for",
    form=LENGTH,
    example="1d",
)
MASTODON: Final[Form[Given]] = group(
    URL, TOKEN, TIMELINE, TAG, LIST, VISIBILITIES, START, OVERLAP, RECHECK, SILENCE, REMEMBER,
    POLITENESS_KEY, LIMITS_KEY,
)  # fmt: skip
"""A source file without its head."""

_PLAIN: Final = {
    Which.PUBLIC: Timeline(rest="/api/v1/timelines/public", stream="/api/v1/streaming/public"),
    Which.LOCAL: Timeline(
        rest="/api/v1/timelines/public", stream="/api/v1/streaming/public/local", params={"local": "true"}
    ),
    Which.REMOTE: Timeline(
        rest="/api/v1/timelines/public", stream="/api/v1/streaming/public/remote", params={"remote": "true"}
    ),
    Which.HOME: Timeline(rest="/api/v1/timelines/home", stream="/api/v1/streaming/user"),
}


def mastodon(description: Description, tools: Tools) -> Source | None:
    """Return the source of a description; None where it cannot stand, which is reported on its places."""
    given = MASTODON.read(description.root)
    if given is None:
        return None
    url = address_of(given, URL, "https", "http")
    token = secret_of(given, TOKEN, description)
    timeline = _timeline(given)
    if url is None or token is None or timeline is None:
        return None
    default = Following(url=url, token=token, timeline=timeline, selection=_selection(given, description.id))
    following = replace(
        default,
        manners=manners_of(given.inner(POLITENESS_KEY), given.inner(LIMITS_KEY), public=False),
        overlap=_or(given.get(OVERLAP), default.overlap),
        recheck=_or(given.get(RECHECK), default.recheck),
        silence=given.get(SILENCE) or default.silence,
        remember=given.get(REMEMBER) or default.remember,
        oldest=given.get(START) is Start.OLDEST,
    )
    return MastodonSource(following, tools)


def _selection(given: Given, source: str) -> Selection:
    visibilities = given.get(VISIBILITIES) or (Visibility.PUBLIC,)
    return Selection(source=source, visibilities=frozenset(each.value for each in visibilities))


def _timeline(given: Given) -> Timeline | None:
    which = given.get(TIMELINE) or Which.PUBLIC
    tag, list_ = given.get(TAG), given.get(LIST)
    for key, wanted in ((TAG, Which.TAG), (LIST, Which.LIST)):
        if key in given and which is not wanted:
            given.at(key).error(f"`{key.name}` is never used", f"write `timeline: {wanted}`, or remove it")
    if which is Which.TAG and tag:
        name = tag.removeprefix("#")
        return Timeline(rest=f"/api/v1/timelines/tag/{name}", stream=f"/api/v1/streaming/hashtag?tag={name}")
    if which is Which.LIST and list_:
        return Timeline(rest=f"/api/v1/timelines/list/{list_}", stream=f"/api/v1/streaming/list?list={list_}")
    if which in _PLAIN:
        return _PLAIN[which]
    given.at(TIMELINE).error(f"a timeline of a {which} needs to know which", f"add a line `{which}: …`")
    return None


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
