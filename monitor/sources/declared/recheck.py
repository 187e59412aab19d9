"""Whether a single comment still stands: asked for by its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from monitor.domain.errors import Retryable
from monitor.engine.cursor import Cursor
from monitor.sources.declared.comments import Reader
from monitor.sources.declared.data import DataDocument, DataRecord, Selection, json_or_none
from monitor.sources.declared.expressions import QUERY, Query, compile_query
from monitor.sources.declared.requests import REQUEST_OR_URL, Reveal, Template, template_of
from monitor.sources.declared.transforms import Unfit
from monitor.sources.forms import Form, Given, Key, group, names, word
from monitor.sources.polling.site import Standing
from monitor.sources.web.message import Answer, Request

_MEANINGS: Final[Mapping[int, Standing]] = {404: Standing.DELETED, 410: Standing.DELETED}
_LIST_PARAMS: Final = frozenset({"context"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """Asks for one comment, and knows what the answer's status means.

    `believe_if` must be true of an answer's body for any status but 200 to be believed: a site that
    shuts everyone out answers 401 for every comment. `item` is where a good answer holds the comment,
    which then says itself how it stands.
    """

    template: Template
    meanings: Mapping[int, Standing] = field(default_factory=lambda: _MEANINGS)
    believe_if: Query | None = None
    item: Query = field(default_factory=lambda: compile_query("@"))

    def request(self, native_id: str) -> Request:
        """Return what to ask."""
        return self.template.fill({"id": native_id})

    def standing(self, answer: Answer, reader: Reader) -> Standing:
        """Return how the comment stands.

        Raises:
            Retryable: the answer says nothing about it.
        """
        content = json_or_none(answer.body)
        if answer.status == HTTPStatus.OK:
            return self._told(content, answer, reader)
        meaning = self.meanings.get(answer.status)
        if meaning is None or (self.believe_if is not None and not self.believe_if.holds(content)):
            raise Retryable(f"the site answers {answer.status}, which says nothing about the comment")
        return meaning

    def _told(self, content: object, answer: Answer, reader: Reader) -> Standing:
        item = self.item.search(content)
        if item is None:
            return self.meanings.get(HTTPStatus.OK, Standing.VISIBLE)
        record = DataRecord(item, DataDocument(content, Selection(items=self.item)))
        try:
            return reader.standing(record, answer)
        except Unfit:
            raise Retryable("the site's answer does not say how the comment stands") from None


def _meaning(cursor: Cursor) -> dict[int, Standing] | None:
    found = names(word(Standing)).read(cursor) or {}
    meanings: dict[int, Standing] = {}
    for status, standing in found.items():
        if not status.isdigit():
            cursor.error(f"`{status}` is no status of HTTP", "such as `404: deleted`")
        else:
            meanings[int(status)] = standing
    return meanings


REQUEST_: Final = Key(
    name="request", says="what to ask for the comment ${id}; without it, the source's own address and /${id}",
    form=REQUEST_OR_URL,
)  # fmt: skip
MEANS: Final = Key(
    name="means",
    says="what a status says of the comment; without it, 404 and 410 are deleted",
    form=Form(
        read=_meaning, schema=names(word(Standing)).schema, written="statuses, each with how it stands"
    ),
    example="{401: deleted, 404: deleted}",
)
BELIEVE_IF: Final = Key(
    name="believe_if", says="true of the body of an answer that means what its status says", form=QUERY
)
ITEM: Final = Key(name="item", says="where a good answer holds the comment; `@` without it", form=QUERY)
RECHECK: Final[Form[Given]] = group(REQUEST_, MEANS, BELIEVE_IF, ITEM)


def recheck_of(given: Given, template: Template, reveal: Reveal) -> Recheck | None:
    """Return how single comments are asked for; `template` is the request for all of them."""
    request = given.get(REQUEST_)
    own = template_of(request, reveal, template.accept) if request else _of_list(template)
    if own is None:
        return None
    if not own.credentials and template.credentials:
        own = _known_as(own, template)
    return Recheck(
        template=own,
        meanings=given.get(MEANS) or _MEANINGS,
        believe_if=given.get(BELIEVE_IF),
        item=given.get(ITEM) or compile_query("@"),
    )


def _of_list(template: Template) -> Template:
    """Return the request for one comment, where REST puts it: below the address of all of them."""
    kept = {
        name: value
        for name, value in template.params.items()
        if name in {*_LIST_PARAMS, *template.credentials}
    }
    return replace(template, url=f"{template.url.partition('?')[0].rstrip('/')}/${{id}}", params=kept)


def _known_as(own: Template, template: Template) -> Template:
    """Return the request with the credentials of the other, as far as it is asked of the same host."""
    if urlsplit(own.url).netloc != urlsplit(template.url).netloc:
        return own
    headers = {name: value for name, value in template.headers.items() if name in template.credentials}
    params = {name: value for name, value in template.params.items() if name in template.credentials}
    return replace(
        own,
        headers={**headers, **own.headers},
        params={**params, **own.params},
        credentials=template.credentials,
    )
