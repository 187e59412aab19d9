"""How a site's next page is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol
from urllib.parse import parse_qsl, urldefrag, urlsplit

from monitor.sources.declared.documents import Document, Spot
from monitor.sources.declared.expressions import QUERY, SELECTOR
from monitor.sources.declared.fields import Family
from monitor.sources.declared.requests import Template, whole_url
from monitor.sources.forms import FLAG, SPELLED, TEXT, Form, Given, Key, group, whole, word
from monitor.sources.polling.site import Thread
from monitor.sources.web.message import Answer, Request

_LINK: Final = re.compile(r"<([^>]*)>\s*((?:;\s*[^;,=\"]+(?:=(?:\"[^\"]*\"|[^;,\"]*))?)*)")
_RELATION: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^;,\s]+))", re.IGNORECASE)
_OLD_SPAN: Final = 50
"""How many ids one page of an older Discourse spans, however few of them it shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A page that was read: what was asked, what came, and how many items it held."""

    template: Template
    request: Request
    answer: Answer
    document: Document
    found: int
    known: Mapping[str, str]


class Pager(Protocol):
    """A way from one page to the next."""

    def next(self, turn: Turn) -> Request | None:
        """Return what to ask next; None at the end."""
        ...

    def resume(self, turn: Turn) -> str:
        """Return the site's own cursor after this page; empty where it keeps none."""
        ...


@dataclass(frozen=True, slots=True)
class OnePage:
    """There is one page."""

    def next(self, turn: Turn) -> Request | None:  # noqa: ARG002 - the protocol's
        """Return None."""
        return None

    def resume(self, turn: Turn) -> str:  # noqa: ARG002 - the protocol's
        """Return nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class LinkHeader(OnePage):
    """The answer's `Link` header names the next page (RFC 8288).

    A page that is shorter than others, or empty, is not the last: only the header tells.
    """

    relation: str = "next"

    def next(self, turn: Turn) -> Request | None:
        """Return what the header names."""
        for link in _LINK.finditer(turn.answer.headers.get("link", "")):
            relation = _RELATION.search(link[2])
            if relation and self.relation in (relation[1] or relation[2] or "").lower().split():
                url = whole_url(turn.answer.url, link[1])
                return turn.template.at(url, turn.request) if url else None
        return None


@dataclass(frozen=True, slots=True)
class Counted(OnePage):
    """A number in a parameter grows by `step`, until a page holds nothing or says that it is the last."""

    param: str
    start: int
    step: int
    more: Spot | None = None

    def next(self, turn: Turn) -> Request | None:
        """Return the request with the next number."""
        if not turn.found or not _goes_on(self.more, turn):
            return None
        present = _param(turn.request, self.param)
        number = int(present) if present.isdigit() else self.start
        return turn.request.with_params(**{self.param: str(number + self.step)})


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCursor:
    """The answer names where the next page begins; `more`, where given, says whether there is one.

    With `keep`, the cursor stays good for what is yet to come (Disqus), and reading resumes at it.
    """

    spot: Spot
    param: str = ""
    more: Spot | None = None
    kept: bool = False

    def next(self, turn: Turn) -> Request | None:
        """Return the request with the answer's cursor; None without one, or with the one just used."""
        cursor = self._cursor(turn)
        if not cursor or not _goes_on(self.more, turn):
            return None
        if not self.param:
            return turn.template.fill({**turn.known, "cursor": cursor})
        return (
            None
            if cursor == _param(turn.request, self.param)
            else turn.request.with_params(**{self.param: cursor})
        )

    def resume(self, turn: Turn) -> str:
        """Return the cursor, where it is kept; the one used where the answer gives none."""
        return (self._cursor(turn) or _param(turn.request, self.param)) if self.kept else ""

    def _cursor(self, turn: Turn) -> str:
        return _shown(turn.document.find(self.spot))


@dataclass(frozen=True, slots=True)
class NextLink(OnePage):
    """A link in the page leads to the next one."""

    spot: Spot

    def next(self, turn: Turn) -> Request | None:
        """Return what the link leads to; None where it leads to the page itself."""
        link = turn.document.find(self.spot)
        if not isinstance(link, str) or not link.strip():
            return None
        url = whole_url(turn.answer.url, link)
        if url in {"", urldefrag(turn.answer.url)[0], urldefrag(turn.request.url)[0]}:
            return None
        return turn.template.at(url, turn.request)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdBelow(OnePage):
    """Pages go down the ids: each is asked for below the lowest id of the one before.

    An empty or short page is no end where a page spans a fixed run of ids and leaves out hidden
    ones, as older Discourse has it: the next one is asked for at least `span` ids further down.
    """

    spot: Spot
    param: str
    span: int = _OLD_SPAN

    def next(self, turn: Turn) -> Request | None:
        """Return the request for what lies below; None below the first id."""
        lowest = _shown(turn.document.find(self.spot))
        asked = _param(turn.request, self.param)
        bounds = [int(lowest)] if lowest.isdigit() else []
        bounds += [int(asked) - self.span] if asked.isdigit() else []
        if not bounds or min(bounds) <= 1:
            return None
        return turn.request.with_params(**{self.param: str(min(bounds))})


def _goes_on(more: Spot | None, turn: Turn) -> bool:
    """Return whether the answer says that there is more, where it says so at all."""
    return more is None or turn.document.find(more) not in (None, False, "", "false")


def _shown(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def _param(request: Request, name: str) -> str:
    """Return the value of a parameter, wherever in the request it stands."""
    if name in request.params:
        return str(request.params[name])
    return dict(parse_qsl(urlsplit(request.url).query)).get(name, "")


class Way(StrEnum):
    """The paginators' names."""

    LINK_HEADER = "link_header"
    PAGE = "page"
    OFFSET = "offset"
    CURSOR = "cursor"
    NEXT_LINK = "next_link"
    ID_BELOW = "id_below"
    NONE = "none"


TYPE: Final = Key(name="type", says="how the next page is asked for", form=word(Way), needed=True)
PARAM: Final = Key(name="param", says="the parameter that says which page", form=TEXT, example="page")
PATH: Final = Key(name="path", says="where the cursor, link or lowest id stands in data", form=QUERY)
CSS: Final = Key(name="css", says="the link to the next page, in HTML", form=SELECTOR, example="a.next")
ATTR: Final = Key(name="attr", says="the link's attribute; without it `href`", form=TEXT)
MORE: Final = Key(name="more", says="where the answer says whether there is a next page", form=QUERY)
KEEP: Final = Key(name="keep", says="`true`: the last cursor is kept, and reading resumes at it", form=FLAG)
SIZE: Final = Key(
    name="size", says="how many items a page has, or how many ids it spans", form=whole(least=1)
)
START: Final = Key(
    name="start", says="the number of the first page; without it 1, of `offset` 0", form=whole()
)
REL: Final = Key(name="rel", says="the relation in the Link header; without it `next`", form=SPELLED)
MAX_PAGES: Final = Key(
    name="max_pages", says="the most pages of one reading", form=whole(least=1), example="20"
)
PAGINATE: Final[Form[Given]] = group(TYPE, PARAM, PATH, CSS, ATTR, MORE, KEEP, SIZE, START, REL, MAX_PAGES)

_TAKES: Final[Mapping[Way, tuple[tuple[Key[object], ...], tuple[Key[object], ...]]]] = {
    Way.LINK_HEADER: ((), (REL,)),
    Way.PAGE: ((PARAM,), (START, SIZE, MORE)),
    Way.OFFSET: ((PARAM, SIZE), (START, MORE)),
    Way.CURSOR: ((PATH,), (PARAM, MORE, KEEP)),
    Way.NEXT_LINK: ((), (PATH, CSS, ATTR)),
    Way.ID_BELOW: ((PARAM, PATH), (SIZE,)),
    Way.NONE: ((), ()),
}
"""What each way needs, and what it may have."""


def pager_of(given: Given, family: Family) -> Pager:
    """Return the paginator; what it lacks, or what has no meaning for it, is reported."""
    way = given.get(TYPE) or Way.NONE
    needs, may = _TAKES[way]
    for key in needs:
        if key not in given:
            given.cursor.error(f"`type: {way}` needs `{key.name}`", f"{key.name}: {key.says}")
    for key in given.written(PARAM, PATH, CSS, ATTR, MORE, KEEP, SIZE, START, REL):
        if key not in (*needs, *may):
            given.at(key).error(f"`{key.name}` has no meaning with `type: {way}`", "remove it")
    if way is Way.NEXT_LINK:
        _check_link(given, family)
    return _MAKERS[way](given)


def _check_link(given: Given, family: Family) -> None:
    wanted, other = (CSS, PATH) if family == "page" else (PATH, CSS)
    if wanted not in given:
        given.cursor.error(
            f"`type: next_link` needs `{wanted.name}` in this format", f"{wanted.name}: {wanted.says}"
        )
    if other in given:
        given.at(other).error(f"`{other.name}` has no meaning in this format", f"write `{wanted.name}`")


def _cursor_pager(given: Given) -> Pager:
    return AtCursor(
        spot=Spot(path=given.get(PATH)),
        param=given.get(PARAM) or "",
        more=_more(given),
        kept=bool(given.get(KEEP)),
    )


def _more(given: Given) -> Spot | None:
    more = given.get(MORE)
    return Spot(path=more) if more else None


def _link_pager(given: Given) -> Pager:
    css = given.get(CSS) or ""
    return NextLink(Spot(path=given.get(PATH), css=css, attr=given.get(ATTR) or ("href" if css else "")))


_MAKERS: Final[Mapping[Way, Callable[[Given], Pager]]] = {
    Way.LINK_HEADER: lambda given: LinkHeader((given.get(REL) or "next").lower()),
    Way.PAGE: lambda given: Counted(given.get(PARAM) or "", _start(given, 1), 1, _more(given)),
    Way.OFFSET: lambda given: Counted(
        given.get(PARAM) or "", _start(given, 0), given.get(SIZE) or 1, _more(given)
    ),
    Way.CURSOR: _cursor_pager,
    Way.NEXT_LINK: _link_pager,
    Way.ID_BELOW: lambda given: IdBelow(
        spot=Spot(path=given.get(PATH)), param=given.get(PARAM) or "", span=given.get(SIZE) or _OLD_SPAN
    ),
    Way.NONE: lambda _: OnePage(),
}


def _start(given: Given, otherwise: int) -> int:
    start = given.get(START)
    return otherwise if start is None else start


def known_of(thread: Thread | None, cursor: str = "") -> dict[str, str]:
    """Return what fills a request's places."""
    known = {"cursor": cursor} if cursor else {}
    return known | ({"thread.id": thread.id, "thread.url": thread.url} if thread else {})
