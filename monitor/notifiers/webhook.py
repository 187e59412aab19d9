"""Posts each alert as signed JSON, after Standard Webhooks (https://www.standardwebhooks.com).

Any program can receive it, and libraries in a dozen languages check the signature. A repeat after
a crash carries the same `webhook-id`, by which a receiver drops it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from monitor.domain.alerts import Alert
from monitor.domain.errors import Misconfigured
from monitor.notifiers.http import Outlet
from monitor.notifiers.record import encode, record
from monitor.ports import Clock

_PREFIX: Final = "whsec_"


class Webhook:
    """A URL that gets `{"type": "alert.opened", "timestamp": …, "data": AlertRecord}` by POST.

    Args:
        name: the receiver's name.
        outlet: the URL to post to.
        secrets: keys to sign with, as they are or as `whsec_` and base64. With two of them either
            verifies, so that a key is rotated without a gap.
        clock: dates the signature.

    Raises:
        Misconfigured: there is no secret, or one is not what it says.
    """

    def __init__(self, name: str, outlet: Outlet, *, secrets: Sequence[str], clock: Clock) -> None:
        if not all(secrets) or not secrets:
            raise Misconfigured.plain(
                f"the webhook '{name}' has no secret to sign with",
                hint="set secrets to a long random text, and give the receiving side the same",
            )
        self._name = name
        self._outlet = outlet
        self._keys = [_key(name, secret) for secret in secrets]
        self._clock = clock

    @property
    def name(self) -> str:
        """Return the receiver's name."""
        return self._name

    async def deliver(self, alert: Alert) -> str:
        """Post the alert and return the answer's status.

        Raises:
            Retryable: the channel is down, asks to wait, or is set up wrongly.
            Rejected: the channel will never take this one.
        """
        body = encode({"type": f"alert.{alert.kind}", "timestamp": _happened(alert), "data": record(alert)})
        stamp = str(int(self._clock().timestamp()))
        headers = {
            "webhook-id": alert.delivery_id,
            "webhook-timestamp": stamp,
            "webhook-signature": " ".join(sign(key, alert.delivery_id, stamp, body) for key in self._keys),
            "Idempotency-Key": alert.delivery_id,
        }
        answer = await self._outlet.post(body, headers)
        return answer.settle()

    async def close(self) -> None:
        """Close the connections."""
        await self._outlet.close()


def sign(key: bytes, message_id: str, stamp: str, body: bytes) -> str:
    """Return one signature as the `webhook-signature` header carries it."""
    digest = hmac.digest(key, b".".join([message_id.encode(), stamp.encode(), body]), hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def _happened(alert: Alert) -> datetime:
    """Return when the comment came that caused this event; the same for every try."""
    comment = alert.comment
    return max(alert.opened_at, comment.edited_at or comment.created_at or alert.opened_at)


def _key(name: str, secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise Misconfigured.plain(
            f"a secret of the webhook '{name}' begins with {_PREFIX} but goes on as no base64",
            hint="copy it whole, or choose one without that beginning",
        ) from None
