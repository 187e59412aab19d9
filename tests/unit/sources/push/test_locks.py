from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from monitor.settings.secret import Secret
from monitor.sources.push.webhooks.letter import Letter
from monitor.sources.push.webhooks.locks import BearerLock, OpenLock, SignatureLock, StandardLock, key_of

NOW = datetime.now(UTC).replace(microsecond=0)
OLD, NEW = Secret("the old secret"), Secret("the new secret")
KEY = "whsec_" + base64.b64encode(b"24 bytes of randomness..").decode()


def letter(body: bytes = b"{}", **headers: str) -> Letter:
    return Letter(
        headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body, received_at=NOW
    )


def hexed(secret: Secret, body: bytes = b"{}") -> str:
    return "sha256=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()


def standard(body: str = "{}", *, key: str = KEY, message: str = "msg_1", ago: float = 0.0) -> Letter:
    """Return a letter as the library of Standard Webhooks signs it."""
    at = NOW - timedelta(seconds=ago)
    return letter(
        body.encode(),
        webhook_id=message,
        webhook_timestamp=str(int(at.timestamp())),
        webhook_signature=Webhook(key).sign(message, at, body),
    )


LOCK = SignatureLock(secrets=(NEW, OLD), header="X-Signature")
STANDARD = StandardLock(secrets=(Secret(KEY),))


def test_a_signature_of_any_valid_secret_lets_in() -> None:
    assert [LOCK.complaint(letter(x_signature=hexed(secret))) for secret in (OLD, NEW)] == ["", ""]


def test_one_of_several_signatures_is_enough() -> None:
    both = f"{hexed(Secret('another'))}, {hexed(OLD)}"
    assert LOCK.complaint(letter(x_signature=both)) == ""


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        hexed(Secret("another")),
        hexed(NEW, b"{ }"),
        hexed(NEW).removeprefix("sha256="),
        hexed(NEW).replace("sha256", "sha1"),
        hexed(NEW)[:-1],
        "sha256=ü",
    ],
)
def test_any_other_signature_does_not(signature: str) -> None:
    assert LOCK.complaint(letter(x_signature=signature)) == "wrong_signature"


def test_a_letter_without_a_signature_is_not_let_in() -> None:
    assert LOCK.complaint(letter()) == "wrong_signature"
    assert STANDARD.complaint(letter()) == "wrong_signature"


def test_a_signature_may_be_base64_without_a_prefix() -> None:
    lock = SignatureLock(secrets=(NEW,), header="X-Signature", prefix="", encoding="base64")
    signature = base64.b64encode(bytes.fromhex(hexed(NEW).removeprefix("sha256="))).decode()
    assert lock.complaint(letter(x_signature=signature)) == ""


def test_a_token_lets_in() -> None:
    lock = BearerLock(secrets=(NEW, OLD))
    assert lock.complaint(letter(authorization="Bearer the old secret")) == ""
    assert lock.complaint(letter(authorization="Bearer the")) == "wrong_signature"
    assert lock.complaint(letter()) == "wrong_signature"


def test_an_open_lock_lets_everyone_in() -> None:
    assert OpenLock().complaint(letter()) == ""


@given(
    body=st.text(),
    message=st.from_regex(r"[a-z0-9_.]{1,20}", fullmatch=True),
    key=st.binary(min_size=1, max_size=64),
)
def test_what_the_library_of_standard_webhooks_signs_is_let_in(body: str, message: str, key: bytes) -> None:
    body = body.encode("utf-8", "ignore").decode()
    secret = "whsec_" + base64.b64encode(key).decode()
    signed = standard(body, key=secret, message=message)
    assert StandardLock(secrets=(Secret(secret),)).complaint(signed) == ""
    assert (
        StandardLock(secrets=(Secret(secret),)).complaint(
            Letter(headers=signed.headers, body=signed.body + b" ", received_at=NOW)
        )
        == "wrong_signature"
    )


def test_several_signatures_and_versions_may_stand_in_one_header() -> None:
    signed = standard()
    headers = {
        **signed.headers,
        "webhook-signature": f"v1a,xyz v1,AAAA {signed.header('webhook-signature')} v2",
    }
    assert STANDARD.complaint(Letter(headers=headers, body=signed.body, received_at=NOW)) == ""


def test_a_signature_of_another_version_is_none() -> None:
    signed = standard()
    headers = {**signed.headers, "webhook-signature": signed.header("webhook-signature").replace("v1", "v2")}
    assert STANDARD.complaint(Letter(headers=headers, body=signed.body, received_at=NOW)) == "wrong_signature"


@pytest.mark.parametrize(("ago", "complaint"), [(299, ""), (-299, ""), (301, "stale"), (-301, "stale")])
def test_a_letter_of_another_time_is_stale(ago: float, complaint: str) -> None:
    assert STANDARD.complaint(standard(ago=ago)) == complaint


def test_the_time_is_signed_too() -> None:
    signed = standard(ago=600)
    headers = {**signed.headers, "webhook-timestamp": str(int(NOW.timestamp()))}
    assert STANDARD.complaint(Letter(headers=headers, body=signed.body, received_at=NOW)) == "wrong_signature"


def test_a_secret_may_lack_its_prefix_and_padding() -> None:
    bare = base64.b64encode(b"a key").decode().rstrip("=")
    assert key_of(Secret(bare)) == key_of(Secret(f"whsec_{bare}=")) == b"a key"


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_no base64!", "ü"])
def test_a_secret_that_is_no_base64_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no base64"):
        key_of(Secret(text))
