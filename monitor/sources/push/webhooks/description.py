"""The keys by which a source file describes a site's own JSON, and what is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from monitor.settings.secret import Secret
from monitor.sources.declared.comments import Reader
from monitor.sources.declared.expressions import QUERY, Query, compile_query
from monitor.sources.declared.fields import Field, field_of
from monitor.sources.declared.source_form import EXTRA, FIELDS, FIELDS_KEY, TIMES
from monitor.sources.forms import TEXT, Given, Key, group, names, word
from monitor.sources.push.webhooks.dialects.described import Described, Happening, What
from monitor.sources.push.webhooks.letter import Dialect
from monitor.sources.push.webhooks.locks import BearerLock, Lock, SignatureLock


class Way(StrEnum):
    """How a caller proves who it is."""

    HMAC = "hmac"
    BEARER = "bearer"


class Encoding(StrEnum):
    """How a signature is written."""

    HEX = "hex"
    BASE64 = "base64"


_WAY: Final = Key(
    name="way",
    says="`hmac`: HMAC-SHA256 of the body in a header; `bearer`: the secret itself in `Authorization`",
    form=word(Way),
)
_HEADER: Final = Key(name="header", says="the header that holds it", form=TEXT, example="X-Signature")
_PREFIX: Final = Key(name="prefix", says="what stands before the signature", form=TEXT, example="sha256=")
_ENCODING: Final = Key(name="encoding", says="how it is written; `hex` if not given", form=word(Encoding))
SIGNATURE: Final = Key(
    name="signature",
    says="json: how a delivery is signed",
    form=group(_WAY, _HEADER, _PREFIX, _ENCODING),
)

_PATH: Final = Key(name="path", says="a path in the body", form=QUERY, example="type")
_ID_HEADER: Final = Key(name="header", says="a header", form=TEXT, example="X-Delivery-Id")
DELIVERY_ID: Final = Key(
    name="delivery_id",
    says="json: where the delivery's own id stands; without it the same body counts as the same delivery",
    form=group(_ID_HEADER, _PATH),
)

_WORDS: Final = Key(name="words", says="what the site's words mean", form=names(word(What)))
EVENT: Final = Key(
    name="event",
    says="json, standard: where it stands what happened; without it every delivery is a new comment",
    form=group(_ID_HEADER, _PATH, _WORDS),
)
ITEMS: Final = Key(
    name="items", says="json, standard: where the comment, or the list of comments, stands", form=QUERY
)
FIELDS_AT: Final = replace(FIELDS_KEY, needed=False)
KEYS: Final[Sequence[Key[object]]] = (SIGNATURE, DELIVERY_ID, EVENT, ITEMS, FIELDS_AT)

_STANDARD_ITEMS: Final = "data"
_STANDARD_EVENT: Final = "type"


def lock_of(given: Given, secrets: Sequence[Secret]) -> Lock | None:
    """Return the lock of the site's own way to sign; what does not go together is reported."""
    signature = given.inner(SIGNATURE)
    if signature.get(_WAY) is Way.BEARER:
        for key in signature.written(_HEADER, _PREFIX, _ENCODING):
            signature.at(key).error(f"`{key.name}` is never used by `way: bearer`", "remove it")
        return BearerLock(secrets=secrets)
    header = signature.get(_HEADER)
    if header is None:
        given.at(SIGNATURE).error(
            "nothing says where the signature stands",
            "add `signature: {header: X-Signature}`, or `signature: {way: bearer}`",
        )
        return None
    encoding = signature.get(_ENCODING) or Encoding.HEX
    return SignatureLock(
        secrets=secrets,
        header=header,
        prefix=signature.get(_PREFIX) or "",
        encoding="hex" if encoding is Encoding.HEX else "base64",
    )


def dialect_of(given: Given, source: str) -> Dialect | None:
    """Return the dialect of `dialect: json`."""
    delivery = given.inner(DELIVERY_ID)
    return _described(
        given,
        source,
        items=given.get(ITEMS) or compile_query("@"),
        happening=_happening(given.inner(EVENT)),
        id_header=delivery.get(_ID_HEADER) or "",
        id_path=delivery.get(_PATH),
    )


def standard_of(given: Given, source: str) -> Dialect | None:
    """Return the dialect of `dialect: standard`, whose letters are `{type, timestamp, data}`."""
    happening = _happening(given.inner(EVENT))
    if happening.path is None and not happening.header:
        happening = Happening(path=compile_query(_STANDARD_EVENT), words=happening.words)
    return _described(
        given,
        source,
        items=given.get(ITEMS) or compile_query(_STANDARD_ITEMS),
        happening=happening,
        id_header="webhook-id",
    )


def _happening(event: Given) -> Happening:
    words: Mapping[str, What] = event.get(_WORDS) or {}
    return Happening(path=event.get(_PATH), header=event.get(_ID_HEADER) or "", words=words)


def _described(
    given: Given,
    source: str,
    *,
    items: Query,
    happening: Happening,
    id_header: str,
    id_path: Query | None = None,
) -> Dialect | None:
    written = given.get(FIELDS_AT)
    if written is None:
        given.cursor.error(
            "nothing says where a comment's fields stand", "add `fields: {id: {path: …}, text: {path: …}}`"
        )
        return None
    fields: dict[str, Field] = {}
    for name, key in FIELDS.items():
        places = written.get(key)
        field = field_of(name, places, "data", time=name in TIMES) if places else None
        if field is not None:
            fields[name] = field
    extra = {
        name: replace(field, optional=True)
        for name, places in (written.get(EXTRA) or {}).items()
        if (field := field_of(name, places, "data")) is not None
    }
    reader = Reader(source=source, fields=fields, extra=extra)
    return Described(items=items, reader=reader, happening=happening, id_header=id_header, id_path=id_path)
