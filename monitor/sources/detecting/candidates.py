"""What a site may be read by, the best way first, each with its reasons and the source file for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from monitor.engine.hosts import is_address, registrable
from monitor.sources.detecting.material import Material
from monitor.sources.detecting.repeats import repeated
from monitor.sources.detecting.rows import rows
from monitor.sources.detecting.signs import Sureness, System
from monitor.sources.detecting.systems import SYSTEMS
from monitor.sources.presets.starting import variable

Content = Mapping[str, object]
"""What a source file says, by its keys."""

_OPENED: Final = "; secrets of the preset may open it"
_SOMEWHERE: Final = "https://SITE"
_MANY_FIELDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a site said to a further question, which it was asked at `url`.

    `status` is 0 where no answer came, `trouble` says why.
    """

    question: str
    url: str
    status: int = 0
    answer: Material | None = None
    trouble: str = ""

    @property
    def open(self) -> bool:
        """Return whether there is an API at this path, open to everybody."""
        return self.status == HTTPStatus.OK and self.answer is not None and self.answer.form == "json"

    @property
    def locked(self) -> bool:
        """Return whether there is something that the site keeps to those it knows."""
        return self.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}

    def __str__(self) -> str:
        """Return what came of it, for a person."""
        if not self.status:
            return f"{self.url} could not be asked: {self.trouble}"
        form = self.answer.form if self.answer else "nothing"
        return f"{self.url} answers HTTP {self.status} with {form}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way to read the site.

    `seen` are the reasons, `say` what to know before choosing it, `content` what its source file
    says; it is empty where no source file reads this system.
    """

    name: str
    sureness: Sureness
    seen: tuple[str, ...]
    say: str
    content: Content = field(default_factory=dict)

    @property
    def way(self) -> str:
        """Return the preset; empty where none reads it."""
        return str(self.content.get("preset", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found: the candidates, the likeliest first; `notes` tell what was ruled out or stayed open."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()


def find(page: Material, asked: Sequence[Asked] = ()) -> Findings:
    """Return what the page and the answers to further questions come to."""
    found: list[Candidate] = []
    notes = [str(each) for each in asked if not each.status]
    for system in SYSTEMS:
        candidate = _candidate(system, page, asked)
        closed = _closed(system, asked)
        if candidate is not None and closed is not None:
            notes.append(f"{system.name}: {closed}{_OPENED if closed.locked else ''}")
            candidate = replace(candidate, sureness=Sureness.HINT) if closed.locked else None
        if candidate is not None:
            found.append(candidate)
    found += _proposed(page)
    found.sort(key=lambda each: -each.sureness)
    return Findings(candidates=tuple(found), notes=tuple(notes))


def questions(page: Material) -> dict[str, str]:
    """Return what else to ask the site to be surer: the addresses, by the question as its system has it."""
    wanted: dict[str, str] = {}
    for system in SYSTEMS:
        candidate = _candidate(system, page, ())
        if candidate is None or candidate.sureness < Sureness.LIKELY or not page.url:
            continue
        home, options = str(candidate.content["url"]).rstrip("/"), candidate.content.get("options")
        known = {"api": "wp-json", **(options if isinstance(options, dict) else {})}
        wanted |= {asked: home + asked.format_map(known) for asked in system.asks}
    return wanted


def _candidate(system: System, page: Material, asked: Sequence[Asked]) -> Candidate | None:
    materials = [page, *(each.answer for each in asked if each.answer is not None and each.open)]
    seen = [
        (sign.sureness, found.says)
        for sign in system.signs
        for material in materials
        if (found := sign.place.find(material)) is not None
    ]
    if not seen:
        return None
    return Candidate(
        name=system.name,
        sureness=max(sureness for sureness, _ in seen),
        seen=tuple(dict.fromkeys(says for _, says in seen)),
        say=system.say,
        content=_content(system, page) if system.preset else {},
    )


def _closed(system: System, asked: Sequence[Asked]) -> Asked | None:
    """Return the question whose answer says that the system's API is closed; the last one decides."""
    last = next((each for each in asked if system.asks and each.question == system.asks[-1]), None)
    return last if last is not None and last.status and not last.open else None


def _content(system: System, page: Material) -> Content:
    taken = dict(_taken(system, page))
    id_ = identifier(
        page.host or urlsplit(taken.get("url", "")).hostname or "",
        *(taken.get(key, "") for key, unknown in system.options.items() if unknown),
    )
    content: dict[str, object] = {"preset": system.preset, "id": id_}
    if system.url != "none":
        own = {"origin": page.origin, "page": page.url}[system.url]
        content["url"] = page.absolute(taken["url"]) if "url" in taken else own or _SOMEWHERE
    options = {key: taken.get(key, unknown) for key, unknown in system.options.items()}
    if options := {key: value for key, value in options.items() if value}:
        content["options"] = options
    if system.secrets:
        content["secrets"] = {name: f"${{env:{variable(id_, name)}}}" for name in system.secrets}
    return content


def _taken(system: System, page: Material) -> Iterator[tuple[str, str]]:
    for key, places in system.takes.items():
        value = next((found.value for place in places if (found := place.find(page)) and found.value), "")
        if value:
            yield key, value


def _proposed(page: Material) -> Iterator[Candidate]:
    """Yield how the answer may be read without any preset's knowledge of its system."""
    if page.form == "html" and (repeat := repeated(page.tree)) is not None:
        sure = Sureness.LIKELY if len(repeat.fields) > _MANY_FIELDS else Sureness.HINT
        yield Candidate(
            name="Any page of HTML",
            sureness=sure,
            seen=(f"{repeat.items} finds {repeat.count}, with {', '.join(repeat.fields)}",),
            say="Selectors are guesses and break when the site is rebuilt; a site's API or feed is better.",
            content={
                "preset": "html",
                "id": identifier(page.host),
                "url": page.url or _SOMEWHERE,
                "select": {"items": repeat.items, "nested": True}
                if repeat.nested
                else {"items": repeat.items},
                "fields": dict(repeat.fields),
            },
        )
    if page.form == "json" and (found := rows(page.data)) is not None:
        yield Candidate(
            name="Any API that answers with JSON",
            sureness=Sureness.LIKELY if len(found.fields) > _MANY_FIELDS else Sureness.HINT,
            seen=(f"{found.items} holds {found.count}, with {', '.join(found.fields)}",),
            say="The paths are guesses. Say in the file how it pages and sorts: `paginate`, `incremental`.",
            content={
                "preset": "json",
                "id": identifier(page.host),
                "url": page.url or _SOMEWHERE,
                "select": {"items": found.items},
                "fields": dict(found.fields),
            },
        )


def identifier(host: str, *more: str) -> str:
    """Return a source id made of a host name: what of it is the site's own, in small letters and dashes."""
    known = [each for each in more if each]
    if known:
        return _spelled(known[-1])
    if is_address(host):
        return _spelled(host)
    registered = registrable(host)
    own = host.removesuffix(registered) + registered.partition(".")[0]
    return _spelled(own.removeprefix("www.")) or "site"


def _spelled(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
