from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.notifiers import build
from monitor.notifiers.console import Console
from monitor.notifiers.jsonl import JsonLines
from monitor.notifiers.slack import Slack
from monitor.notifiers.webhook import Webhook
from monitor.ports import Receiver
from monitor.settings import ReceiverSettings, Secret
from tests.alerts import NOON

URL = Secret("https://gazette.example/hook")
KEYS = (Secret("a-long-random-text"),)


@pytest.mark.parametrize(
    ("factory", "settings", "kind"),
    [
        (build.console, ReceiverSettings(name="a", type="console"), Console),
        (build.jsonl, ReceiverSettings(name="a", type="jsonl", path=Path("alerts.jsonl")), JsonLines),
        (build.webhook, ReceiverSettings(name="a", type="webhook", url=URL, secrets=KEYS), Webhook),
        (build.slack, ReceiverSettings(name="a", type="slack", url=URL), Slack),
    ],
)
async def test_each_type_makes_its_receiver_by_name(
    factory: build.ReceiverFactory, settings: ReceiverSettings, kind: type[Receiver]
) -> None:
    receiver = factory(settings, lambda: NOON)
    assert (type(receiver), receiver.name) == (kind, "a")
    await receiver.close()


@pytest.mark.parametrize(
    ("factory", "settings", "problem"),
    [
        (build.jsonl, ReceiverSettings(name="a", type="jsonl"), "'a' has no path"),
        (build.slack, ReceiverSettings(name="a", type="slack"), "'a' has no url"),
        (build.webhook, ReceiverSettings(name="a", type="webhook", url=URL), "'a' has no secret"),
        (
            build.slack,
            ReceiverSettings(name="a", type="slack", url=URL, allow_private=("10.0.0.0/99",)),
            "not a network",
        ),
    ],
)
def test_what_is_missing_is_said_at_the_start(
    factory: build.ReceiverFactory, settings: ReceiverSettings, problem: str
) -> None:
    with pytest.raises(Misconfigured, match=problem):
        factory(settings, lambda: NOON)


def test_every_receiver_that_cannot_be_built_is_named() -> None:
    settings = [ReceiverSettings(name="a", type="pigeon"), ReceiverSettings(name="b", type="owl")]
    with pytest.raises(Misconfigured) as caught:
        build.build_receivers(settings, lambda: NOON)
    assert [each for each in ("'pigeon'", "'owl'") if each in str(caught.value)] == ["'pigeon'", "'owl'"]


def test_our_own_types_come_in_by_the_guests_door() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"]["comment_monitor.receivers"] == {
        name: f"monitor.notifiers.build:{name}" for name in ("console", "jsonl", "slack", "webhook")
    }
