"""`reports` and `votes`: what readers did with the comment, where the source tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from monitor.engine import given
from monitor.engine.conditions.comparison import read_count
from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.values import Compared

if TYPE_CHECKING:
    from monitor.engine.conditions.base import Condition
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor

REPORTS: Final = Form(says="how many readers reported it", kind="count", example='reports: ">= 3"')
VOTES: Final = Form(says="votes for it less those against it", kind="count", example='votes: "< -5"')


def read(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read a comparison with the number that the key names."""
    name = cursor.name
    compared = read_count(cursor)
    if compared is None:
        return None
    return Compared(name, lambda subject: given.number(subject.event.comment, name), compared)
