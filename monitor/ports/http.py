"""What answers and failures of HTTP mean, for everything of ours that asks by it.

A URL may hold a secret, and aiohttp's own messages hold the URL: nothing here names more than the host.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from monitor.domain.errors import Retryable
from monitor.ports.network import Forbidden


def forbidden(error: Exception) -> bool:
    """Return whether no connection was made because `Networks` forbids the address."""
    return isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, Forbidden)


def unreached(host: str, error: aiohttp.ClientError | OSError) -> Retryable:
    """Return what went wrong with a connection, for a person."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Retryable(f"the name {host} cannot be resolved")
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return Retryable(f"{host} could not be trusted: its TLS certificate or set-up is not valid")
    if isinstance(error, aiohttp.ClientConnectorError):
        code = error.os_error.errno
        return Retryable(f"{host} cannot be reached: {os.strerror(code) if code else 'no connection'}")
    return Retryable(f"the connection to {host} broke ({type(error).__name__})")


def seconds_until(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, section 10.2.3); None: none."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    moment = http_date(value)
    return None if moment is None else max((moment - now).total_seconds(), 0.0)


def http_date(value: str) -> datetime | None:
    """Return the moment that a header's date names; None where it is no date."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
