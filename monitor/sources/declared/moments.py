"""The times that sites write, as moments in UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

_DIGITS: Final = re.compile(r"-?\d+(\.\d+)?\Z")
_NAMED_UTC: Final = re.compile(r"\s*(?:UTC|GMT|Z)\Z")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""Nobody commented on the web before; earlier times are empty dates, such as MySQL's 0000-00-00."""


class Unit(StrEnum):
    """What a number counts since 1970."""

    SECONDS = "s"
    MILLISECONDS = "ms"
    MICROSECONDS = "us"


class Tongue(StrEnum):
    """The languages whose names of months are known, by their ISO 639 codes."""

    CZECH = "cs"
    DANISH = "da"
    GERMAN = "de"
    ENGLISH = "en"
    SPANISH = "es"
    FRENCH = "fr"
    ITALIAN = "it"
    DUTCH = "nl"
    POLISH = "pl"
    PORTUGUESE = "pt"
    SWEDISH = "sv"


_PER_SECOND: Final = {Unit.SECONDS: 1, Unit.MILLISECONDS: 1_000, Unit.MICROSECONDS: 1_000_000}

_MONTH_LISTS: Final[Mapping[Tongue, str]] = {
    Tongue.CZECH: ("leden únor březen duben květen červen červenec srpen září říjen listopad prosinec"),
    Tongue.DANISH: ("januar februar marts april maj juni juli august september oktober november december"),
    Tongue.GERMAN: ("januar februar märz april mai juni juli august september oktober november dezember"),
    Tongue.ENGLISH: ("january february march april may june july august september october november december"),
    Tongue.SPANISH: (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
    Tongue.FRENCH: ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    Tongue.ITALIAN: (
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
    ),
    Tongue.DUTCH: ("januari februari maart april mei juni juli augustus september oktober november december"),
    Tongue.POLISH: (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
    ),
    Tongue.PORTUGUESE: (
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
    ),
    Tongue.SWEDISH: ("januari februari mars april maj juni juli augusti september oktober november december"),
}
_LEAST_MILLISECONDS: Final = 1e11
_LEAST_MICROSECONDS: Final = 1e14
"""Numbers from here on are these: as the larger unit they would lie beyond the year 5000."""

_SHORTEST_MONTH: Final = 3
_ENGLISH: Final = tuple(_MONTH_LISTS[Tongue.ENGLISH].split())


class NoMoment(ValueError):
    """The value is no time that its description understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """How a site writes its times.

    Without a unit, a number is told by its size. Without a format, ISO 8601 and the form of
    mails and feeds (RFC 2822) are read. `zone` is the site's, for times that name none.
    """

    zone: tzinfo = UTC
    unit: Unit | None = None
    format: str = ""
    languages: Sequence[Tongue] = ()

    def moment(self, value: object, now: datetime) -> datetime:
        """Return the moment, in UTC and never after `now`: a clock that is ahead must hide nothing.

        A local time that a clock change makes twice is the later one of the two that is not ahead.

        Raises:
            NoMoment: it is none.
        """
        try:
            found = self._numbered(value)
            if found is None:
                found = self._settled(self._spelled(str(value).strip()), now)
        except (ValueError, OverflowError, OSError, TypeError, IndexError) as error:
            raise NoMoment from error
        if found < _EARLIEST:
            raise NoMoment
        return min(found, now)

    def _numbered(self, value: object) -> datetime | None:
        if isinstance(value, str) and not self.format and _DIGITS.match(value.strip()):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or self.format:
            return None
        return datetime.fromtimestamp(value / _PER_SECOND[self.unit or _unit_of(value)], UTC)

    def _spelled(self, text: str) -> datetime:
        if self.format:
            english = _in_english(text, self.languages, whole="%B" in self.format)
            return datetime.strptime(english, self.format)  # noqa: DTZ007 - see _settled
        try:
            return datetime.fromisoformat(_NAMED_UTC.sub("+00:00", text))
        except ValueError:
            return parsedate_to_datetime(text)

    def _settled(self, found: datetime, now: datetime) -> datetime:
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        first, second = (found.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return second if first < second <= now else first


def _unit_of(value: float) -> Unit:
    if abs(value) < _LEAST_MILLISECONDS:
        return Unit.SECONDS
    return Unit.MILLISECONDS if abs(value) < _LEAST_MICROSECONDS else Unit.MICROSECONDS


def _in_english(text: str, languages: Sequence[Tongue], *, whole: bool) -> str:
    """Return the text with the months of these languages, however shortened, as `strptime` knows them."""
    if not languages:
        return text
    months = [month for language in languages for month in enumerate(_MONTH_LISTS[language].split())]

    def english(word: re.Match[str]) -> str:
        low = word[0].lower()
        if len(low) < _SHORTEST_MONTH:
            return word[0]
        number = next((number for number, month in months if month.startswith(low)), None)
        if number is None:
            return word[0]
        return _ENGLISH[number] if whole else _ENGLISH[number][:_SHORTEST_MONTH]

    return _LETTERS.sub(english, text)
