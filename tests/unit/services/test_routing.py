from __future__ import annotations

import pytest

from monitor.domain.severity import Severity
from monitor.notifiers.console import Console
from monitor.services.routing import Route
from tests.alerts import an_alert


@pytest.mark.parametrize(
    ("severity", "wanted"),
    [
        (Severity.INFO, False),
        (Severity.LOW, False),
        (Severity.MEDIUM, True),
        (Severity.HIGH, True),
        (Severity.CRITICAL, True),
    ],
)
def test_a_receiver_gets_what_is_severe_enough(severity: Severity, *, wanted: bool) -> None:
    route = Route(receiver=Console("desk"), min_severity=Severity.MEDIUM)
    assert route.wants(an_alert(severity=severity)) == wanted


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ((), True),
        (("threats.direct",), True),
        (("threats.*",), True),
        (("spam.*", "threats.*"), True),
        (("spam.*",), False),
        (("threats",), False),
        (("Threats.*",), False),
    ],
)
def test_a_receiver_gets_the_rules_it_asked_for(rules: tuple[str, ...], *, wanted: bool) -> None:
    assert Route(receiver=Console("desk"), rules=rules).wants(an_alert()) == wanted
