"""How a site is read over time, and how its hosts are treated: the plain settings of a source file."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import ip_network
from typing import Final, Literal

from monitor.engine.cursor import Cursor
from monitor.sources.forms import (
    FLAG,
    LENGTH,
    RATE,
    SHARE,
    SIZE,
    TEXT,
    Form,
    Given,
    Key,
    group,
    listing,
    whole,
    word,
)
from monitor.sources.polling.site import Deletes, Policy
from monitor.sources.web.message import Manners


class Order(StrEnum):
    """In which order a site gives its comments."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"
    ANY = "any"


class Stop(StrEnum):
    """Where a reading ends."""

    KNOWN_PAGE = "known_page"
    LAST_PAGE = "last_page"


class Edits(StrEnum):
    """How edits are told."""

    HASH = "hash"
    FIELD = "field"


class Mode(StrEnum):
    """How deletions are told."""

    RECONCILE = "reconcile"
    STATUS_CODE = "status_code"
    FIELD = "field"
    NONE = "none"


class Robots(StrEnum):
    """Whether robots.txt is asked."""

    AUTO = "auto"
    ENFORCE = "enforce"
    SKIP = "skip"


class Written(StrEnum):
    """How a time is written in a request."""

    ISO = "iso"
    EPOCH = "epoch"


class TimeField(StrEnum):
    """Which of a comment's times a site compares with."""

    CREATED_AT = "created_at"
    EDITED_AT = "edited_at"


def _network(cursor: Cursor) -> str | None:
    value = cursor.text()
    if value is None:
        return None
    try:
        return str(ip_network(value))
    except ValueError:
        cursor.error(f"`{value}` is no network", "such as 10.1.0.0/16 or fd00::/8")
        return None


_NETWORK: Final[Form[str]] = Form(
    read=_network, schema={"type": "string"}, written="a network: `10.1.0.0/16`"
)

MODE: Final = Key(
    name="mode",
    says="`reconcile`: gone from where it stood; `status_code`: the site is asked by id; "
    "`field`: the item says so",
    form=word(Mode),
    needed=True,
)
CONFIRM_AFTER: Final = Key(
    name="confirm_after",
    says="complete readings in a row that must miss it",
    form=whole(least=1),
    example="2",
)
MAX_SHARE: Final = Key(
    name="max_share",
    says="more than this gone at once is believed only after ten times as many readings",
    form=SHARE,
    example="0.3",
)
FULL_EVERY: Final = Key(
    name="full_every",
    says="how many requests there are for one without validators; 1: never with them",
    form=whole(least=1),
    needed=True,
)
FIELD: Final = Key(
    name="field", says="which time of a comment the site compares with", form=word(TimeField), needed=True
)
SINCE: Final = Key(name="param", says="the parameter", form=TEXT, needed=True, example="since")
FORMAT: Final = Key(name="format", says="how it is written; without it `iso`", form=word(Written))
OVERLAP: Final = Key(name="overlap", says="how much earlier to ask, at least", form=LENGTH, example="2h")

ORDER: Final = Key(
    name="order", says="the order of the site's comments; `any`: read all pages", form=word(Order)
)
STOP: Final = Key(
    name="stop", says="`known_page`: a reading ends after a page with nothing new", form=word(Stop)
)
LATE_WINDOW: Final = Key(
    name="late_window", says="how long comments may appear late, change or vanish", form=LENGTH, example="7d"
)
DEEP_EVERY: Final = Key(
    name="deep_every", says="how often all of the late window is read again", form=LENGTH, example="15m"
)
BACKFILL: Final = Key(
    name="backfill", says="how old comments may be to be told at the first reading", form=LENGTH, example="7d"
)
CONDITIONAL: Final = Key(
    name="conditional_get", says="ask whether anything changed (ETag, Last-Modified)", form=group(FULL_EVERY)
)
CURSOR: Final = Key(
    name="cursor",
    says="ask only for what is later; a help, never the only guard",
    form=group(FIELD, SINCE, FORMAT, OVERLAP),
)
DETECT_EDITS: Final = Key(
    name="detect_edits", says="by the words, or by the site's own time of edit", form=word(Edits)
)
DETECT_DELETES: Final = Key(
    name="detect_deletes", says="how deletions are told", form=group(MODE, CONFIRM_AFTER, MAX_SHARE)
)
INCREMENTAL: Final = group(
    ORDER, STOP, LATE_WINDOW, DEEP_EVERY, BACKFILL, CONDITIONAL, CURSOR, DETECT_EDITS, DETECT_DELETES
)

EVERY: Final = Key(name="every", says="the time between readings to begin with", form=LENGTH, example="30s")
MIN: Final = Key(name="min", says="the shortest", form=LENGTH, example="15s")
MAX: Final = Key(name="max", says="the longest", form=LENGTH, example="15m")
ADAPTIVE: Final = Key(name="adaptive", says="`true`: it follows how many comments come", form=FLAG)
JITTER: Final = Key(name="jitter", says="the share of it that is random", form=SHARE, example="0.1")
POLL: Final = group(EVERY, MIN, MAX, ADAPTIVE, JITTER)

RATE_KEY: Final = Key(name="rate", says="the most requests to a host", form=RATE, example="1/s")
CONCURRENCY: Final = Key(name="concurrency", says="the most at once", form=whole(least=1), example="2")
ROBOTS: Final = Key(
    name="robots", says="obey robots.txt; `auto`: for pages and feeds, not for APIs", form=word(Robots)
)
USER_AGENT: Final = Key(name="user_agent", says="instead of the product's own honest one", form=TEXT)
NETWORKS: Final = Key(
    name="networks", says="private networks that may be asked, such as your own CMS'", form=listing(_NETWORK)
)
RESPECT: Final = Key(
    name="respect_cache_control",
    says="`false`: ask again although the answer says it is still good; believed for `poll.max` at most",
    form=FLAG,
)
POLITENESS: Final = group(RATE_KEY, CONCURRENCY, ROBOTS, USER_AGENT, NETWORKS, RESPECT)

TIMEOUT: Final = Key(name="timeout", says="for one answer", form=LENGTH, example="20s")
MAX_BYTES: Final = Key(name="max_bytes", says="of one answer, decompressed", form=SIZE, example="5MB")
MAX_ITEMS: Final = Key(
    name="max_items",
    says="of one page; a page with more is refused, not cut",
    form=whole(least=1),
    example="1000",
)
LIMITS: Final = group(TIMEOUT, MAX_BYTES, MAX_ITEMS)

_DEFAULT: Final = Policy()
_MANNERS: Final = Manners()


def policy_of(
    how: Given, pace: Given, *, max_pages: int | None = None, threads_every: float | None = None
) -> Policy:
    """Return how the site is read over time; what does not go together is reported.

    `how` is the file's `incremental`, `pace` its `poll`.
    """
    every, floor, ceiling = _pace(pace)
    conditional = how.get(CONDITIONAL)
    stop = how.get(STOP)
    backfill = how.get(BACKFILL)
    return Policy(
        order=_order(how.get(ORDER)),
        stop_at_known=stop is not Stop.LAST_PAGE,
        late_window=_or(how.get(LATE_WINDOW), _DEFAULT.late_window),
        deep_every=_or(how.get(DEEP_EVERY), _DEFAULT.deep_every),
        backfill=backfill,
        full_every=(conditional.get(FULL_EVERY) if conditional else None) or _DEFAULT.full_every,
        every=every,
        floor=floor,
        ceiling=ceiling,
        adaptive=_flag(pace.get(ADAPTIVE), otherwise=True),
        jitter=_or(pace.get(JITTER), _DEFAULT.jitter),
        max_pages=max_pages or _DEFAULT.max_pages,
        threads_every=_or(threads_every, _DEFAULT.threads_every),
        deletes=_deletes(how.get(DETECT_DELETES)),
    )


def _pace(given: Given) -> tuple[float, float, float]:
    """Return where the interval starts, and its bounds; one bound alone moves what it would contradict."""
    every, floor, ceiling = given.get(EVERY), given.get(MIN), given.get(MAX)
    for short, long in ((MIN, MAX), (MIN, EVERY), (EVERY, MAX)):
        less, more = given.get(short), given.get(long)
        if less is not None and more is not None and less > more:
            _latest(given, short, long).error(
                f"`{short.name}` is longer than `{long.name}`: {less:g}s and {more:g}s",
                "readings begin `every` so often, and the interval stays between `min` and `max`",
            )
    start = every or max(floor or 0.0, min(_DEFAULT.every, ceiling or _DEFAULT.every))
    low = floor if floor is not None else min(_DEFAULT.floor, start)
    high = ceiling if ceiling is not None else max(_DEFAULT.ceiling, start)
    return start, low, high


def _latest(given: Given, *keys: Key[object]) -> Cursor:
    """Return the key that stands last: the person's own, where others are from a preset."""
    return max((given.at(key) for key in keys), key=lambda cursor: (cursor.place.line, cursor.place.column))


def _order(order: Order | None) -> Literal["newest_first", "oldest_first", "any"]:
    return order.value if order else _DEFAULT.order


def _deletes(given: Given | None) -> Deletes:
    if given is None:
        return Deletes()
    mode = given.get(MODE) or Mode.NONE
    default = Deletes()
    return Deletes(
        mode=mode.value,
        confirm_after=given.get(CONFIRM_AFTER) or default.confirm_after,
        max_share=_or(given.get(MAX_SHARE), default.max_share),
    )


def manners_of(kind: Given, bounds: Given, *, public: bool) -> Manners:
    """Return how the site's hosts are treated; `public` are pages and feeds, which robots.txt is for.

    `kind` is the file's `politeness`, `bounds` its `limits`.
    """
    robots = kind.get(ROBOTS) or Robots.AUTO
    if robots is Robots.AUTO:
        robots = Robots.ENFORCE if public else Robots.SKIP
    return Manners(
        rate=kind.get(RATE_KEY) or _MANNERS.rate,
        concurrency=kind.get(CONCURRENCY) or _MANNERS.concurrency,
        robots="enforce" if robots is Robots.ENFORCE else "skip",
        user_agent=kind.get(USER_AGENT) or "",
        networks=kind.get(NETWORKS) or (),
        timeout=bounds.get(TIMEOUT) or _MANNERS.timeout,
        max_bytes=bounds.get(MAX_BYTES) or _MANNERS.max_bytes,
        respect_cache=_flag(kind.get(RESPECT), otherwise=_MANNERS.respect_cache),
    )


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _flag(value: object, *, otherwise: bool) -> bool:
    return otherwise if value is None else bool(value)
