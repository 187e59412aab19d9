"""A source file of `kind: webhook`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from monitor.ports import Source
from monitor.settings.secret import Secret
from monitor.sources.declared.policies import RATE_KEY, manners_of
from monitor.sources.forms import FLAG, LENGTH, SIZE, TEXT_AT, Form, Given, Key, group, listing, whole, word
from monitor.sources.kinds import Description, Tools
from monitor.sources.push.keys import (
    LIMITS_KEY,
    POLITENESS_KEY,
    REMEMBER,
    address_of,
    secret_at,
    secret_of,
    text_key,
)
from monitor.sources.push.webhooks import description as described
from monitor.sources.push.webhooks.dialects.coral import Coral
from monitor.sources.push.webhooks.dialects.discourse import Discourse
from monitor.sources.push.webhooks.dialects.github import GitHub
from monitor.sources.push.webhooks.dialects.meta import Meta
from monitor.sources.push.webhooks.letter import Dialect
from monitor.sources.push.webhooks.locks import Lock, OpenLock, SignatureLock, StandardLock, key_of
from monitor.sources.push.webhooks.source import Endpoint, WebhookSource


class Speech(StrEnum):
    """The dialects."""

    JSON = "json"
    STANDARD = "standard"
    DISCOURSE = "discourse"
    CORAL = "coral"
    GITHUB = "github"
    META = "meta"


_OWN_RATE: Final = 20.0
"""Requests a second to a Coral that is ours: each webhook makes one, and its caller waits."""

_PATH: Final = re.compile(r"/[A-Za-z0-9._~/-]*\Z")
_HEADERS: Final = {
    Speech.DISCOURSE: "X-Discourse-Event-Signature",
    Speech.CORAL: "X-Coral-Signature",
    Speech.GITHUB: "X-Hub-Signature-256",
    Speech.META: "X-Hub-Signature-256",
}

DIALECT: Final = Key(
    name="dialect",
    says="who calls: `discourse`, `coral`, `github`, `meta`; `standard`: Standard Webhooks; `json`: your own",
    form=word(Speech),
    needed=True,
)
PATH: Final = text_key("path", "the path of the address that is called", example="/webhooks/gazette")
SECRETS: Final = Key(
    name="secrets",
    says="what the caller signs with; several while one is being replaced",
    form=listing(TEXT_AT),
    example="${env:WEBHOOK_SECRET}",
)
ANYONE: Final = Key(
    name="anyone_may_post",
    says="`true`: nothing is checked here: a proxy of yours did it, or only this machine can call",
    form=FLAG,
)
VERIFY_TOKEN: Final = text_key(
    "verify_token", "meta: the token that you invented for its form", example="${env:TOKEN}"
)
URL: Final = text_key("url", "coral: the address of the installation", example="https://talk.gazette.example")
TOKEN: Final = text_key(
    "token", "coral: a token of a moderator, by which comments are read", example="${env:CORAL_TOKEN}"
)
ANSWER_WITHIN: Final = Key(
    name="answer_within",
    says="after so long without Kafka's acknowledgement the caller is asked to come again (503)",
    form=LENGTH,
    example="10s",
)
MOST_WAITING: Final = Key(
    name="most_waiting", says="how many deliveries may wait at once", form=whole(least=1), example="1000"
)
MOST_BYTES: Final = Key(name="max_body", says="of one delivery", form=SIZE, example="1MB")
_COMMON: Final[Sequence[Key[object]]] = (
    DIALECT, PATH, SECRETS, ANYONE, VERIFY_TOKEN, URL, TOKEN, ANSWER_WITHIN, MOST_WAITING, MOST_BYTES,
    REMEMBER, POLITENESS_KEY, LIMITS_KEY,
)  # fmt: skip
WEBHOOK: Final[Form[Given]] = group(*_COMMON, *described.KEYS)
"""A source file without its head."""

_OWN: Final = frozenset({Speech.JSON, Speech.STANDARD})
_ONLY: Final[Sequence[tuple[Key[object], frozenset[Speech]]]] = (
    (VERIFY_TOKEN, frozenset({Speech.META})),
    (URL, frozenset({Speech.CORAL})),
    (TOKEN, frozenset({Speech.CORAL})),
    (described.SIGNATURE, frozenset({Speech.JSON})),
    (described.DELIVERY_ID, frozenset({Speech.JSON})),
    (described.EVENT, _OWN),
    (described.ITEMS, _OWN),
    (described.FIELDS_AT, _OWN),
)
"""Keys that mean something in some dialects only."""


def webhook(description: Description, tools: Tools) -> Source | None:
    """Return the source of a description; None where it cannot stand, which is reported on its places."""
    given = WEBHOOK.read(description.root)
    speech = given.get(DIALECT) if given else None
    if given is None or speech is None:
        return None
    _refuse_strangers(given, speech)
    path = _path(given, description.id)
    lock = _lock(given, speech, description)
    dialect = _Dialects(given, description, tools).of(speech)
    verify_token = secret_of(given, VERIFY_TOKEN, description)
    if path is None or lock is None or dialect is None:
        return None
    default = Endpoint(source=description.id, path=path, dialect=dialect, lock=lock)
    endpoint = Endpoint(
        source=description.id,
        path=path,
        dialect=dialect,
        lock=lock,
        verify_token=verify_token,
        most_bytes=given.get(MOST_BYTES) or default.most_bytes,
        most_waiting=given.get(MOST_WAITING) or default.most_waiting,
        answer_within=given.get(ANSWER_WITHIN) or default.answer_within,
        remember=given.get(REMEMBER) or default.remember,
    )
    return WebhookSource(endpoint, tools)


def _refuse_strangers(given: Given, speech: Speech) -> None:
    """Report keys that mean nothing in this dialect."""
    for key, speeches in _ONLY:
        if key in given and speech not in speeches:
            known = " and ".join(sorted(speeches))
            given.at(key).error(f"`{key.name}` means nothing to `{speech}`", f"it is for {known}; remove it")


def _path(given: Given, source: str) -> str | None:
    cursor = given.get(PATH)
    path = (cursor.text() or "") if cursor else f"/webhooks/{source}"
    if cursor is not None and not _PATH.match(path):
        cursor.error(f"`{path}` is no path", "such as /webhooks/gazette: letters, digits, . _ ~ - and /")
        return None
    return path


def _lock(given: Given, speech: Speech, description: Description) -> Lock | None:
    written = given.get(SECRETS)
    if not written:
        return _without_secrets(given)
    if given.get(ANYONE):
        given.at(ANYONE).error("with secrets, not anyone may post", "remove `anyone_may_post`, or `secrets`")
    secrets = [secret for cursor in written if (secret := secret_at(cursor, description)) is not None]
    if len(secrets) < len(written):
        return None
    if speech is Speech.JSON:
        return described.lock_of(given, secrets)
    if speech is Speech.STANDARD:
        return _standard(given, secrets)
    return SignatureLock(secrets=secrets, header=_HEADERS[speech])


def _without_secrets(given: Given) -> Lock | None:
    if given.get(ANYONE):
        return OpenLock()
    given.cursor.error(
        "nobody could tell who calls: the source has no secret",
        'write `secrets: ["${env:NAME}"]`; or `anyone_may_post: true` where a proxy of yours checks it',
    )
    return None


def _standard(given: Given, secrets: Sequence[Secret]) -> Lock | None:
    for secret, cursor in zip(secrets, given.get(SECRETS) or (), strict=True):
        try:
            key_of(secret)
        except ValueError:
            cursor.error(
                "this secret is none of Standard Webhooks", "it begins with whsec_, and the rest is base64"
            )
            return None
    return StandardLock(secrets=secrets)


@dataclass(frozen=True, slots=True)
class _Dialects:
    """Makes a dialect of what is given to it."""

    given: Given
    description: Description
    tools: Tools

    def of(self, speech: Speech) -> Dialect | None:
        """Return the dialect; None where something is missing, which is reported."""
        name = self.description.id
        makers: Mapping[Speech, Callable[[], Dialect | None]] = {
            Speech.JSON: lambda: described.dialect_of(self.given, name),
            Speech.STANDARD: lambda: described.standard_of(self.given, name),
            Speech.DISCOURSE: lambda: Discourse(source=name),
            Speech.GITHUB: lambda: GitHub(source=name),
            Speech.META: self._meta,
            Speech.CORAL: self._coral,
        }
        return makers[speech]()

    def _meta(self) -> Dialect:
        if VERIFY_TOKEN not in self.given:
            self.given.cursor.error(
                "Meta asks for a token before it calls", 'add a line `verify_token: "${env:NAME}"`'
            )
        return Meta(source=self.description.id)

    def _coral(self) -> Dialect | None:
        given = self.given
        for key in (URL, TOKEN):
            if key not in given:
                given.cursor.error(
                    f"Coral's webhooks name a comment and do not hold it: `{key.name}` is needed to read it",
                    f"add a line `{key.name}: {key.example}`",
                )
        url, token = address_of(given, URL, "https", "http"), secret_of(given, TOKEN, self.description)
        if url is None or token is None:
            return None
        politeness = given.inner(POLITENESS_KEY)
        manners = manners_of(politeness, given.inner(LIMITS_KEY), public=False)
        if RATE_KEY not in politeness:
            manners = replace(manners, rate=_OWN_RATE)
        return Coral(source=self.description.id, url=url, token=token, web=self.tools.web, manners=manners)
