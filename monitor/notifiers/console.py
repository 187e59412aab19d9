"""Shows each alert on a terminal, to be understood at a glance."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final, TextIO

from rich.console import Console as Terminal
from rich.console import ConsoleOptions, RenderResult
from rich.text import Text

from monitor.domain.alerts import Alert
from monitor.domain.errors import Retryable
from monitor.domain.severity import Severity
from monitor.notifiers.excerpt import excerpt, safe
from monitor.notifiers.wording import counted, measured, place, said, who, written

_BADGES: Final = {
    Severity.INFO: "black on bright_black",
    Severity.LOW: "black on cyan",
    Severity.MEDIUM: "black on yellow",
    Severity.HIGH: "bold black on bright_red",
    Severity.CRITICAL: "bold white on red",
}
_LABEL: Final = len("signals")
_MATCHED: Final = "bold black on bright_yellow"


class Console:
    """Writes to standard output, in colour where that is a terminal.

    Elsewhere the words that matched stand between `>>` and `<<`. It is the process's own standard
    output even where a library (Faust) has put its logger in its place.
    """

    def __init__(self, name: str, file: TextIO | None = None) -> None:
        self._name = name
        self._terminal = Terminal(
            file=file or sys.__stdout__, highlight=False, markup=False, emoji=False, soft_wrap=False
        )

    @property
    def name(self) -> str:
        """Return the receiver's name."""
        return self._name

    async def deliver(self, alert: Alert) -> str:
        """Write the alert.

        Raises:
            Retryable: nobody reads the other end, or the disk behind it is full.
        """
        try:
            self._terminal.print(Shown(alert))
            self._terminal.file.flush()
        except OSError as error:
            raise Retryable(f"cannot write to standard output: {error.strerror}") from error
        return "shown"

    async def close(self) -> None:
        """Do nothing: standard output is not ours to close."""


class Shown:
    """An alert as rich draws it: its head, then what is known, a row a question.

    Lines end where their text ends, so that what is copied from a terminal has no tail of spaces.
    """

    def __init__(self, alert: Alert) -> None:
        self._alert = alert

    def __rich_console__(self, terminal: Terminal, options: ConsoleOptions) -> RenderResult:
        """Yield the lines, wrapped to the terminal's width."""
        yield _head(self._alert)
        dim = "dim" if terminal.is_terminal else ""
        for label, text in _rows(self._alert, colour=terminal.is_terminal):
            lead = f"  {label:<{_LABEL}}  "
            for line in text.wrap(terminal, options.max_width - len(lead), overflow="fold"):
                line.rstrip()
                yield Text.assemble((lead, dim), line)
                lead = " " * len(lead)
        yield Text()


def _head(alert: Alert) -> Text:
    head = Text(f" {alert.severity.upper()} ", style=_BADGES[alert.severity])
    return Text.assemble(head, " ", (safe(alert.title), "bold"))


def _rows(alert: Alert, *, colour: bool) -> Iterator[tuple[str, Text]]:
    if sentence := said(alert):
        yield "says", Text(safe(sentence))
    yield "who", Text(safe(who(alert)))
    yield "where", Text(" · ".join([safe(place(alert)), *written(alert)]))
    yield "words", _words(alert, colour=colour)
    if facts := [*counted(alert), *measured(alert)]:
        yield "signals", Text(" · ".join(facts))
    if alert.comment.url:
        yield "link", Text(safe(alert.comment.url), style="underline" if colour else "")
    yield "alert", Text(f"{alert.id} · {alert.rule} · {alert.kind}", style="dim" if colour else "")


def _words(alert: Alert, *, colour: bool) -> Text:
    words = Text()
    for piece in excerpt(alert.comment.text, alert.match.spans):
        if piece.matched and not colour:
            words.append(f">>{piece.text}<<")
        else:
            words.append(piece.text, style=_MATCHED if piece.matched else None)
    return words or Text("(no text)")
