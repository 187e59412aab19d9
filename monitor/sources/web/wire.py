"""Sends a call and takes in the answer, within limits, over connections that are kept open."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from monitor.domain.errors import Retryable
from monitor.ports import Clock
from monitor.ports.http import forbidden, unreached
from monitor.ports.network import Networks
from monitor.sources.web.bodies import Damaged, TooLarge, read
from monitor.sources.web.calls import Call
from monitor.sources.web.message import Answer, Manners, Refused, Validators
from monitor.sources.web.waiting import is_busy

CONNECT_TIMEOUT: Final = 10.0
"""Seconds for name, connection and TLS; never more than the manners allow for the whole."""

SILENCE_TIMEOUT: Final = 30.0
"""Seconds without a single byte, where the manners allow more for the whole."""

MOST_OF_AN_ERROR: Final = 65_536
"""Bytes that are read of an answer of status 4xx."""

_LISTS: Final = frozenset({"cache-control", "link", "ratelimit"})
"""Headers that may come more than once, and are then one list (RFC 9110, section 5.3)."""

_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([^\s\";,]+)", re.IGNORECASE)


class Wire:
    """The connections, one pool for each set of private networks that may be reached.

    Cookies are not kept; redirects are answers. Proxies of the environment are used only if
    `proxies`; the address behind one is the proxy's to judge, so `Networks` is asked about nothing then.
    `silence` is how many seconds a server may send nothing.
    """

    def __init__(self, clock: Clock, *, proxies: bool = False, silence: float = SILENCE_TIMEOUT) -> None:
        self._clock = clock
        self._silence = silence
        self._proxies = proxies
        self._sessions: dict[tuple[str, ...] | None, aiohttp.ClientSession] = {}

    async def send(
        self, call: Call, manners: Manners, validators: Validators, *, cut: bool = False
    ) -> Answer:
        """Return the answer, whatever its status. Of a redirect or an overloaded host no body is read.

        `cut` takes the beginning of a body that is longer than the manners allow.

        Raises:
            Retryable: no complete answer came.
            Refused: the address is none that may be reached, or the body is larger than the manners allow.
        """
        proxy = _proxy(call.url) if self._proxies else None
        session = self._session(manners.networks if proxy is None else None)
        try:
            async with session.request(
                call.method,
                call.target,
                headers=call.lines(validators),
                json=call.json,
                proxy=proxy,
                allow_redirects=False,
                timeout=self._timeout(manners.timeout),
            ) as response:
                return await self._answer(call, response, manners.max_bytes, cut=cut)
        except aiohttp.SocketTimeoutError:
            raise Retryable(f"{call.host} sent nothing for {self._silence:g} s") from None
        except aiohttp.ConnectionTimeoutError:
            raise Retryable(
                f"{call.host} cannot be reached: no connection within {CONNECT_TIMEOUT:g} s"
            ) from None
        except TimeoutError:
            raise Retryable(f"{call.host} did not answer within {manners.timeout:g} s") from None
        except TooLarge:
            problem = f"answers with more than the {manners.max_bytes} bytes that max_bytes allows"
            raise Refused("too_large", f"{call.host} {problem}") from None
        except Damaged as damage:
            raise Retryable(f"the answer of {call.host} {damage}") from None
        except (aiohttp.ClientError, OSError) as error:
            raise _failure(call.host, error) from None

    async def close(self) -> None:
        """Close the connections."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    def _session(self, networks: tuple[str, ...] | None) -> aiohttp.ClientSession:
        if networks not in self._sessions:
            guard = None if networks is None else Networks(networks).socket
            self._sessions[networks] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=guard, limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                middlewares=(_once,),
            )
        return self._sessions[networks]

    def _timeout(self, total: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            total=total,
            connect=CONNECT_TIMEOUT if total > CONNECT_TIMEOUT else None,
            sock_read=self._silence if total > self._silence else None,
        )

    async def _answer(self, call: Call, response: aiohttp.ClientResponse, most: int, *, cut: bool) -> Answer:
        headers = _headers(response)
        labelled = _CHARSET.search(headers.get("content-type", ""))
        return Answer(
            url=str(call.open_url),
            status=response.status,
            headers=headers,
            body=await _body(response, most, cut=cut),
            charset=labelled[1] if labelled else "",
            received_at=self._clock(),
        )


async def _once(
    request: aiohttp.ClientRequest, send: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]
) -> aiohttp.ClientResponse:
    """Keep aiohttp from asking a second time by itself, at once, where a connection broke."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError from error


async def _body(response: aiohttp.ClientResponse, most: int, *, cut: bool) -> bytes:
    if response.status < HTTPStatus.MULTIPLE_CHOICES:
        return await read(response, most, cut=cut)
    if response.ok or is_busy(response.status, None):
        return b""
    return await read(response, min(most, MOST_OF_AN_ERROR), cut=True)


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Return the headers by names in small letters; of those that may come once only, the first."""
    found: dict[str, str] = {}
    for raw_name, raw_value in response.raw_headers:
        name, value = raw_name.decode("utf-8", "replace").lower(), raw_value.decode("utf-8", "replace")
        found[name] = (
            f"{found[name]}, {value}" if name in found and name in _LISTS else found.get(name, value)
        )
    found.pop("set-cookie", None)
    return found


def _proxy(url: URL) -> str | None:
    if proxy_bypass(url.host or ""):
        return None
    return getproxies().get(url.scheme)


def _failure(host: str, error: aiohttp.ClientError | OSError) -> Retryable:
    if forbidden(error):
        problem = "is in a private network: name that network in the source's networks, if it is yours"
        return Refused("private_network", f"{host} {problem}")
    if isinstance(error, aiohttp.InvalidURL):
        return Refused("url", f"{host} is no address that can be used")
    return unreached(host, error)
