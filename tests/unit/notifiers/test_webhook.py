from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.errors import Misconfigured
from monitor.notifiers.http import Outlet
from monitor.notifiers.webhook import Webhook, sign
from monitor.ports.network import Networks
from tests.alerts import NOON, TEXT, an_alert
from tests.channels import Channel, open_channel

RAW = b"thirty-two bytes of a random key"
ENCODED = "whsec_" + base64.b64encode(RAW).decode()


@pytest.fixture
async def channel() -> AsyncIterator[Channel]:
    async with open_channel() as opened:
        yield opened


def made(url: str, *secrets: str) -> Webhook:
    outlet = Outlet(url, networks=Networks(["127.0.0.0/8"]), clock=lambda: NOON)
    return Webhook("desk", outlet, secrets=secrets, clock=lambda: NOON)


def test_the_signature_is_that_of_the_specification() -> None:
    """Key, message and signature as the libraries of Standard Webhooks test with."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signature = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(("secret", "key"), [(ENCODED, RAW), ("plain words", b"plain words")])
async def test_a_receiver_can_check_who_sent_the_alert(channel: Channel, secret: str, key: bytes) -> None:
    webhook = made(channel.url, secret)
    await webhook.deliver(an_alert())
    await webhook.close()

    [post] = channel.posts
    signed = f"{post.headers['webhook-id']}.{post.headers['webhook-timestamp']}.".encode() + post.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert post.headers["webhook-signature"] == f"v1,{expected}"
    assert post.headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert post.headers["webhook-id"] == an_alert().delivery_id


async def test_while_a_key_is_rotated_both_sign(channel: Channel) -> None:
    webhook = made(channel.url, "new", "old")
    await webhook.deliver(an_alert())
    await webhook.close()

    [post] = channel.posts
    stamp = post.headers["webhook-timestamp"]
    expected = [sign(key, an_alert().delivery_id, stamp, post.body) for key in (b"new", b"old")]
    assert post.headers["webhook-signature"].split(" ") == expected


async def test_the_body_tells_the_event_and_the_alert(channel: Channel) -> None:
    alert = an_alert(revision=2)
    later = replace(alert.comment, created_at=NOON + timedelta(minutes=9))
    webhook = made(channel.url, "secret")
    await webhook.deliver(replace(alert, comment=later))
    await webhook.close()

    [post] = channel.posts
    body = json.loads(post.body)
    assert (body["type"], body["timestamp"]) == ("alert.updated", "2026-11-28T12:09:00Z")
    assert (body["data"]["id"], body["data"]["revision"]) == (an_alert().id, 2)
    assert body["data"]["comment"]["text"] == TEXT
    assert post.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("secrets", [(), ("",), ("good", ""), ("whsec_no base64",)])
def test_a_webhook_without_a_usable_secret_is_refused_at_the_start(secrets: tuple[str, ...]) -> None:
    with pytest.raises(Misconfigured, match="'desk'"):
        made("https://gazette.example/hook", *secrets)
