"""`language`: what language the comment is in, how sure that is, and whether a model knows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.domain.signals import UNDETERMINED
from monitor.engine.conditions.base import Condition, Truth
from monitor.engine.conditions.comparison import Comparison, read_share
from monitor.engine.conditions.composition import All
from monitor.engine.conditions.forms import Form

if TYPE_CHECKING:
    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.subject import Subject

FORM: Final = Form(
    says="the language that the comment was taken for; unknown where it cannot be told",
    kind="group",
    keys={
        "in": Form(says="one of these ISO 639 codes; `und` for unknown", kind="texts"),
        "not_in": Form(says="none of these codes", kind="texts"),
        "confidence": Form(says="how sure that is", kind="share"),
        "unsupported": Form(
            says="no model in force knows it, so that nothing scores the comment; unknown without a model",
            kind="flag",
        ),
    },
    example='language: {in: [en, es], confidence: ">= 0.7"}',
)

_CODE: Final = re.compile(r"[a-z]{2,3}\Z")


@dataclass(frozen=True, slots=True)
class IsLanguage(Condition):
    """True when the language is one of `among`, none of `without`, and sure enough.

    Where the language cannot be told, it is unknown whether it is one of those, unless `und` is
    named.
    """

    among: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    confidence: Comparison | None = None

    def holds(self, subject: Subject) -> Truth:
        """Return whether the comment's language is as asked."""
        language = subject.signals.language
        if language.code == UNDETERMINED and UNDETERMINED not in self.among | self.without:
            return None
        if self.confidence is not None and not self.confidence.accepts(language.confidence):
            return False
        return (not self.among or language.code in self.among) and language.code not in self.without

    def says(self) -> str:
        """Return what it asks."""
        asked = [f"in {', '.join(sorted(self.among))}"] if self.among else []
        asked += [f"not in {', '.join(sorted(self.without))}"] if self.without else []
        asked += [f"confidence {self.confidence}"] if self.confidence else []
        return "language: " + "; ".join(asked)

    def seen(self, subject: Subject) -> str:
        """Return the comment's language."""
        language = subject.signals.language
        return f"{language.code}, confidence {language.confidence:.2f}"


@dataclass(frozen=True, slots=True)
class IsUnsupported(Condition):
    """True when no model in force knows the comment's language; when one does, if that is `wanted`.

    Without a model that is unknown, and so it is where the language cannot be told.
    """

    wanted: bool

    def holds(self, subject: Subject) -> Truth:
        """Return whether it is as asked."""
        unsupported = _unsupported(subject)
        return None if unsupported is None else unsupported is self.wanted

    def says(self) -> str:
        """Return what it asks."""
        return f"language.unsupported: {str(self.wanted).lower()}"

    def seen(self, subject: Subject) -> str:
        """Return what is known about the comment's language."""
        unsupported = _unsupported(subject)
        if unsupported is None:
            return "not known: no model was asked, or the language cannot be told"
        code = subject.signals.language.code
        return f"no model in force knows {code}" if unsupported else f"a model knows {code}"


def _unsupported(subject: Subject) -> Truth:
    """Return whether no model knows the language; a comment with scores is in one that is known."""
    signals = subject.signals
    if signals.unsupported is None and signals.scores is not None:
        return False
    return signals.unsupported


def read(cursor: Cursor, _grammar: Grammar) -> Condition | None:
    """Read `language: {in: [en], not_in: [de], confidence: ">= 0.7", unsupported: true}`."""
    fields = cursor.fields(FORM.keys, hint="such as `language: {in: [en, es]}`")
    if fields is None:
        return None
    if not fields.refused and not list(fields.items()):
        cursor.error("`language` asks for nothing", "write the codes of languages: in: [en, es]")
        return None
    flag = fields.get("unsupported")
    wanted = flag.flag() if flag else None
    known = None if wanted is None else IsUnsupported(wanted)
    told = _read_told(fields)
    return All((told, known)) if told and known else told or known


def _read_told(fields: Fields) -> IsLanguage | None:
    """Read what is asked of the language itself, if anything is."""
    confidence = fields.get("confidence")
    comparison = read_share(confidence) if confidence else None
    asked = IsLanguage(_codes(fields, "in"), _codes(fields, "not_in"), comparison)
    return None if asked == IsLanguage() else asked


def _codes(fields: Fields, key: str) -> frozenset[str]:
    cursor = fields.get(key)
    return read_codes(cursor) if cursor else frozenset()


def read_codes(cursor: Cursor) -> frozenset[str]:
    """Read a list of language codes."""
    codes = set()
    for code, place in cursor.words():
        if _CODE.match(code):
            codes.add(code)
        else:
            place.error(
                f"`{code}` is no language code",
                "ISO 639 codes have two or three small letters: en, es, de; und for unknown",
            )
    return frozenset(codes)
