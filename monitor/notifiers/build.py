"""From settings to receivers: each type comes in by the same door as a guest's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from monitor.domain.errors import Misconfigured
from monitor.domain.problems import Problem
from monitor.notifiers.console import Console
from monitor.notifiers.http import Outlet
from monitor.notifiers.jsonl import JsonLines
from monitor.notifiers.slack import Slack
from monitor.notifiers.webhook import Webhook
from monitor.plugins import Plugins
from monitor.ports import Clock, Receiver
from monitor.ports.network import Networks
from monitor.settings import ReceiverSettings

ReceiverFactory = Callable[[ReceiverSettings, Clock], Receiver]
"""What stands under a receiver type's name in the entry point group `comment_monitor.receivers`."""

RECEIVERS: Final = Plugins[ReceiverFactory]("comment_monitor.receivers", "receiver type")


def build_receivers(settings: Iterable[ReceiverSettings], clock: Clock) -> list[Receiver]:
    """Return the receivers that the settings ask for, in their order. Nothing is opened yet.

    Raises:
        Misconfigured: with every problem of all of them.
    """
    receivers: list[Receiver] = []
    problems: list[Problem] = []
    for each in settings:
        try:
            receivers.append(RECEIVERS.load(each.type)(each, clock))
        except Misconfigured as error:
            problems += error.problems
    if problems:
        raise Misconfigured(problems)
    return receivers


def console(settings: ReceiverSettings, _clock: Clock) -> Receiver:
    """Return the receiver that writes to standard output."""
    return Console(settings.name)


def jsonl(settings: ReceiverSettings, _clock: Clock) -> Receiver:
    """Return the receiver that appends to a file."""
    if settings.path is None:
        raise _lacks(settings, "path", "the file to append alerts to")
    return JsonLines(settings.name, settings.path)


def webhook(settings: ReceiverSettings, clock: Clock) -> Receiver:
    """Return the receiver that posts signed JSON."""
    secrets = [secret.reveal() for secret in settings.secrets]
    return Webhook(settings.name, _outlet(settings, clock), secrets=secrets, clock=clock)


def slack(settings: ReceiverSettings, clock: Clock) -> Receiver:
    """Return the receiver that posts to a chat."""
    return Slack(settings.name, _outlet(settings, clock))


def _outlet(settings: ReceiverSettings, clock: Clock) -> Outlet:
    if settings.url is None:
        raise _lacks(settings, "url", "the address to post alerts to")
    networks = Networks(settings.allow_private)
    return Outlet(settings.url.reveal(), networks=networks, clock=clock, timeout=settings.timeout)


def _lacks(settings: ReceiverSettings, key: str, meaning: str) -> Misconfigured:
    return Misconfigured.plain(f"the receiver '{settings.name}' has no {key}", hint=f"set {key}: {meaning}")
