"""`links`: where the comment's links lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.engine.conditions.base import Condition, Evidence, Truth
from monitor.engine.conditions.forms import Form
from monitor.engine.conditions.matchers.listed import known_list
from monitor.engine.domains import SHORTENERS, Linked, linked
from monitor.engine.hosts import is_address, is_below, is_shared, plain_host, registrable
from monitor.engine.scanning import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.engine.conditions.grammar import Grammar
    from monitor.engine.cursor import Cursor, Fields
    from monitor.engine.subject import Subject
    from monitor.engine.text import Span

    Test = Callable[[Linked, Subject], bool]

FORM: Final = Form(
    says="one link is all of this",
    kind="group",
    keys={
        "domains": Form(says="it leads to one of these domains or below: `example.com`", kind="texts"),
        "lists": Form(says="the same, for the entries of these lists", kind="texts"),
        "not_domains": Form(says="it leads to none of these domains, nor below", kind="texts"),
        "shortener": Form(says="it leads through a service that shortens links", kind="flag"),
        "ip": Form(says="it leads to an address in numbers", kind="flag"),
        "disguised": Form(says="its text shows another site than it leads to", kind="flag"),
        "author_name": Form(says="it leads to a site that is called like the author", kind="flag"),
    },
    example="links: {not_domains: [gazette.example], author_name: true}",
)
_WHERE: Final = Channel("text", "raw")
_SHORTEST_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class Links(Condition):
    """True when a link passes every test, or there is any where nothing is tested."""

    says_: str
    tests: tuple[Test, ...]

    def holds(self, subject: Subject) -> Truth:
        """Return whether there is such a link."""
        return any(True for _ in self._passing(subject))

    def evidence(self, subject: Subject) -> Iterator[Evidence]:
        """Yield where the links stand."""
        spans: list[Span] = [link.span for link in self._passing(subject)]
        if spans:
            yield _WHERE, spans

    def says(self) -> str:
        """Return what is asked."""
        return f"links: {self.says_}"

    def seen(self, subject: Subject) -> str:
        """Return the hosts."""
        return ", ".join(dict.fromkeys(link.host for link in subject.measured(linked))) or "no links"

    def _passing(self, subject: Subject) -> Iterator[Linked]:
        for link in subject.measured(linked):
            if all(test(link, subject) for test in self.tests):
                yield link


def _called_like_the_author(link: Linked, subject: Subject) -> bool:
    name = "".join(filter(str.isalnum, (subject.event.comment.author.name or "").casefold()))
    site = "".join(filter(str.isalnum, registrable(link.host).partition(".")[0]))
    shorter, longer = sorted((name, site), key=len)
    return len(shorter) >= _SHORTEST_NAME and shorter in longer


_FLAGS: Final[dict[str, Test]] = {
    "shortener": lambda link, _: any(is_below(link.host, short) for short in SHORTENERS),
    "ip": lambda link, _: is_address(link.host),
    "disguised": lambda link, _: link.is_disguised,
    "author_name": _called_like_the_author,
}


def read(cursor: Cursor, grammar: Grammar) -> Condition | None:
    """Read `links: {domains: […], lists: […], shortener: true, …}`."""
    fields = cursor.fields(FORM.keys, hint=f"such as `{FORM.example}`")
    if fields is None:
        return None
    if not list(fields.items()) and not fields.refused:
        cursor.error("`links` asks for nothing", "write one of: " + ", ".join(FORM.keys))
    tests = [_flag(name, value) for name, value in fields.items() if name in _FLAGS]
    wanted = _domains(fields, "domains") | _listed(fields, grammar)
    if "domains" in fields or "lists" in fields:
        tests.append(_leads_to(wanted) if wanted else None)
    if "not_domains" in fields:
        tests.append(_leads_elsewhere(_domains(fields, "not_domains")))
    sound = tuple(test for test in tests if test is not None)
    if fields.refused or not sound or len(sound) < len(tests):
        return None
    return Links(", ".join(name for name, _ in fields.items()), sound)


def _flag(name: str, cursor: Cursor) -> Test | None:
    wanted, test = cursor.flag(), _FLAGS[name]
    return None if wanted is None else lambda link, subject: test(link, subject) is wanted


def _leads_to(domains: frozenset[str]) -> Test:
    return lambda link, _: not domains.isdisjoint(_above(link.host))


def _leads_elsewhere(domains: frozenset[str]) -> Test:
    return lambda link, _: domains.isdisjoint(_above(link.host))


def _above(host: str) -> Iterator[str]:
    """Yield the host and every domain above it."""
    while host:
        yield host
        host = host.partition(".")[2]


def _domains(fields: Fields, key: str) -> frozenset[str]:
    cursor = fields.get(key)
    found = [(_domain(word), place) for word, place in cursor.words()] if cursor else []
    for domain, place in found:
        if "." not in domain or "/" in domain:
            place.error(
                f"`{domain}` is no domain", "write it as in a link, without https:// and path: example.com"
            )
        elif is_shared(domain):
            place.warn(
                f"anybody may have a site below `{domain}`", "name the site itself, where you mean one"
            )
    return frozenset(domain for domain, _ in found)


def _listed(fields: Fields, grammar: Grammar) -> frozenset[str]:
    cursor = fields.get("lists")
    lists = [known_list(name, place, grammar.lists) for name, place in cursor.words()] if cursor else []
    return frozenset(_domain(entry.text) for words in lists if words for entry in words.entries)


def _domain(written: str) -> str:
    return plain_host(written.strip().lower().removeprefix("*.").removeprefix("www."))
