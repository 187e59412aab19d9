"""The keys that source files of this room have in common."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from monitor.engine.cursor import Cursor
from monitor.settings.secret import Secret
from monitor.sources.declared.policies import LIMITS, POLITENESS
from monitor.sources.forms import LENGTH, TEXT_AT, Given, Key
from monitor.sources.kinds import Description

POLITENESS_KEY: Final = Key(name="politeness", says="how its hosts are treated", form=POLITENESS)
LIMITS_KEY: Final = Key(name="limits", says="what is too much", form=LIMITS)
REMEMBER: Final = Key(
    name="remember",
    says="how long a comment is remembered, to tell edits, deletions and doubles",
    form=LENGTH,
    example="30d",
)
SILENCE: Final = Key(
    name="silence",
    says="after so long without a sign of life the connection is made anew",
    form=LENGTH,
    example="60s",
)


def secret_at(cursor: Cursor, description: Description) -> Secret | None:
    """Return the secret that is written here; one in plain sight, or an empty one, is reported."""
    value = description.value(cursor)
    if isinstance(value, Secret):
        if value.reveal().strip():
            return value
        cursor.error(f"`{cursor.name}` is empty: anyone could guess it", "give the variable or file a value")
        return None
    cursor.sheet.conceal(value, cursor.place)
    cursor.error(
        f"`{cursor.name}` is a secret, and everyone who reads this file would know it",
        "write ${env:NAME} for an environment variable, or ${file:/run/secrets/NAME}",
    )
    return None


def secret_of(given: Given, key: Key[Cursor], description: Description) -> Secret | None:
    """Return the secret of this key, None where it cannot be had, which is reported."""
    cursor = given.get(key)
    return secret_at(cursor, description) if cursor is not None else None


def address_of(given: Given, key: Key[Cursor], *schemes: str) -> str | None:
    """Return the address of this key without a slash at its end; what is none is reported."""
    cursor = given.get(key)
    return address_at(cursor, *schemes) if cursor is not None else None


def address_at(cursor: Cursor, *schemes: str) -> str | None:
    """Return the address that is written here, which begins with one of these schemes."""
    text = (cursor.text() or "").strip()
    parts = urlsplit(text)
    if parts.scheme not in schemes or not parts.hostname:
        cursor.error(f"`{text}` is no address", f"it begins with {schemes[0]}:// and a host")
        return None
    if parts.username or parts.password:
        cursor.sheet.conceal(parts.password or "", cursor.place)
        cursor.error("a user and password stand in the address", "remove them")
        return None
    return text.rstrip("/")


def text_key(name: str, says: str, *, needed: bool = False, example: str = "") -> Key[Cursor]:
    """Return a key whose text has a place of its own."""
    return Key(name=name, says=says, form=TEXT_AT, needed=needed, example=example)
