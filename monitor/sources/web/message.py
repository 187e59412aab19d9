"""What is asked of a server, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final, Literal, Protocol, TypeAlias

from monitor.domain.errors import Retryable
from monitor.settings.secret import Secret
from monitor.sources.web.masking import shown

Value: TypeAlias = str | Secret
"""A header's or parameter's value; what a setting takes from `${env:…}` or `${file:…}` is a Secret."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """One request. `params` are added to the URL's own query, in place of those of the same name.

    `credentials` names the headers and parameters that go to the first host only: a redirect to
    another host loses them. `accept` are the media types that an answer may have, empty for any;
    an HTML login page where JSON was asked for is no answer.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    params: Mapping[str, Value] = field(default_factory=dict)
    headers: Mapping[str, Value] = field(default_factory=dict)
    credentials: frozenset[str] = frozenset()
    json: object | None = None
    accept: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show where it goes, without anything that may be secret."""
        return f"Request({self.method} {shown(self.url)})"

    def with_params(self, **params: Value) -> Request:
        """Return the request with these parameters added or replaced."""
        return replace(self, params={**self.params, **params})


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask whether its answer changed (RFC 9110, section 8.8)."""

    etag: str = ""
    last_modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


NO_VALIDATORS: Final = Validators()


class Refused(Retryable):
    """The request may not be made, or its answer not be used, until a person or the site changes something.

    It is asked again, seldom. `reason` is from a closed set (it becomes a metric label).
    """

    def __init__(self, reason: str, message: str, *, retry_after: float = 900.0) -> None:
        super().__init__(message, retry_after=retry_after)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A complete answer. `url` is where it came from after redirects; header names are in small letters.

    `body` is decompressed. `charset` is what the Content-Type says, empty where it says nothing.
    Status 304 has no body and means that nothing changed since the validators that were sent.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    charset: str = ""
    received_at: datetime

    @property
    def unchanged(self) -> bool:
        """Return whether the server says that nothing changed."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def validators(self) -> Validators:
        """Return what to ask with the next time."""
        return Validators(
            etag=self.headers.get("etag", ""), last_modified=self.headers.get("last-modified", "")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a source behaves towards its hosts. Seconds, requests per second, bytes.

    `robots` is `enforce` (robots.txt is asked and obeyed), or `skip` (an API that we hold a key of).
    `networks` are private networks that may be reached, such as the team's own CMS.
    `respect_cache` keeps an answer for as long as its Cache-Control or Expires says.
    """

    rate: float = 1.0
    concurrency: int = 2
    robots: Literal["enforce", "skip"] = "enforce"
    user_agent: str = ""
    networks: tuple[str, ...] = ()
    timeout: float = 20.0
    max_bytes: int = 5_000_000
    max_redirects: int = 5
    respect_cache: bool = True


class Web(Protocol):
    """Asks servers, with the manners that a source has."""

    async def ask(self, request: Request, manners: Manners, validators: Validators = NO_VALIDATORS) -> Answer:
        """Return the answer, whatever its status, once it is complete and within the limits.

        Waits for the host's turn first: the rate and concurrency of a host are shared by every
        source that asks it.

        Raises:
            Retryable: no complete answer came, or the host asks to wait (429, 503 and their like);
                with the seconds, where it says so.
            Refused: robots.txt or the host's address forbids the request, or the answer is of no wanted kind.
        """
        ...
