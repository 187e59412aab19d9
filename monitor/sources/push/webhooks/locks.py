"""Who may post: signatures over the very bytes that came, compared in constant time.

Several secrets may be valid at once, so that one can be replaced while deliveries are under way.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from monitor.settings.secret import Secret
from monitor.sources.push.webhooks.letter import Letter

TOLERANCE: Final = 300.0
"""Seconds that a signed time may differ from ours (Standard Webhooks, "Verifying webhook authenticity")."""

Complaint = Literal["", "wrong_signature", "stale"]
"""Why a letter is not let in; empty where it is. The words become metric labels."""

_WHSEC: Final = "whsec_"
_VERSION: Final = "v1"


class Lock(Protocol):
    """Tells whether a letter comes from whom it should."""

    def complaint(self, letter: Letter) -> Complaint:
        """Return why not, or nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLock:
    """`HEADER: PREFIX…`: HMAC-SHA256 of the body, one or several divided by commas.

    So sign GitHub, Discourse, Coral, Meta and most others.
    """

    secrets: Sequence[Secret]
    header: str
    prefix: str = "sha256="
    encoding: Literal["hex", "base64"] = "hex"

    def complaint(self, letter: Letter) -> Complaint:
        """Return `wrong_signature` where no signature is one of ours."""
        given = [part.strip() for part in letter.header(self.header).split(",")]
        made = [self._made(secret, letter.body) for secret in self.secrets]
        return "" if _any_equal(given, made) else "wrong_signature"

    def _made(self, secret: Secret, body: bytes) -> str:
        digest = hmac.digest(secret.reveal().encode(), body, hashlib.sha256)
        return self.prefix + (digest.hex() if self.encoding == "hex" else base64.b64encode(digest).decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardLock:
    """Standard Webhooks (standardwebhooks.com): HMAC-SHA256 of `id.timestamp.body`, with a time."""

    secrets: Sequence[Secret]
    tolerance: float = TOLERANCE

    def complaint(self, letter: Letter) -> Complaint:
        """Return `wrong_signature`, or `stale` where the signature is right and the time is not now."""
        timestamp = letter.header("webhook-timestamp")
        signed = f"{letter.header('webhook-id')}.{timestamp}.".encode() + letter.body
        given = [_signature(part) for part in letter.header("webhook-signature").split()]
        made = [
            base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()
            for secret in self.secrets
        ]
        if not letter.header("webhook-id") or not _any_equal(given, made):
            return "wrong_signature"
        if not (timestamp.isascii() and timestamp.isdigit()):
            return "stale"
        away = abs(letter.received_at.timestamp() - int(timestamp[:15]))
        return "stale" if away > self.tolerance else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerLock:
    """`Authorization: Bearer …`: for senders that cannot sign. What they send, others could change."""

    secrets: Sequence[Secret]

    def complaint(self, letter: Letter) -> Complaint:
        """Return `wrong_signature` where the token is none of ours."""
        given = letter.header("authorization")
        made = [f"Bearer {secret.reveal()}" for secret in self.secrets]
        return "" if _any_equal([given], made) else "wrong_signature"


@dataclass(frozen=True, slots=True)
class OpenLock:
    """Lets everyone in: something in front of us has already looked."""

    def complaint(self, letter: Letter) -> Complaint:  # noqa: ARG002 - the port's
        """Return nothing."""
        return ""


def key_of(secret: Secret) -> bytes:
    """Return the key of a Standard Webhooks secret: base64, often with `whsec_` before it.

    Raises:
        ValueError: it is none.
    """
    text = secret.reveal().strip().removeprefix(_WHSEC)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError("no base64")
    return key


def _signature(part: str) -> str:
    version, _, signature = part.partition(",")
    return signature if version == _VERSION else ""


def _any_equal(given: Iterable[str], made: Sequence[str]) -> bool:
    """Return whether any of these is one of those; how long it takes says nothing about which."""
    right = False
    for one in given:
        for other in made:
            right |= hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode())
    return right
