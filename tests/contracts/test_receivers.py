"""What every receiver that speaks HTTP promises, met by a real server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import pytest

from monitor.domain.errors import Misconfigured, Rejected, Retryable
from monitor.notifiers import build
from monitor.ports import Receiver
from monitor.settings import Duration, ReceiverSettings, Secret
from tests.alerts import NOON, WORDS, an_alert
from tests.channels import (
    Behaviour,
    Channel,
    answers,
    breaks_off,
    never_answers,
    never_ends,
    open_channel,
    resets,
    says_nonsense,
)

ALERT = an_alert()
SECRET = "a-long-random-text"


@pytest.fixture
async def channel() -> AsyncIterator[Channel]:
    async with open_channel() as opened:
        yield opened


FACTORIES: Final[dict[str, build.ReceiverFactory]] = {"webhook": build.webhook, "slack": build.slack}


@asynccontextmanager
async def made(
    kind: str, url: str, *, allow_private: Sequence[str] = ("127.0.0.0/8",), patience: float = 5.0
) -> AsyncIterator[Receiver]:
    settings = ReceiverSettings(
        name="desk",
        type=kind,
        url=Secret(url),
        secrets=(Secret(SECRET),),
        allow_private=tuple(allow_private),
        timeout=Duration(patience),
    )
    receiver = FACTORIES[kind](settings, lambda: NOON)
    try:
        yield receiver
    finally:
        await receiver.close()


@pytest.fixture(params=["webhook", "slack"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def receiver(kind: str, channel: Channel) -> AsyncIterator[Receiver]:
    async with made(kind, channel.url) as opened:
        yield opened


async def error_of(receiver: Receiver) -> Retryable:
    with pytest.raises(Retryable) as caught:
        await receiver.deliver(ALERT)
    return caught.value


async def test_an_alert_that_is_taken_is_answered(receiver: Receiver, channel: Channel) -> None:
    assert await receiver.deliver(ALERT) == "HTTP 200"
    assert [post.path for post in channel.posts] == ["/hook/s3cret-path"]


@pytest.mark.parametrize("status", [201, 202, 204])
async def test_every_2xx_is_taken(receiver: Receiver, channel: Channel, status: int) -> None:
    channel.behaviour = answers(status)
    assert await receiver.deliver(ALERT) == f"HTTP {status}"


async def test_a_repeat_carries_the_same_id(receiver: Receiver, channel: Channel) -> None:
    for _ in range(2):
        await receiver.deliver(ALERT)
    assert channel.ids() == [ALERT.delivery_id, ALERT.delivery_id]


async def test_a_channel_that_does_not_answer_in_time_is_tried_again(kind: str, channel: Channel) -> None:
    channel.behaviour = never_answers
    async with made(kind, channel.url, patience=0.2) as receiver:
        assert str(await error_of(receiver)) == "127.0.0.1 did not answer within 0.2 s"


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504])
async def test_a_channel_in_trouble_is_tried_again(receiver: Receiver, channel: Channel, status: int) -> None:
    channel.behaviour = answers(status)
    error = await error_of(receiver)
    assert (str(error), error.retry_after) == (f"127.0.0.1 answered HTTP {status}", None)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ((NOON + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT"), 90.0),
        ((NOON - timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT"), 0.0),
        ("soon", None),
        ("-5", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_read_as_seconds_or_as_a_date(
    receiver: Receiver, channel: Channel, status: int, value: str, seconds: float | None
) -> None:
    channel.behaviour = answers(status, Retry_After=value)
    assert (await error_of(receiver)).retry_after == seconds


@pytest.mark.parametrize("behaviour", [resets, says_nonsense])
async def test_a_connection_that_breaks_before_the_answer_is_tried_again(
    receiver: Receiver, channel: Channel, behaviour: Behaviour
) -> None:
    channel.behaviour = behaviour
    assert "127.0.0.1" in str(await error_of(receiver))


@pytest.mark.parametrize("behaviour", [breaks_off, never_ends])
async def test_what_happens_after_a_200_changes_nothing(
    receiver: Receiver, channel: Channel, behaviour: Behaviour
) -> None:
    channel.behaviour = behaviour
    assert await receiver.deliver(ALERT) == "HTTP 200"

    channel.behaviour = answers(200)
    assert await receiver.deliver(ALERT) == "HTTP 200"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(receiver: Receiver, channel: Channel, status: int) -> None:
    channel.behaviour = answers(status, Location="/elsewhere")
    error = await error_of(receiver)
    assert "redirects are not followed" in str(error)
    assert [post.path for post in channel.posts] == ["/hook/s3cret-path"]


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410])
async def test_a_wrong_set_up_loses_no_alert(receiver: Receiver, channel: Channel, status: int) -> None:
    channel.behaviour = answers(status)
    assert (await error_of(receiver)).retry_after == 300.0


@pytest.mark.parametrize("status", [400, 413, 415, 422])
async def test_an_alert_that_the_channel_cannot_take_is_rejected(
    receiver: Receiver, channel: Channel, status: int
) -> None:
    channel.behaviour = answers(status, ALERT.comment.text)
    with pytest.raises(Rejected) as caught:
        await receiver.deliver(ALERT)
    assert (caught.value.reason, caught.value.detail) == ("http_4xx", f"127.0.0.1 answered HTTP {status}")


async def test_a_closed_port_is_tried_again(kind: str) -> None:
    async with open_channel() as gone:
        url = gone.url
    async with made(kind, url) as receiver:
        assert str(await error_of(receiver)) == "127.0.0.1 cannot be reached: Connection refused"


async def test_a_name_that_does_not_exist_is_tried_again(kind: str) -> None:
    async with made(kind, "https://nowhere.invalid/s3cret-path") as receiver:
        assert str(await error_of(receiver)) == "the name nowhere.invalid cannot be resolved"


async def test_a_private_address_is_not_reached_by_default(kind: str, channel: Channel) -> None:
    async with made(kind, channel.url, allow_private=()) as receiver:
        error = await error_of(receiver)
    assert "allow_private" in str(error)
    assert error.retry_after == 300.0
    assert channel.posts == []


@pytest.mark.parametrize(
    "host", ["localhost", "0x7f.1", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "0"]
)
async def test_a_private_address_is_not_reached_however_it_is_spelled(
    kind: str, channel: Channel, host: str
) -> None:
    async with made(kind, channel.url.replace("127.0.0.1", host), allow_private=()) as receiver:
        assert (await error_of(receiver)).retry_after == 300.0
    assert channel.posts == []


async def test_only_the_private_network_that_is_named_is_reached(kind: str, channel: Channel) -> None:
    async with made(kind, channel.url, allow_private=["10.0.0.0/8"]) as receiver:
        assert "allow_private" in str(await error_of(receiver))
        assert channel.posts == []


@pytest.mark.parametrize(
    "behaviour", [never_answers, resets, says_nonsense, answers(302), answers(404), answers(503)]
)
async def test_no_error_tells_the_url_the_secret_or_the_words(
    kind: str, channel: Channel, behaviour: Behaviour
) -> None:
    channel.behaviour = behaviour
    async with made(kind, channel.url, patience=0.2) as receiver:
        error = await error_of(receiver)
        told = f"{error!r} {error.__cause__!r}"
        assert [secret for secret in ("s3cret-path", SECRET, WORDS) if secret in told] == []


@pytest.mark.parametrize(
    "url", ["", "gazette.example/hook", "ftp://gazette.example/", "https://", "https://[::1"]
)
async def test_what_is_no_url_is_refused_at_the_start(kind: str, url: str) -> None:
    with pytest.raises(Misconfigured, match="url is no address"):
        async with made(kind, url):
            pass


@pytest.mark.parametrize("status", [200, 503])
async def test_cookies_of_a_channel_are_not_sent_back(
    receiver: Receiver, channel: Channel, status: int
) -> None:
    channel.behaviour = answers(status, Set_Cookie="session=1")
    for _ in range(2):
        if status == 200:
            await receiver.deliver(ALERT)
        else:
            await error_of(receiver)
    assert [post.headers.get("Cookie") for post in channel.posts] == [None, None]
