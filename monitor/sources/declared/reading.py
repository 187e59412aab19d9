"""A description made a site: every part read, what does not go together reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from monitor.engine.cursor import Cursor
from monitor.sources.declared import source_form as form
from monitor.sources.declared.comments import Reader
from monitor.sources.declared.expressions import QUERY, SELECTOR, Query
from monitor.sources.declared.fan import Fan, fan_of
from monitor.sources.declared.faults import faults_of
from monitor.sources.declared.fields import Family, Field, field_of
from monitor.sources.declared.formats import Format, accept_of, opener_of
from monitor.sources.declared.paging import KEEP, MAX_PAGES, PARAM, pager_of
from monitor.sources.declared.policies import (
    CURSOR,
    DETECT_DELETES,
    DETECT_EDITS,
    FIELD,
    FORMAT,
    MAX_ITEMS,
    MODE,
    OVERLAP,
    SINCE,
    Edits,
    Mode,
    TimeField,
    Written,
    manners_of,
    policy_of,
)
from monitor.sources.declared.recheck import Recheck, recheck_of
from monitor.sources.declared.requests import Template, template_of
from monitor.sources.declared.site import MOST_ITEMS, DeclaredSite, Later
from monitor.sources.forms import Given
from monitor.sources.kinds import Description

_OVERLAP: Final = 7_200.0
"""Seconds asked for again: a zone's clock change moves times by an hour, and caches lag."""


def read_site(description: Description) -> DeclaredSite | None:
    """Return the site that a description tells of; None where it cannot stand, which is reported."""
    given = form.POLL_SOURCE.read(description.root)
    if given is None:
        return None
    format_ = given.get(form.FORMAT) or Format.JSON
    paginate, incremental = given.inner(form.PAGINATE), given.inner(form.INCREMENTAL)
    limits = given.inner(form.LIMITS)
    template = _template(given, format_, description)
    fan = fan_of(given.inner(form.THREADS), format_, description.value) if form.THREADS in given else None
    opener = opener_of(format_, given.inner(form.SELECT))
    reader = _reader(given, format_.family, description.id)
    pager = pager_of(paginate, format_.family)
    later = _later(incremental)
    threads_every, max_pages = fan.every if fan else None, paginate.get(MAX_PAGES)
    policy = policy_of(incremental, given.inner(form.POLL), max_pages=max_pages, threads_every=threads_every)
    rechecks = _rechecks(given, template, description)
    faults = faults_of(given.inner(form.ERRORS))
    manners = manners_of(given.inner(form.POLITENESS), limits, public=format_.public)
    if template is None or opener is None:
        return None
    _check_threads(given, template, fan)
    return DeclaredSite(
        name=description.id,
        policy=policy,
        manners=manners,
        template=template,
        opener=opener,
        reader=reader,
        pager=pager,
        faults=faults,
        fan=fan,
        rechecks=rechecks,
        later=later,
        resume_param=later.param if later else _kept_param(paginate),
        max_items=limits.get(MAX_ITEMS) or MOST_ITEMS,
    )


def _template(given: Given, format_: Format, description: Description) -> Template | None:
    request = given.get(form.REQUEST)
    return template_of(request, description.value, accept_of(format_)) if request else None


def _check_threads(given: Given, template: Template, fan: Fan | None) -> None:
    """Report a request for a thread where there are none, and threads that the request does not ask for."""
    told = (template.url, *map(str, template.params.values()), str(template.json))
    asks = any("${thread." in text for text in told)
    if asks and fan is None:
        given.at(form.REQUEST).error(
            "`request` asks for a thread, and nothing says which there are", "add `threads: {from: …}`"
        )
    if fan is not None and not asks:
        given.at(form.REQUEST).error(
            "`request` is the same for every thread", "put ${thread.id} or ${thread.url} in its address"
        )


def _reader(given: Given, family: Family, source: str) -> Reader:
    written = given.inner(form.FIELDS_KEY)
    emit = given.inner(form.EMIT)
    fields: dict[str, Field] = {}
    for name, key in form.FIELDS.items():
        places = written.get(key)
        field = field_of(name, places, family, time=name in form.TIMES) if places else None
        if field is not None:
            fields[name] = field
    extra = {
        name: replace(field, optional=True)
        for name, places in (written.get(form.EXTRA) or {}).items()
        if (field := field_of(name, places, family)) is not None
    }
    return Reader(
        source=source,
        fields=fields,
        extra=extra,
        drop_if=_conditions(emit.get(form.DROP_IF) or (), family),
        raw=bool(emit.get(form.INCLUDE_RAW)),
        by_field=given.inner(form.INCREMENTAL).get(DETECT_EDITS) is Edits.FIELD,
    )


def _conditions(cursors: Sequence[Cursor], family: Family) -> tuple[Query | str, ...]:
    readers = SELECTOR if family == "page" else QUERY
    return tuple(condition for cursor in cursors if (condition := readers.read(cursor)) is not None)


def _later(incremental: Given) -> Later | None:
    given = incremental.get(CURSOR)
    if given is None:
        return None
    overlap = given.get(OVERLAP)
    return Later(
        field=given.get(FIELD) or TimeField.CREATED_AT,
        param=given.get(SINCE) or "",
        epoch=given.get(FORMAT) is Written.EPOCH,
        overlap=_OVERLAP if overlap is None else overlap,
    )


def _kept_param(paginate: Given) -> str:
    return (paginate.get(PARAM) or "") if paginate.get(KEEP) else ""


def _rechecks(given: Given, template: Template | None, description: Description) -> Recheck | None:
    deletes = given.inner(form.INCREMENTAL).inner(DETECT_DELETES)
    asked = deletes.get(MODE) is Mode.STATUS_CODE
    if form.RECHECK in given and not asked:
        given.at(form.RECHECK).error(
            "`recheck` is never used",
            "write `incremental: {detect_deletes: {mode: status_code}}`, or remove it",
        )
    if template is None or not asked:
        return None
    return recheck_of(given.inner(form.RECHECK), template, description.value)
