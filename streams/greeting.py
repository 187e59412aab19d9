"""The first word with a cluster: whether it lets us in and, if not, what a person must change.

aiokafka's clients say "unable to bootstrap", whatever the reason. But a broker that is away comes back,
while a wrong password stays wrong.
"""

from __future__ import annotations

import asyncio
import ssl
from asyncio import IncompleteReadError
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from aiokafka.conn import AIOKafkaConnection, collect_hosts
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from monitor.domain.errors import Misconfigured, Retryable
from monitor.domain.problems import Problem
from streams.connection import client_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.settings import KafkaSettings

PATIENCE: Final = 10.0
"""Seconds that a broker has for each answer."""

CLOSED_WITHIN: Final = 2.0
"""Seconds that it has to take our leave."""

TLS_ALERT: Final = 0x1503
"""How a TLS server's answer to plain bytes begins (RFC 8446, 5.1); aiokafka takes it for a length."""

OTHER_NAMES: Final = frozenset({62, 64})
"""OpenSSL's codes for a certificate of other host names, or of other addresses."""

Address = tuple[str, int]


async def greet(kafka: KafkaSettings) -> None:
    """Return once a broker lets us in, by a name that the cluster itself gives it.

    Clients use the names of the settings for the first question only; then those of
    `advertised.listeners`, which are not always reachable, or not in the certificate.

    Raises:
        Misconfigured: none does, and how one of them refuses shows that a setting must change.
        Retryable: none does; it may later.
    """
    await _Greeting(kafka).exchange()


class _Greeting:
    def __init__(self, kafka: KafkaSettings) -> None:
        options = client_options(kafka)
        self._kafka = kafka
        self._bootstrap = [(host, port) for host, port, _ in collect_hosts(options.pop("bootstrap_servers"))]
        self._options = options

    async def exchange(self) -> None:
        named = await self._first(self._bootstrap)
        if named and not set(named) & set(self._bootstrap):
            await self._first(named, " (so the cluster names itself: advertised.listeners)")

    async def _first(self, addresses: Sequence[Address], note: str = "") -> list[Address]:
        """Return the names of the cluster's brokers, as the first one that lets us in tells them."""
        failures: list[Misconfigured | Retryable] = []
        for address in addresses:
            try:
                return await self._enter(address, note)
            except Misconfigured as error:
                failures.insert(0, error)
            except Retryable as error:
                failures.append(error)
        raise failures[0]

    async def _enter(self, address: Address, note: str) -> list[Address]:
        where = f"Kafka at {address[0]}:{address[1]}{note}"
        try:
            # A broker that is ending hangs up on us too, but takes no second connection.
            named = await self._introduce(address) or await self._introduce(address)
        except (OSError, KafkaError) as error:
            problem = refusal(error, self._kafka) or await self._without_tls(address)
            if problem is None:
                raise Retryable(f"{where}: {str(error) or type(error).__name__}") from error
        else:
            if named is not None:
                return named
            problem = Problem(message="it wants a login", hint=_protocol(self._kafka, login=True))
        raise Misconfigured.plain(f"{where} does not let us in: {problem.message}", hint=problem.hint)

    async def _introduce(self, address: Address) -> list[Address] | None:
        """Return the names of the cluster's brokers; None where this one hangs up on the question."""
        async with _connection(address, self._options) as connection:
            try:
                answer = await connection.send(MetadataRequest([]))
            except KafkaConnectionError:
                return None
        return [(host, port) for _node, host, port, *_rack in answer.brokers]

    async def _without_tls(self, address: Address) -> Problem | None:
        """Return the problem if TLS is all that stands between us."""
        if not self._kafka.security_protocol.endswith("SSL"):
            return None
        try:
            async with _connection(address, {}):
                pass
        except (OSError, KafkaError):
            return None
        hint = f"if it is meant not to, {_protocol(self._kafka, tls=False)}"
        return Problem(message="it speaks no TLS", hint=hint)


def refusal(error: BaseException, kafka: KafkaSettings) -> Problem | None:
    """Return what an attempt to connect shows that a person must change; None where waiting may help."""
    found: tuple[str, str] | None = None
    match error.__cause__ or error:
        case SaslAuthenticationFailed() as reason:
            hint = "look at kafka.sasl_username, kafka.sasl_password and kafka.sasl_mechanism"
            found = f"it refuses our login: {reason.args[0]}", hint
        case UnsupportedSaslMechanismError():
            hint = "set kafka.sasl_mechanism to the one that the cluster takes"
            found = f"it takes no login by {kafka.sasl_mechanism}", hint
        case IllegalSaslStateError():
            found = "it takes no login", _protocol(kafka, login=False)
        case IncompleteReadError(expected=int(length)) if length >> 16 == TLS_ALERT:
            found = "it speaks TLS only", _protocol(kafka, tls=True)
        case ssl.SSLCertVerificationError() as reason:
            found = f"its certificate cannot be trusted: {reason.verify_message}", _trust(reason.verify_code)
        case ssl.SSLError() as reason if not isinstance(reason, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            hint = "does it want a certificate of ours? kafka.ssl_certfile and kafka.ssl_keyfile name it"
            found = f"it breaks off the TLS handshake: {reason.reason}", hint
    return Problem(message=found[0], hint=found[1]) if found else None


def _trust(verify_code: int) -> str:
    if verify_code in OTHER_NAMES:
        return "call it by a name that stands there: kafka.bootstrap, and advertised.listeners of the brokers"
    return "set kafka.ssl_cafile to the certificate of the authority that the brokers' are signed by"


@asynccontextmanager
async def _connection(address: Address, options: Mapping[str, Any]) -> AsyncIterator[AIOKafkaConnection]:
    """Yield a connection; leave with its socket closed, which aiokafka only begins to do."""
    connection = AIOKafkaConnection(*address, request_timeout_ms=round(PATIENCE * 1000), **options)
    opened = True
    try:
        await connection.connect()
        yield connection
    except OSError:
        opened = False
        raise
    finally:
        closing = connection.close()
        if opened:
            await asyncio.wait([closing], timeout=CLOSED_WITHIN)


def _protocol(kafka: KafkaSettings, *, login: bool | None = None, tls: bool | None = None) -> str:
    """Return how to set the protocol so that it logs in, or speaks TLS, and is otherwise as it is."""
    login = kafka.security_protocol.startswith("SASL") if login is None else login
    tls = kafka.security_protocol.endswith("SSL") if tls is None else tls
    return f'set kafka.security_protocol = "{"SASL_" if login else ""}{"SSL" if tls else "PLAINTEXT"}"'
