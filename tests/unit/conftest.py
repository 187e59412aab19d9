from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from monitor.domain.comments import Author, Comment, CommentEvent, EventKind
from monitor.domain.observations import Escalation, Observation, Step
from monitor.domain.severity import Severity, Status
from monitor.domain.signals import Signals
from monitor.domain.verdicts import Match

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class InstallGuest(Protocol):
    """Installs modules (name to text) with entry points (name to value) in a group."""

    def __call__(self, modules: Mapping[str, str], group: str, entries: Mapping[str, str]) -> None: ...


class Observed(Protocol):
    """Builds an observation `at` seconds after the start."""

    def __call__(
        self,
        at: float,
        comment: str | None = None,
        *,
        kind: EventKind = EventKind.CREATED,
        value: str | None = None,
        cooldown_group: tuple[tuple[str, str], ...] = (),
        rule: Escalation | None = None,
    ) -> Observation: ...


class Ladder(Protocol):
    """Builds an escalation: counts and severities, then lengths in seconds."""

    def __call__(
        self, *steps: tuple[int, Severity], within: float = 600, cooldown: float = 0, distinct: bool = False
    ) -> Escalation: ...


def _ladder(
    *steps: tuple[int, Severity], within: float = 600, cooldown: float = 0, distinct: bool = False
) -> Escalation:
    counted = tuple(Step(count=count, severity=severity) for count, severity in steps)
    return Escalation(steps=counted, within=within, cooldown=cooldown, distinct=distinct)


@pytest.fixture(scope="session")
def ladder() -> Ladder:
    return _ladder


@pytest.fixture(scope="session")
def observed() -> Observed:
    def build(
        at: float,
        comment: str | None = None,
        *,
        kind: EventKind = EventKind.CREATED,
        value: str | None = None,
        cooldown_group: tuple[tuple[str, str], ...] = (),
        rule: Escalation | None = None,
    ) -> Observation:
        time = START + timedelta(seconds=at)
        return Observation(
            group=(("author", "gazette:ann"),),
            event=CommentEvent(
                kind=kind,
                comment=Comment(
                    source="gazette",
                    native_id=comment or f"at-{at:g}",
                    text="you absolute turnip",
                    author=Author(name="ann"),
                    created_at=START if kind is EventKind.EDITED else time,
                    edited_at=time if kind is EventKind.EDITED else None,
                ),
                observed_at=time,
            ),
            signals=Signals(),
            match=Match(rule="insults.repeated", severity=Severity.LOW, status=Status.LIVE, spans=((4, 12),)),
            escalation=rule or _ladder((3, Severity.LOW), (5, Severity.HIGH)),
            title="Repeated insults",
            book="b1",
            value=value,
            cooldown_group=cooldown_group,
        )

    return build


@pytest.fixture
def guest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InstallGuest:
    """Return a function that installs a distribution `guest-package` for the length of a test."""

    def install(modules: Mapping[str, str], group: str, entries: Mapping[str, str]) -> None:
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        info = tmp_path / "guest_package-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: guest-package\nVersion: 1.0\n")
        points = [f"{name} = {value}" for name, value in entries.items()]
        (info / "entry_points.txt").write_text("\n".join([f"[{group}]", *points, ""]))
        monkeypatch.syspath_prepend(tmp_path)

    return install
