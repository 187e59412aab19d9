"""One field of a comment: where its value stands in an item, and what is done to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from monitor.sources.declared.documents import Spot, Whose
from monitor.sources.declared.expressions import PATTERN, QUERY, SELECTOR, Pattern
from monitor.sources.declared.moments import NoMoment
from monitor.sources.declared.transforms import TIME, TRANSFORM, Setting, Transform, Unfit
from monitor.sources.forms import (
    FLAG,
    SPELLED,
    TEXT,
    TEXT_AT,
    Form,
    Given,
    Key,
    group,
    listing,
    word,
)

Family = Literal["data", "page"]
"""What a format's items are: data (JSON, feeds, rows), or elements of a page of HTML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One way to a field's value."""

    spot: Spot
    regex: Pattern | None = None
    null_if: frozenset[str] = frozenset()
    transforms: Sequence[Transform] = ()
    optional: bool = False

    def value(self, setting: Setting) -> object:
        """Return the value; None where there is none.

        Raises:
            Unfit: what stands there is not what the description says.
        """
        value = setting.record.find(self.spot)
        if value is None or (self.null_if and _spelled(value) in self.null_if):
            return None
        if self.regex is not None:
            value = self.regex.find(_spelled(value))
            if not value:
                return None
        return self._transformed(value, setting)

    def _transformed(self, value: object, setting: Setting) -> object:
        for transform in self.transforms:
            try:
                value = transform.change(value, setting)
            except NoMoment:
                raise Unfit("is no time that its description understands") from None
            except Unfit:
                raise
            except ValueError:
                raise Unfit(f"cannot be changed by `{transform.text}`") from None
            if value is None:
                return None
        return value

    def __str__(self) -> str:
        """Return how the value is come by, in one line."""
        steps = [str(self.spot) or "the item itself"]
        steps += [f"regex {self.regex.text}"] if self.regex else []
        return " | ".join([*steps, *(transform.text for transform in self.transforms)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field and its places, of which the first that holds a value counts."""

    name: str
    places: Sequence[Place]
    optional: bool = False

    def value(self, setting: Setting) -> object:
        """Return the value; None where there is none, or none that can be read and need not be.

        Raises:
            Unfit: what stands there is not what the description says.
        """
        return self.found(setting)[0]

    def found(self, setting: Setting) -> tuple[object, Place | None]:
        """Return the value and the place that gave it.

        Raises:
            Unfit: what stands there is not what the description says.
        """
        for place in self.places:
            try:
                value = place.value(setting)
            except Unfit as error:
                if not self.optional:
                    raise Unfit(f"`{self.name}` {error}") from None
                continue
            if value is not None and value != "":
                return value, place
        return None, None


def _spelled(value: object) -> str:
    if value is True or value is False:
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


_REFERENCE: Final = re.compile(r"\$\{([^}]*)\}")
_KNOWN: Final = ("thread.id", "thread.url")

_PATH: Final = Key(name="path", says="where it stands in data (JMESPath)", form=QUERY, example="author.name")
_CSS: Final = Key(
    name="css", says="the element it stands in (a CSS selector), looked for in the item itself", form=SELECTOR
)
_ATTR: Final = Key(name="attr", says="the element's attribute; without it, its words", form=TEXT)
_CONST: Final = Key(name="const", says="always this; it knows ${thread.id} and ${thread.url}", form=TEXT)
_ANCESTOR: Final = Key(
    name="ancestor",
    says="in HTML: the nearest element of this selector around the item; in data: a path in the item "
    "of which this one is a reply",
    form=TEXT_AT,
)
_WITHOUT: Final = Key(
    name="without", says="elements whose words are left out (a CSS selector)", form=SELECTOR, example=".reply"
)
_OF: Final = Key(name="of", says="`page`: looked for in the whole answer", form=word(Whose))
_REGEX: Final = Key(name="regex", says="only what this finds: its ( ), or all of it", form=PATTERN)
_NULL_IF: Final = Key(name="null_if", says="values that mean none", form=listing(SPELLED), example="0")
_TRANSFORM: Final = Key(name="transform", says="what is done to it, in order", form=listing(TRANSFORM))
_OPTIONAL: Final = Key(
    name="optional",
    says="`true`: the comment is taken without it, and it is not counted as missing",
    form=FLAG,
)
_KEYS: Final = (
    _PATH, _CSS, _ATTR, _CONST, _ANCESTOR, _WITHOUT, _OF, _REGEX, _NULL_IF, _TRANSFORM, _OPTIONAL,
)  # fmt: skip

FIELD: Final[Form[tuple[Given, ...]]] = listing(
    group(
        *_KEYS,
        hints={"selector": "it is written `css`", "jmespath": "it is written `path`", "xpath": "write `css`"},
    )
)
"""A place, or several of which the first that holds a value counts."""


def field_of(name: str, given: Sequence[Given], family: Family, *, time: bool = False) -> Field | None:
    """Return the field, its spots checked against the format; what does not go together is reported.

    A field that is a `time` is read as one, whether its description says so or not.
    """
    places = [place for each in given if (place := _place(each, family)) is not None]
    if not places:
        return None
    if time:
        places = [_timed(place) for place in places]
    return Field(name=name, places=tuple(places), optional=any(place.optional for place in places))


def _timed(place: Place) -> Place:
    if any(transform.text == "datetime" for transform in place.transforms):
        return place
    return replace(place, transforms=(*place.transforms, TIME))


def _place(given: Given, family: Family) -> Place | None:
    _check_const(given)
    spot = _page_spot(given) if family == "page" else _data_spot(given)
    if spot is None:
        return None
    return Place(
        spot=spot,
        regex=given.get(_REGEX),
        null_if=frozenset(given.get(_NULL_IF) or ()),
        transforms=_needed_transforms(given, spot, family),
        optional=bool(given.get(_OPTIONAL)),
    )


def _check_const(given: Given) -> None:
    for place in _REFERENCE.findall(given.get(_CONST) or ""):
        if place not in _KNOWN:
            known = " and ".join(f"${{{name}}}" for name in _KNOWN)
            given.at(_CONST).error(f"`${{{place}}}` stands for nothing here", f"there are {known}")


def _needed_transforms(given: Given, spot: Spot, family: Family) -> tuple[Transform, ...]:
    """Return the transforms without those already done: an element gives its words as they are read."""
    transforms = given.get(_TRANSFORM) or ()
    if family == "page" and spot.const is None and not spot.attr:
        return tuple(transform for transform in transforms if transform.text != "html_to_text")
    return transforms


def _data_spot(given: Given) -> Spot | None:
    for key in given.written(_CSS, _ATTR, _WITHOUT):
        given.at(key).error(f"`{key.name}` is for pages of HTML", "this format is read by `path` (JMESPath)")
    ways = given.written(_PATH, _CONST, _ANCESTOR)
    if len(ways) != 1:
        _choose_one(given, ways, "`path`, `const` or `ancestor`")
        return None
    inherited = QUERY.read(given.at(_ANCESTOR)) if _ANCESTOR in given else None
    return Spot(
        path=given.get(_PATH),
        const=given.get(_CONST),
        inherited=inherited,
        whose=given.get(_OF) or Whose.ITEM,
    )


def _page_spot(given: Given) -> Spot | None:
    if _PATH in given:
        given.at(_PATH).error("`path` is for data", "a page of HTML is read by `css` and `attr`")
        return None
    if _CONST in given and given.written(_CSS, _ATTR, _ANCESTOR):
        _choose_one(given, (), "`css` and `attr`, or `const`")
        return None
    if not given.written(_CSS, _ATTR, _CONST, _ANCESTOR):
        _choose_one(given, (), "`css`, `attr`, `ancestor` or `const`")
        return None
    ancestor = SELECTOR.read(given.at(_ANCESTOR)) if _ANCESTOR in given else ""
    return Spot(
        css=given.get(_CSS) or "",
        attr=given.get(_ATTR) or "",
        ancestor=ancestor or "",
        const=given.get(_CONST),
        without=given.get(_WITHOUT) or "",
        whose=given.get(_OF) or Whose.ITEM,
    )


def _choose_one(given: Given, ways: Sequence[Key[object]], wanted: str) -> None:
    cursor = given.at(ways[1]) if len(ways) > 1 else given.cursor
    if any(problem.line == cursor.place.line for problem in cursor.sheet.problems):
        return
    cursor.error(f"a field stands at one place: {wanted}", "keep one; a list of places is tried in order")
