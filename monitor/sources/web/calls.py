"""One request as it goes out, and the one that a redirect makes of it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final, Literal
from urllib.parse import urljoin

from multidict import CIMultiDict
from yarl import URL

from monitor.settings.secret import Secret
from monitor.sources.web.masking import without
from monitor.sources.web.message import Refused, Request, Validators, Value

ACCEPT_ENCODING: Final = "gzip, deflate"
"""What is unpacked within bounds and checked to be whole; Brotli's binding promises neither."""

PERMANENT: Final = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
_FOLLOWED: Final = PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
_BY_GET: Final = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER})
"""Redirects after which a POST goes on as a GET, as every browser does (RFC 9110, section 15.4)."""

_ALWAYS_SECRET: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
_OF_ONE_HOST: Final = _ALWAYS_SECRET | {"host"}
_UNFIT: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request on its way. Its repr tells nothing that is secret.

    `credentials` are the headers and parameters, in small letters, that go nowhere else.
    """

    url: URL = field(repr=False)
    method: Literal["GET", "POST"]
    headers: Mapping[str, Value] = field(repr=False)
    params: Mapping[str, Value] = field(repr=False)
    credentials: frozenset[str]
    json: object | None = field(repr=False)

    @property
    def host(self) -> str:
        """Return the host, which is all that an error may tell of the URL."""
        return self.url.host or ""

    @property
    def agent(self) -> str:
        """Return the User-Agent that it goes out with."""
        return _plain(self.headers["User-Agent"])

    @property
    def target(self) -> URL:
        """Return the URL with everything in it, the secret too: for the one call that needs it."""
        params = {name: _plain(value) for name, value in self.params.items()}
        return self.url.update_query(params) if params else self.url

    @property
    def open_url(self) -> URL:
        """Return the URL with nothing secret in it."""
        return without(self.target, self.credentials)

    @property
    def carries(self) -> bool:
        """Return whether anything goes with it that only this host may see."""
        names = {name.lower() for name in (*self.headers, *self.target.query)}
        return bool(names & (self.credentials | _ALWAYS_SECRET))

    def lines(self, validators: Validators) -> CIMultiDict[str]:
        """Return the headers as they are sent, the secret too."""
        lines = CIMultiDict({name: _plain(value) for name, value in self.headers.items()})
        lines["Accept-Encoding"] = ACCEPT_ENCODING
        conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
        if self.method == "GET":
            lines.update({name: value for name, value in conditions.items() if value and _fit(value)})
        return lines

    def onward(self, status: int, location: str) -> Call | None:
        """Return what a redirect leads to; None where the answer is none.

        What only the first host may see does not leave it: nor does a body.

        Raises:
            Refused: it leads where this request may not go.
        """
        if status not in _FOLLOWED or not location:
            return None
        target = _address(location, self.host, base=self.target)
        moved = replace(self, url=target.with_fragment(None), params={})
        if status in _BY_GET and self.method == "POST":
            moved = replace(moved, method="GET", json=None)
        if target.origin() == self.url.origin():
            return moved
        if self.carries and (self.url.scheme, target.scheme) == ("https", "http"):
            raise Refused("redirect", f"{self.host} sends on, without encryption, what it may not: a secret")
        if moved.json is not None:
            raise Refused("redirect", f"{self.host} wants the request's body sent to {moved.host}")
        return moved.stripped()

    def stripped(self) -> Call:
        """Return it without what was for another host."""
        kept = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in self.credentials | _OF_ONE_HOST
        }
        return replace(self, url=without(self.url, self.credentials), headers=kept)


def first(request: Request, agent: str) -> Call:
    """Return what a request begins with; who is named in the URL is put into a header.

    Raises:
        Refused: the URL or a header is none that can be sent.
    """
    url = _address(request.url, "the source")
    headers: CIMultiDict[Value] = CIMultiDict({"User-Agent": agent, "Accept": _accepted(request)})
    if url.user is not None:
        headers["Authorization"] = Secret(_basic(url))
    headers.update(request.headers)
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or not _fit(_plain(value)):
            raise Refused("request", f"the header {name!r} holds a character that no header may hold")
    secret = {
        name for name, value in (*headers.items(), *request.params.items()) if isinstance(value, Secret)
    }
    return Call(
        url=url.with_user(None).with_fragment(None),
        method=request.method,
        headers=headers,
        params=request.params,
        credentials=frozenset(name.lower() for name in request.credentials | secret),
        json=request.json,
    )


def _plain(value: Value) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _fit(value: str) -> bool:
    return not _UNFIT.search(value)


def _accepted(request: Request) -> str:
    return ", ".join((*request.accept, "*/*;q=0.1")) if request.accept else "*/*"


def _basic(url: URL) -> str:
    return "Basic " + b64encode(f"{url.user}:{url.password or ''}".encode()).decode()


def _address(text: str, whose: str, base: URL | None = None) -> URL:
    """Return the URL that a request can be made to; what is wrong with it is told without repeating it."""
    try:
        url = URL(urljoin(str(base or ""), text))  # yarl's own join takes the base's path apart unquoted
        (url.host or "").encode("idna")
    except ValueError:
        raise Refused("url", f"{whose} names an address that is none") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise Refused("url", f"{whose} names an address that does not begin with http:// or https://")
    return url
