"""The keys of a source file of `kind: poll`: what the reader takes, the schema holds, the manual lists."""

from __future__ import annotations

from typing import Final

from monitor.sources.declared import fan, faults, formats, paging, policies, recheck, requests
from monitor.sources.declared.fields import FIELD
from monitor.sources.forms import FLAG, TEXT_AT, Form, Given, Key, group, listing, names, word

TIMES: Final = ("created_at", "edited_at")

FIELD_MEANINGS: Final = {
    "id": "the site's own id of the comment, which never changes",
    "text": "the comment's words",
    "parent_id": "the id of the comment that this one answers",
    "thread_id": "what was commented on; not needed where `threads` are read",
    "author": "the author's name",
    "author_id": "the site's id of the author",
    "created_at": "when it was written",
    "edited_at": "when it was changed last",
    "url": "where a person can see it",
    "status": "visible, pending, spam or deleted (`map` makes the site's words these)",
    "deleted": "true, or not empty, where the comment is gone",
    "lang": "its language, as the site says",
    "version": "what an edit changes, with `detect_edits: field`; `edited_at` without it",
}
FIELDS: Final = {
    name: Key(name=name, says=says, form=FIELD, needed=name in {"id", "text"})
    for name, says in FIELD_MEANINGS.items()
}
EXTRA: Final = Key(
    name="extra",
    says="what the source gives beyond these, by the names that rules know (`author.karma`)",
    form=names(FIELD),
)

FORMAT: Final = Key(
    name="format", says="how the site's answers are written", form=word(formats.Format), needed=True
)
REQUEST: Final = Key(
    name="request", says="what to ask for the comments", form=requests.REQUEST_OR_URL, needed=True
)
THREADS: Final = Key(name="threads", says="ask thread by thread, where the site must be", form=fan.THREADS)
PAGINATE: Final = Key(name="paginate", says="how the next page is asked for", form=paging.PAGINATE)
SELECT: Final = Key(name="select", says="which things in an answer are comments", form=formats.SELECT)
FIELDS_KEY: Final = Key(
    name="fields",
    says="where each field of a comment stands",
    form=group(*FIELDS.values(), EXTRA),
    needed=True,
)
INCREMENTAL: Final = Key(
    name="incremental", says="how news, edits and deletions are told", form=policies.INCREMENTAL
)
RECHECK: Final = Key(
    name="recheck", says="how single comments are asked for (`mode: status_code`)", form=recheck.RECHECK
)
POLL: Final = Key(name="poll", says="how often the site is read", form=policies.POLL)
POLITENESS: Final = Key(name="politeness", says="how its hosts are treated", form=policies.POLITENESS)
LIMITS: Final = Key(name="limits", says="what is too much", form=policies.LIMITS)
ERRORS: Final = Key(
    name="errors", says="what an answer means that is not what was asked for", form=faults.ERRORS
)

INCLUDE_RAW: Final = Key(
    name="include_raw", says="`true`: keep the site's own record in the comment", form=FLAG
)
DROP_IF: Final = Key(
    name="drop_if",
    says="which items are no comments: a JMESPath predicate, or in HTML a CSS selector",
    form=listing(TEXT_AT),
)
EMIT: Final = Key(name="emit", says="what is left out", form=group(INCLUDE_RAW, DROP_IF))

POLL_SOURCE: Final[Form[Given]] = group(
    FORMAT, REQUEST, THREADS, PAGINATE, SELECT, FIELDS_KEY, INCREMENTAL, RECHECK, POLL, POLITENESS, LIMITS,
    ERRORS, EMIT,
    hints={
        "paginator": "it is written `paginate`",
        "pagination": "it is written `paginate`",
        "url": "it stands in `request: {url: …}`",
        "auth": "it stands in `request: {auth: …}`",
        "headers": "they stand in `request: {headers: …}`",
    },
)  # fmt: skip
"""A source file without its head: `id`, `kind`, `version`, and with a preset `url`, `secrets`, `options`."""
