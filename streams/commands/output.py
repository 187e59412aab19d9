"""How the commands print tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console

if TYPE_CHECKING:
    from rich.table import Table

WIDE: Final = 1000
"""Columns where nobody looks: a pipe or a file gets each row whole, on one line."""


def print_table(table: Table) -> None:
    """Print the table as wide as the terminal; whole where there is none."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(table)
