"""What is asked of a site: a request with places for what is known only when it is made."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Literal
from urllib.parse import SplitResult, parse_qsl, quote, urldefrag, urljoin, urlsplit

from monitor.engine.cursor import Cursor
from monitor.engine.nodes import ListNode, MapNode, Node, Scalar
from monitor.settings.secret import Secret
from monitor.sources.forms import (
    ANYTHING,
    TEXT,
    TEXT_AT,
    Form,
    Given,
    Key,
    either,
    group,
    is_scalar,
    listing,
    names,
    word,
)
from monitor.sources.web.message import Request, Value

PLACES: Final = ("thread.id", "thread.url", "cursor", "id")
"""What `${…}` may stand for in a request; `cursor` is where the next page begins, `id` a comment's."""

_PLACE: Final = re.compile(r"\$\{([^}]*)\}")
_SECRET_NAME: Final = re.compile(
    r"(?i)^key$|(?:^|[-_.])(?:token|secret|password|passwd|authorization|cookie|signature"
    r"|(?:access|api|app|auth|client|private|secret)[-_]?key)$"
)
_PLAIN_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")

Reveal = Callable[[Cursor], Value]
"""Puts `${env:…}` and `${file:…}` in: `Description.value`."""


class Method(StrEnum):
    """How it is asked."""

    GET = "GET"
    POST = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A request to be filled. `json` is a value in which texts may hold places."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    params: Mapping[str, Value] = field(default_factory=dict)
    headers: Mapping[str, Value] = field(default_factory=dict)
    credentials: frozenset[str] = frozenset()
    json: object | None = None
    accept: tuple[str, ...] = ()

    def fill(self, known: Mapping[str, str]) -> Request:
        """Return the request. A parameter or JSON value whose place is not known is left out."""
        params = {name: _filled(value, known) for name, value in self.params.items()}
        return Request(
            url=_address(self.url, known),
            method=self.method,
            params={name: value for name, value in params.items() if value is not None},
            headers=self.headers,
            credentials=self.credentials,
            json=_filled_json(self.json, known),
            accept=self.accept,
        )

    def at(self, url: str, request: Request) -> Request:
        """Return the request for an address that the site itself named as the next.

        The address holds all of its query; what we are known by is added to it on the same host
        only. Sites behind a proxy often name themselves by http: the scheme asked for is kept.
        """
        target, home = urlsplit(url), urlsplit(request.url)
        if target.hostname != home.hostname or (target.port and _port(target) != _port(home)):
            headers = {name: value for name, value in self.headers.items() if name not in self.credentials}
            return replace(request, url=url, params={}, headers=headers, credentials=frozenset())
        if target.scheme != home.scheme or target.port != home.port:
            url = target._replace(scheme=home.scheme, netloc=home.netloc).geturl()
        present = {name for name, _ in parse_qsl(target.query, keep_blank_values=True)}
        known = {
            name: value
            for name, value in self.params.items()
            if name in self.credentials and name not in present
        }
        return replace(request, url=url, params=known)


def _port(parts: SplitResult) -> int | None:
    return parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def whole_url(base: str, link: str) -> str:
    """Return what a link leads to from an address, without its fragment; empty where it leads to no site."""
    try:
        url, _ = urldefrag(urljoin(base, link.strip()))
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    return url if known else ""


def _filled(value: Value, known: Mapping[str, str]) -> Value | None:
    if isinstance(value, Secret) or "${" not in value:
        return value
    places = _PLACE.findall(value)
    if any(place in PLACES and place not in known for place in places):
        return None
    return _PLACE.sub(lambda place: known.get(place[1], place[0]), value)


def _filled_json(value: object, known: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return _filled(value, known)
    if isinstance(value, list):
        return [_filled_json(item, known) for item in value]
    if isinstance(value, dict):
        return {name: _filled_json(item, known) for name, item in value.items()}
    return value


def _address(url: str, known: Mapping[str, str]) -> str:
    """Return the address; what fills a place inside it cannot change its host or add a query."""

    def filled(place: re.Match[str]) -> str:
        value = known.get(place[1], "")
        return value if place.start() == 0 else quote(value, safe="/-._~")

    return _PLACE.sub(filled, url)


URL: Final = Key(
    name="url",
    says="the address; it knows " + ", ".join(f"${{{place}}}" for place in PLACES),
    form=TEXT_AT,
    needed=True,
    example="https://gazette.example/api/comments",
)
METHOD: Final = Key(name="method", says="how it is asked", form=word(Method), example="POST")
PARAMS: Final = Key(name="params", says="parameters added to the address", form=names(TEXT_AT))
HEADERS: Final = Key(
    name="headers", says="headers of the request; secrets as ${env:NAME} or ${file:PATH}", form=names(TEXT_AT)
)
JSON: Final = Key(name="json", says="the body of a POST, such as a GraphQL query", form=ANYTHING)
ACCEPT: Final = Key(
    name="accept",
    says="the media types that an answer may have; without it, those of the format",
    form=listing(TEXT),
    example="application/json",
)

_USER: Final = Key(name="user", says="the name", form=TEXT_AT, needed=True)
_PASSWORD: Final = Key(
    name="password", says="the password", form=TEXT_AT, needed=True, example="${env:PASSWORD}"
)
_NAME: Final = Key(name="name", says="the header's or parameter's name", form=TEXT, needed=True)
_VALUE: Final = Key(
    name="value", says="the key or token", form=TEXT_AT, needed=True, example="${env:API_KEY}"
)
BASIC: Final = Key(name="basic", says="user and password (RFC 7617)", form=group(_USER, _PASSWORD))
BEARER: Final = Key(
    name="bearer",
    says="a token (RFC 6750)",
    form=TEXT_AT,
    example="${env:TOKEN}",
)
HEADER: Final = Key(name="header", says="a key in a header", form=group(_NAME, _VALUE))
QUERY: Final = Key(name="query", says="a key in a parameter", form=group(_NAME, _VALUE))
AUTH: Final = Key(
    name="auth",
    says="who asks; one of these",
    form=group(
        BASIC, BEARER, HEADER, QUERY,
        hints={"oauth2_client_credentials": "not taken yet: get a token by other means, and write `bearer`"},
    ),
)  # fmt: skip
REQUEST: Final = group(URL, METHOD, PARAMS, HEADERS, AUTH, JSON, ACCEPT)


def template_of(given: Given, reveal: Reveal, accept: tuple[str, ...]) -> Template | None:
    """Return the template of a request; what is wrong with it is reported."""
    url = _checked_url(given)
    params = _checked(given.get(PARAMS), reveal)
    headers = _checked(given.get(HEADERS), reveal)
    secret = {name for name, value in (*params.items(), *headers.items()) if isinstance(value, Secret)}
    auth = given.get(AUTH)
    if auth is not None:
        more_headers, more_params = _authorization(auth, reveal)
        headers |= more_headers
        params |= more_params
        secret |= {*more_headers, *more_params}
    body = given.get(JSON)
    method = given.get(METHOD) or (Method.POST if body is not None else Method.GET)
    if body is not None and method is Method.GET:
        given.at(JSON).error("a GET has no body", "write `method: POST`")
    if body is not None:
        _check_body(given.at(JSON), _plain(body))
    return (
        None
        if url is None
        else Template(
            url=url,
            method="POST" if method is Method.POST else "GET",
            params=params,
            headers=headers,
            credentials=frozenset(secret),
            json=None if body is None else _plain(body),
            accept=given.get(ACCEPT) or accept,
        )
    )


def _checked_url(given: Given) -> str | None:
    cursor = given.get(URL)
    url = (cursor.text() or "").strip() if cursor else ""
    if cursor is None or not url:
        return None
    _check_places(cursor, url)
    if url.startswith("${thread."):
        return url
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        cursor.error(f"`{url}` is no address of a site", "it begins with https:// and a host")
        return None
    if parts.username or parts.password:
        cursor.sheet.conceal(parts.password or "", cursor.place)
        cursor.error(
            "a user and password stand in the address", "write `auth: {basic: {user: …, password: …}}`"
        )
    for name, value in parse_qsl(parts.query):
        if _SECRET_NAME.search(name) and "${" not in value:
            cursor.sheet.conceal(value, cursor.place)
            cursor.error(
                f"`{name}` in the address looks like a secret",
                f"write `auth: {{query: {{name: {name}, value: …}}}}`",
            )
    return url


def _check_places(cursor: Cursor, value: str) -> None:
    for place in _PLACE.finditer(value):
        if place[1].partition(":")[0] in {"env", "file"}:
            cursor.error(
                "a secret cannot stand in an address, which logs and errors show",
                "write it in `auth`, `headers` or `params`",
                at=place.start(),
            )
        elif place[1] not in PLACES:
            known = ", ".join(f"${{{name}}}" for name in PLACES)
            cursor.error(f"`{place[0]}` stands for nothing here", f"there are {known}", at=place.start())


def _check_body(cursor: Cursor, body: object) -> None:
    """Report what stands for nothing in a body; secrets go into headers, which are never shown."""
    if isinstance(body, dict | list):
        for inner in body.values() if isinstance(body, dict) else body:
            _check_body(cursor, inner)
        return
    for place in _PLACE.findall(body) if isinstance(body, str) else ():
        if place.partition(":")[0] in {"env", "file"}:
            cursor.error("a secret cannot stand in a body", "write it in `auth`, `headers` or `params`")
        elif place not in PLACES:
            known = ", ".join(f"${{{name}}}" for name in PLACES)
            cursor.error(f"`${{{place}}}` stands for nothing here", f"there are {known}")


def _checked(values: Mapping[str, Cursor] | None, reveal: Reveal) -> dict[str, Value]:
    checked: dict[str, Value] = {}
    for name, cursor in (values or {}).items():
        value = _revealed(cursor, reveal, needed=bool(_SECRET_NAME.search(name)))
        if isinstance(value, str):
            _check_places(cursor, value)
        checked[name] = value
    return checked


def _revealed(cursor: Cursor, reveal: Reveal, *, needed: bool) -> Value:
    """Return the value; one that must be secret and stands in the file is refused."""
    value = reveal(cursor)
    spelled = cursor.text() or ""
    if needed and isinstance(value, str) and not _PLACE.search(spelled):
        cursor.sheet.conceal(spelled, cursor.place)
        cursor.error(
            f"`{cursor.name}` is a secret, and stands here for everyone to read",
            "write ${env:NAME} for an environment variable, or ${file:/run/secrets/NAME}",
        )
    return value


def _authorization(auth: Given, reveal: Reveal) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return the headers and the parameters that say who asks."""
    ways = auth.written(BASIC, BEARER, HEADER, QUERY)
    if len(ways) != 1:
        auth.cursor.error("`auth` says one way to say who asks", "keep one of: basic, bearer, header, query")
        return {}, {}
    if token := auth.get(BEARER):
        return {"Authorization": _joined("Bearer ", _revealed(token, reveal, needed=True))}, {}
    if basic := auth.get(BASIC):
        return _basic(basic, reveal), {}
    header, query = auth.get(HEADER), auth.get(QUERY)
    return _named(header, reveal), _named(query, reveal)


def _basic(basic: Given, reveal: Reveal) -> dict[str, Value]:
    user, password = basic.get(_USER), basic.get(_PASSWORD)
    if user is None or password is None:
        return {}
    told = _text(reveal(user)) + ":" + _text(_revealed(password, reveal, needed=True))
    return {"Authorization": Secret("Basic " + b64encode(told.encode()).decode("ascii"))}


def _named(given: Given | None, reveal: Reveal) -> dict[str, Value]:
    name, value = (given.get(_NAME), given.get(_VALUE)) if given else (None, None)
    return {name: _revealed(value, reveal, needed=True)} if name and value else {}


def _joined(before: str, value: Value) -> Value:
    return Secret(before + _text(value))


def _text(value: Value) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def _plain(node: Node) -> object:
    """Return a YAML value as JSON: what has no quotes and reads as a number or so is one."""
    if isinstance(node, MapNode):
        return {key.value: _plain(value) for key, value in node.pairs if isinstance(key, Scalar)}
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    if not node.plain:
        return node.value
    if _PLAIN_NUMBER.match(node.value):
        return float(node.value) if "." in node.value else int(node.value)
    words: Mapping[str, object] = {"true": True, "false": False, "null": None, "": None}
    return words.get(node.value, node.value)


def from_url(cursor: Cursor) -> Given:
    """Return a request that is written as its address alone."""
    return Given(cursor, {"url": cursor}, {"url": cursor})


REQUEST_OR_URL: Final[Form[Given]] = either(
    is_scalar, Form(read=from_url, schema={"type": "string"}, written="an address"), REQUEST
)
