"""Whether an answer is of a kind that was asked for."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from yarl import URL

from monitor.sources.web.message import Answer, Refused

_UNTOLD: Final = frozenset({"", "application/octet-stream"})
_HTML: Final = "text/html"
_PAGE: Final = re.compile(
    rb"\s*(?:<!--.{0,400}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SHOWABLE: Final = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")


def check_kind(answer: Answer, accept: tuple[str, ...]) -> None:
    """Check that an answer of status 2xx is of one of these media types; none: of any.

    `application/json` stands for its relatives too (`application/problem+json`), as does
    `application/xml`; `text/*` stands for every text. An answer that does not say what it is is
    taken, unless it begins as an HTML page does.

    Raises:
        Refused: it is not; most often a login page stands where the comments were.
    """
    if not accept or not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES or not answer.body:
        return
    kind = answer.headers.get("content-type", "").partition(";")[0].partition(",")[0].strip().lower()
    if kind in _UNTOLD:
        kind = _HTML if _PAGE.match(answer.body) else ""
    if kind and not any(_fits(kind, wanted.lower()) for wanted in accept):
        told = kind if _SHOWABLE.fullmatch(kind) else "something else"
        host = URL(answer.url).host
        raise Refused("content_type", f"{host} answers with {told} instead of {' or '.join(accept)}")


def _fits(kind: str, wanted: str) -> bool:
    whole, _, part = wanted.partition("/")
    if part == "*":
        return whole in {"*", kind.partition("/")[0]}
    relative = whole == "application" and kind.endswith(f"+{part}")
    return kind == wanted or relative
