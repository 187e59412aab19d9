"""How a client reaches the cluster: address, TLS, SASL."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import faust
from faust.types.auth import CredentialsT

from monitor.domain.errors import Misconfigured

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.settings import KafkaSettings


def client_options(kafka: KafkaSettings) -> dict[str, Any]:
    """Return the arguments that every aiokafka client takes."""
    options: dict[str, Any] = {
        "bootstrap_servers": kafka.bootstrap,
        "security_protocol": kafka.security_protocol,
        "ssl_context": ssl_context(kafka),
    }
    if kafka.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": kafka.sasl_mechanism,
            "sasl_plain_username": kafka.sasl_username,
            "sasl_plain_password": kafka.sasl_password.reveal() if kafka.sasl_password else None,
        }
    return options


def credentials(kafka: KafkaSettings) -> CredentialsT | None:
    """Return the same for Faust, which has types of its own; None for a plain connection."""
    context = ssl_context(kafka)
    if kafka.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=kafka.sasl_username,
            password=kafka.sasl_password.reveal() if kafka.sasl_password else None,
            mechanism=kafka.sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context=context) if context else None


def ssl_context(kafka: KafkaSettings) -> ssl.SSLContext | None:
    """Return the TLS context for an SSL protocol.

    Raises:
        Misconfigured: a certificate or key file cannot be used.
    """
    if not kafka.security_protocol.endswith("SSL"):
        return None
    with _using("kafka.ssl_cafile", kafka.ssl_cafile):
        context = ssl.create_default_context(cafile=kafka.ssl_cafile)
    if kafka.ssl_certfile:
        with _using("kafka.ssl_certfile or kafka.ssl_keyfile", kafka.ssl_certfile, kafka.ssl_keyfile):
            context.load_cert_chain(kafka.ssl_certfile, kafka.ssl_keyfile, password=_encrypted)
    return context


@contextmanager
def _using(settings: str, *files: Path | None) -> Iterator[None]:
    """Say which setting's file is at fault: OpenSSL does not."""
    try:
        yield
    except OSError as error:  # ssl.SSLError is one
        named = " or ".join(str(file) for file in files)
        raise Misconfigured.plain(f"{settings} cannot be used ({named}): {error}") from error


def _encrypted() -> str:
    """Stand in for OpenSSL's prompt, at which a service would wait for ever."""
    raise Misconfigured.plain(
        "kafka.ssl_keyfile is encrypted, and nobody is there to type its password",
        hint="decrypt it with `openssl pkey -in FILE -out NEW_FILE`, and let only this user read it",
    )
