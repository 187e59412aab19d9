"""Presets: what is known of a kind of site, so that a person's own file says only what is theirs.

Each is a file `NAME.yaml` here. What its keys mean stands in the README of the room above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

from monitor.domain.errors import Misconfigured
from monitor.engine.cursor import Cursor, suggestion
from monitor.engine.nodes import MapNode, Node, Scalar, Sheet, scalars
from monitor.sources.forms import ANYTHING, SPELLED, TEXT, Given, Key, group, listing, names
from monitor.sources.merging import filled, laid_over, name_of

_SUFFIX: Final = ".yaml"

ABOUT: Final = Key(name="about", says="what it reads, in one sentence", form=TEXT, needed=True)
BLIND: Final = Key(name="blind", says="what it cannot see", form=TEXT, needed=True)
PROVEN: Final = Key(name="proven", says="what it was proven against", form=TEXT, needed=True)
UNPROVEN: Final = Key(name="unproven", says="why nobody could prove it yet", form=TEXT)
URL: Final = Key(name="url", says="what the person's `url` is; left out where there is none", form=TEXT)
SECRETS: Final = Key(name="secrets", says="the secrets it knows, each with what it is", form=names(TEXT))
SAYS: Final = Key(name="says", says="what the option is", form=TEXT, needed=True)
DEFAULT: Final = Key(name="default", says="its value where the person gives none", form=SPELLED)
EXAMPLE: Final = Key(name="example", says="a value, for an option without a default", form=TEXT)
OPTIONS: Final = Key(
    name="options", says="what else the person may give", form=names(group(SAYS, DEFAULT, EXAMPLE))
)
SOURCE: Final = Key(name="source", says="the keys of a source file", form=ANYTHING, needed=True)
GIVEN: Final = Key(name="secrets", says="the names", form=listing(TEXT), needed=True)
WITH_SECRETS: Final = Key(
    name="with_secrets",
    says="laid over `source` where all these secrets are given",
    form=listing(group(GIVEN, SOURCE)),
)
LIKE: Final = Key(name="like", says="the preset that this one is but for what stands here", form=TEXT)
VARIANTS: Final = Key(
    name="variants", says="the presets that read such a site's answers of other formats", form=names(TEXT)
)
PRESET: Final = group(
    LIKE, VARIANTS, ABOUT, BLIND, PROVEN, UNPROVEN, URL, SECRETS, OPTIONS, SOURCE, WITH_SECRETS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a preset. Without a default the person must give it."""

    says: str
    default: str | None = None
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A preset as its file tells it. `url` says what the person's address is; empty where there is none.

    `variants` are presets for the same sites, by the format of the answers that they read.
    """

    name: str
    about: str
    blind: str
    proven: str
    unproven: str = ""
    url: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Option] = field(default_factory=dict)
    variants: Mapping[str, str] = field(default_factory=dict)
    source: Node
    with_secrets: Sequence[tuple[tuple[str, ...], Node]] = ()

    @property
    def kind(self) -> str:
        """Return the kind of source that it makes; empty where it does not say."""
        pairs = self.source.pairs if isinstance(self.source, MapNode) else ()
        kinds = (value.value for key, value in pairs if name_of(key) == "kind" and isinstance(value, Scalar))
        return next(kinds, "")

    @property
    def needed_secrets(self) -> tuple[str, ...]:
        """Return the secrets that it cannot do without."""
        told = [scalar.value for scalar in scalars(self.source)]
        return tuple(name for name in self.secrets if any(f"${{secrets.{name}}}" in value for value in told))

    def tree(self, given: Mapping[str, Scalar], at: Cursor) -> Node:
        """Return the source's keys with what the person gives put in, standing at the preset's name.

        `given` are values by the names that the preset's texts know: `url`, `secrets.NAME`, `options.NAME`.
        """
        tree = self.source
        for secrets, more in self.with_secrets:
            if all(f"secrets.{name}" in given for name in secrets):
                tree = laid_over(more, tree)
        return filled(tree, given, at.place)


def preset_names() -> tuple[str, ...]:
    """Return the names of all presets."""
    found = (entry.name for entry in resources.files(__name__).iterdir() if entry.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found))


def load_preset(name: str) -> Preset:
    """Return the preset of this name.

    Raises:
        Misconfigured: there is none, or its file is wrong.
    """
    if name not in preset_names():
        raise Misconfigured.plain(f"there is no preset `{name}`", hint=suggestion(name, preset_names()))
    sheet = _sheet(name)
    preset = read_preset(name, sheet)
    if preset is None or sheet.problems:
        raise Misconfigured(sheet.problems)
    return preset


def _sheet(name: str) -> Sheet:
    text = (resources.files(__name__) / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    return Sheet(f"{name}{_SUFFIX}", text)


def read_preset(name: str, sheet: Sheet) -> Preset | None:
    """Return the preset that a file tells of; None where it cannot stand, which is reported."""
    documents = sheet.documents()
    if len(documents) != 1:
        sheet.report("a preset's file holds one document", None)
        return None
    given = PRESET.read(Cursor(_whole(documents[0]), sheet, "the preset"))
    source = given.get(SOURCE) if given else None
    if given is None or not isinstance(source, MapNode):
        return None
    return Preset(
        name=name,
        about=given.get(ABOUT) or "",
        blind=given.get(BLIND) or "",
        proven=given.get(PROVEN) or "",
        unproven=given.get(UNPROVEN) or "",
        url=given.get(URL) or "",
        secrets=given.get(SECRETS) or {},
        options={option: _option(each) for option, each in (given.get(OPTIONS) or {}).items()},
        variants=given.get(VARIANTS) or {},
        source=source,
        with_secrets=[
            (each.get(GIVEN) or (), each.get(SOURCE) or source) for each in given.get(WITH_SECRETS) or ()
        ],
    )


def _whole(document: Node) -> Node:
    """Return a preset's keys laid over those of the preset that it is like."""
    told = (
        [value for key, value in document.pairs if name_of(key) == LIKE.name]
        if isinstance(document, MapNode)
        else []
    )
    if not told:
        return document
    [other] = _sheet(name_of(told[0])).documents()
    return laid_over(document, _whole(other))


def _option(given: Given) -> Option:
    return Option(says=given.get(SAYS) or "", default=given.get(DEFAULT), example=given.get(EXAMPLE) or "")
