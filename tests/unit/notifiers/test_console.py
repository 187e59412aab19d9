from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain.alerts import Alert
from monitor.domain.errors import Retryable
from monitor.domain.severity import Severity
from monitor.notifiers.console import Console
from tests.alerts import an_alert, from_nobody

GOLDEN = Path(__file__).parents[2] / "golden" / "console.txt"
LONG = (
    "I have read this paper for twenty years, and the harbour bridge has been in it for ten. "
    "Mr Miller, write that once more and you will regret it, we know where you live. "
    "The bridge costs more than the school, the theatre and the swimming pool together. "
    "Nobody asked us. Nobody ever asks. And once more, so that you understand it: "
    "we know where you live."
)
DISGUISED = "¿Otra vez?\x1b[2J\x1b[31m \u202eoidem\nEres un idiota, 你好 👩\u200d👩\u200d👧"


def samples() -> list[Alert]:
    phrase = "we know where you live"
    escalated = an_alert(2, revision=2, severity=Severity.CRITICAL, count=3, text=LONG)
    spans = tuple((at, at + len(phrase)) for at in range(len(LONG)) if LONG.startswith(phrase, at))
    return [
        an_alert(1),
        replace(
            escalated,
            say="Ann Onym threatened 3 times in 10m",
            match=replace(escalated.match, spans=spans),
        ),
        from_nobody(an_alert(3, severity=Severity.LOW, text=DISGUISED, words="idiota")),
        an_alert(4, severity=Severity.MEDIUM, text=LONG, words=None),
        an_alert(5, severity=Severity.INFO, text="", words=None),
    ]


async def written(alerts: list[Alert], file: io.StringIO) -> str:
    console = Console("console", file)
    for alert in alerts:
        assert await console.deliver(alert) == "shown"
    await console.close()
    return file.getvalue()


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


async def test_where_there_is_no_terminal_it_is_plain() -> None:
    shown = await written(samples(), io.StringIO())

    assert shown == GOLDEN.read_text(encoding="utf-8")
    assert "\x1b" not in shown


async def test_a_line_has_80_columns_at_most_and_no_tail_of_spaces() -> None:
    lines = (await written(samples(), io.StringIO())).splitlines()

    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if line.endswith(" ")] == []


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_on_a_terminal_severity_and_match_stand_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = await written([an_alert(text="you pay for it", words="you pay")], _Terminal())

    assert "\x1b[1;30;101m HIGH \x1b[0m" in shown
    assert "\x1b[1;30;103myou pay\x1b[0m for it" in shown
    assert ">>" not in shown


async def test_a_comment_cannot_write_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    alert = an_alert(text=DISGUISED, words="idiota")
    author = replace(alert.comment.author, name="\x1b]0;title\x07 eve\u202e")
    comment = replace(alert.comment, author=author, thread="\x1b[1A", url="https://x.example/\x1b[8m")
    shown = await written([replace(alert, comment=comment, title="\x1b[5m")], io.StringIO())

    assert [character for character in shown if character < " " and character != "\n"] == []
    assert "\u202e" not in shown


async def test_a_disk_that_is_full_is_tried_again() -> None:
    full = io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True)
    with pytest.raises(Retryable, match="No space left on device"):
        await Console("console", full).deliver(an_alert())
    full.close()
