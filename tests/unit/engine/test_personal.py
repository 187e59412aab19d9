from __future__ import annotations

import time

import pytest

from monitor.domain.errors import Misconfigured
from monitor.engine.personal import FINDERS
from monitor.engine.telephone import numbers_in, spellings
from tests.trial import a_book, fires, found


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("email", "mail ann.b+c@mail.example.org now", ["ann.b+c@mail.example.org"]),
        ("email", "ann [at] example [dot] org", ["ann [at] example [dot] org"]),
        ("email", "@ann and b@c", []),
        ("iban", "DE89 3704 0044 0532 0130 00", ["DE89 3704 0044 0532 0130 00"]),
        ("iban", "DE89 3704 0044 0532 0130 01", []),
        ("card", "4111 1111 1111 1111 is mine", ["4111 1111 1111 1111"]),
        ("card", "4111 1111 1111 1112", []),
        ("card", "the numbers were 4 11 11 11 11 11 11 11 1 and 5 10 15 20 25 30 35 40 45 50", []),
        ("card", "4111-1111-1111-1111 01/30", ["4111-1111-1111-1111"]),
        ("iban", "DE89 3704 0044 0532 0130 00 BANK", ["DE89 3704 0044 0532 0130 00"]),
        ("ip", "at 192.0.2.7, not 1.2.3 or 300.1.1.1", ["192.0.2.7"]),
        ("ip", "2001:db8::1 at 12:30:15", ["2001:db8::1"]),
        ("phone", "call +1 202 555 0142 tonight", ["+1 202 555 0142"]),
        ("phone", "030 1234567 or (030) 1234567", ["030 1234567", "(030) 1234567"]),
        ("phone", "202-555-0142", ["202-555-0142"]),
        ("phone", "su número es 600 123 123, llama", ["600 123 123"]),
        ("phone", "the number is 12 345 678,90", []),
        ("phone", "on 2026-11-28 at 192.0.2.7, for 1,234,567.89 or 10 000 000", []),
        ("address", "he lives at 12 Quarry Hill Road", ["12 Quarry Hill Road"]),
        ("address", "Lindenstraße 14", ["Lindenstraße 14"]),
        ("address", "calle de la Luna, 7", ["calle de la Luna, 7"]),
        ("address", "at the end of the road", []),
        ("address", "12 baker street, or 7 Elm Close", ["12 baker street", "7 Elm Close"]),
        ("address", "He spent 10 years in court. I have 3 kids who drive. In 1998 the court", []),
        ("address", "take 2 left turns down the road, 5 people on the street", []),
        ("address", "Auf Tabellenplatz 3, Parkplatz 12, ein Umweg 2 km", []),
        ("address", "Am Lindenweg 4 und Marienplatz 8", ["Lindenweg 4", "Marienplatz 8"]),
        ("address", "la calle tiene 3 casas, la plaza de toros 3, a rua tem 3 casas", []),
        ("address", "Rua das Flores 12; calle mayor, 7", ["Rua das Flores 12", "calle mayor, 7"]),
        ("address", "un jour en 2023 avenue Montaigne", []),
        ("address", "il habite 12 rue des Lilas", ["12 rue des Lilas"]),
        ("iban", "de89 3704 0044 0532 0130 00", ["de89 3704 0044 0532 0130 00"]),
        ("card", "DE89 3704 0044 0532 0130 01", []),
        ("phone", "DE89 3704 0044 0532 0130 01", []),
        ("card", "3782 822463 10005 and 5555555555554444", ["3782 822463 10005", "5555555555554444"]),
        ("card", "3104 0044 0532 0133", []),
        ("ip", "this :: that, std::vector, 1::2", []),
        ("ip", "fe80::1:2 and ::ffff:192.0.2.7", ["fe80::1:2", "192.0.2.7"]),
    ],
)
def test_personal_data_is_found(kind: str, text: str, expected: list[str]) -> None:
    assert expected == found(f"pii: {kind}", text)


def test_several_kinds_are_alternatives() -> None:
    assert fires("pii: [email, phone]", "ann@example.org")
    assert not fires("pii: [iban, phone]", "ann@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "+1 202 555 0142",
        "0012025550142",
        "011 1 202-555-0142",
        "(202) 555.0142",
        "call 2O2 555 Ol42!",
        "1-202-555-0142",
        "+1 (202) 5550142",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert fires('phones: ["+1 202 555 0142"]', text)


SPELLINGS = {
    "+1 202 555 0142": [
        "+1-202-555-0142", "(202) 555-0142", "202.555.0142", "1 (202) 555-0142", "12025550142",
        "2O2-555-Ol42", "001 202 555 0142", "tel:+12025550142", "202 5550142", "+1(202)555-0142",
        "２０２－５５５－０１４２",
        "20.25.55.0142", "202 🔥 555 🔥 0142",
    ],
    "+44 20 7946 0018": [
        "020 7946 0018", "(020) 7946 0018", "+44 (0)20 7946 0018", "0044 20 7946 0018", "02079460018",
        "020-7946-0018", "44 20 79460018",
    ],
    "+44 7700 900123": ["07700 900123", "+447700900123", "+44 (0) 7700 900 123", "07700-900-123"],
    "+49 30 23125012": [
        "030 23125 012", "030/23125012", "030 / 23 12 50 12", "(030) 23125-012", "+49 (0)30 23125012",
        "0049 30 23125012", "03023125012",
    ],
    "+33 1 99 00 12 34": [
        "01 99 00 12 34", "01.99.00.12.34", "0033 1 99 00 12 34", "+33 (0)1 99 00 12 34", "0199001234",
    ],
    "+34 655 501 234": ["655 501 234", "655501234", "+34 655 50 12 34", "0034 655501234", "655-50-12-34"],
    "+351 915 550 123": ["915 550 123", "00351 915550123", "91 555 01 23"],
    "+55 11 95555-0199": ["(11) 95555-0199", "011 95555 0199", "+55 (11) 9 5555-0199", "0055 11 95555 0199"],
    "+39 06 5550 1177": ["06 5550 1177", "+39 06 55501177", "06/55501177", "0039 06 5550 1177"],
    "+31 20 123 4567": ["020-1234567", "+31 (0)20 1234567", "0031201234567"],
    "+91 98765 43210": ["98765 43210", "+91-98765-43210", "09876543210", "0091 98765 43210"],
    "+61 491 570 006": ["0491 570 006", "+61 (0)491 570 006", "(04) 9157 0006"],
    "+81 3 1234 5678": ["03-1234-5678", "(03) 1234-5678", "+81-3-1234-5678"],
    "+52 55 1234 5678": ["55 1234 5678", "(55) 1234 5678", "+52 1 55 1234 5678"],
}  # fmt: skip
"""Numbers of thirteen countries as people write them, made up or set aside for fiction."""


@pytest.mark.parametrize(
    ("number", "written"), [(number, each) for number, written in SPELLINGS.items() for each in written]
)
def test_numbers_of_thirteen_countries_are_found_as_people_write_them(number: str, written: str) -> None:
    others = [f'"{other}"' for other in SPELLINGS if other != number]
    (place,) = found(f'phones: ["{number}"]', f"write or call {written} tonight, lol")

    assert "".join(filter(str.isalnum, written)).endswith("".join(filter(str.isalnum, place)))
    assert not fires(f"phones: [{', '.join(others)}]", f"write or call {written} tonight, lol")


def test_most_of_them_are_personal_data_where_the_text_says_that_they_are_to_be_called() -> None:
    told = [fires("pii: phone", f"call {each} tonight") for written in SPELLINGS.values() for each in written]

    assert sum(told) / len(told) > 0.9


def test_a_list_of_thousands_of_numbers_is_as_quick_as_one() -> None:
    wanted = spellings(frozenset(str(12025550000 + number) for number in range(10_000)))
    start = time.perf_counter()
    for _ in range(100):
        assert [] == list(
            numbers_in("call +44 20 7946 0018 or 030 23125012 at 10:30, room 12, bus 7", wanted)
        )

    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("text", ["1 " * 10_000, "O0" * 10_000, "O0 " * 7_000, "12345 " * 3_000])
def test_no_text_keeps_the_search_for_numbers_busy(text: str) -> None:
    start = time.perf_counter()
    list(numbers_in(text, spellings(frozenset({"12025550142"}))))

    assert time.perf_counter() - start < 0.5


def test_letters_stand_for_digits_as_on_a_keypad_and_keys_for_themselves() -> None:
    assert fires('phones: ["+1 202 555 0142"]', "2️⃣0️⃣2️⃣5️⃣5️⃣5️⃣0️⃣1️⃣4️⃣2️⃣")
    assert fires('phones: ["+1 800 356 9377"]', "call 1-800-FLOWERS")


@pytest.mark.parametrize(
    "text",
    ["2 0 2 5 5 5 0 1 4 2", "1-2-0-2-5-5-5-0-1-4-2", "202_555_0142", "call2025550142now", "202 SSS o14Z"],
)
def test_a_number_is_found_in_single_digits_and_between_letters(text: str) -> None:
    assert fires('phones: ["+1 202 555 0142"]', text)


@pytest.mark.parametrize(
    "text", ["+1 202 555 0143", "5550142", "192.0.2.55", "2025550142999", "202 555", "1,202,555,0142"]
)
def test_other_numbers_and_machines_are_not(text: str) -> None:
    assert not fires('phones: ["+1 202 555 0142"]', text)


def test_a_number_is_given_with_its_country_code() -> None:
    with pytest.raises(Misconfigured, match="is no number with its country code"):
        a_book('phones: ["555 0142"]')


@pytest.mark.parametrize("kind", FINDERS)
@pytest.mark.parametrize(
    "text", ["a.b+" * 5_000, "1 " * 10_000, "DE89 " * 4_000, "a:" * 10_000, "4111 " * 4_000]
)
def test_no_text_takes_long(kind: str, text: str) -> None:
    start = time.perf_counter()
    list(FINDERS[kind](f"{text}@"))

    assert time.perf_counter() - start < 1
