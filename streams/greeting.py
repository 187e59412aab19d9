"""The first word with a cluster: whether it lets us in and, if not, what a person must change.

aiokafka's clients say "unable to bootstrap", whatever the reason. But a broker that is away comes back,
while a wrong password stays wrong.
"""

from __future__ import annotations

import ssl
from asyncio import IncompleteReadError
from typing import TYPE_CHECKING, Any, Final

from aiokafka.conn import AIOKafkaConnection, collect_hosts, create_conn
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
    from monitor.settings import KafkaSettings

PATIENCE: Final = 10.0
"""Seconds that a broker has for each answer."""

TLS_ALERT: Final = 0x1503
"""How a TLS server's answer to plain bytes begins (RFC 8446, 5.1); aiokafka takes it for a length."""

OTHER_NAMES: Final = frozenset({62, 64})
"""OpenSSL's codes for a certificate of other host names, or of other addresses."""


async def greet(kafka: KafkaSettings) -> None:
    """Return once a broker that the settings name lets us in.

    Raises:
        Misconfigured: none does, and how one of them refuses shows that a setting must change.
        Retryable: none does; it may later.
    """
    failures: list[Misconfigured | Retryable] = []
    for host, port, _family in collect_hosts(kafka.bootstrap):
        try:
            await _enter(host, port, kafka)
        except Misconfigured as error:
            failures.insert(0, error)
        except Retryable as error:
            failures.append(error)
        else:
            return
    raise failures[0]


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
        return "set kafka.bootstrap to a name that stands in the certificate"
    return "set kafka.ssl_cafile to the certificate of the authority that the brokers' are signed by"


async def _enter(host: str, port: int, kafka: KafkaSettings) -> None:
    where = f"Kafka at {host}:{port}"
    try:
        # A broker that is ending hangs up on us too, but takes no second connection.
        entered = await _introduce(host, port, kafka) or await _introduce(host, port, kafka)
        problem = None if entered else Problem(message="it wants a login", hint=_protocol(kafka, login=True))
    except (OSError, KafkaError) as error:
        problem = refusal(error, kafka) or await _without_tls(host, port, kafka)
        if problem is None:
            raise Retryable(f"{where}: {str(error) or type(error).__name__}") from error
    if problem is not None:
        message = f"{where} does not let us in: {problem.message}"
        raise Misconfigured.plain(message, hint=problem.hint)


async def _introduce(host: str, port: int, kafka: KafkaSettings) -> bool:
    """Return whether the broker talks to us; False where it hangs up on the first question."""
    options = {key: value for key, value in client_options(kafka).items() if key != "bootstrap_servers"}
    connection = await _connect(host, port, options)
    try:
        await connection.send(MetadataRequest([]))
    except KafkaConnectionError:
        return False
    finally:
        connection.close()
    return True


async def _without_tls(host: str, port: int, kafka: KafkaSettings) -> Problem | None:
    """Return the problem if TLS is all that stands between us."""
    if not kafka.security_protocol.endswith("SSL"):
        return None
    try:
        (await _connect(host, port, {})).close()
    except (OSError, KafkaError):
        return None
    return Problem(message="it speaks no TLS", hint=f"if it is meant not to, {_protocol(kafka, tls=False)}")


async def _connect(host: str, port: int, options: dict[str, Any]) -> AIOKafkaConnection:
    return await create_conn(host, port, request_timeout_ms=round(PATIENCE * 1000), **options)


def _protocol(kafka: KafkaSettings, *, login: bool | None = None, tls: bool | None = None) -> str:
    """Return how to set the protocol so that it logs in, or speaks TLS, and is otherwise as it is."""
    login = kafka.security_protocol.startswith("SASL") if login is None else login
    tls = kafka.security_protocol.endswith("SSL") if tls is None else tls
    return f'set kafka.security_protocol = "{"SASL_" if login else ""}{"SSL" if tls else "PLAINTEXT"}"'
