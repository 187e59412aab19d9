from __future__ import annotations

import json

import pytest

from monitor.domain.severity import Severity
from monitor.engine.book import Book
from monitor.engine.reading import RuleFile, read_book
from monitor.services.importing import Imported, import_rules
from tests.trial import ENGLISH, an_event


def imported(tool: str, text: str, path: str = "words.txt") -> Imported:
    return import_rules(tool, RuleFile(path, text))


def book(brought: Imported) -> Book:
    lists = [RuleFile(f"lists/{name}.txt", text) for name, text in brought.lists.items()]
    return read_book([RuleFile("imported.yaml", brought.rules)], lists)


def fired(brought: Imported, comment: str) -> list[str]:
    return [match.rule for match in book(brought).judge(an_event(comment), ENGLISH).matches]


def remarks(brought: Imported) -> list[str]:
    return [f"{remark.line}: {remark.message}" for remark in brought.remarks]


def test_a_word_list_becomes_a_list_and_a_rule() -> None:
    brought = imported("wordlist", "# roots\nturnip\nhot soup\n\nc#\n", "My Words.txt")
    assert {"my-words": "turnip\nhot soup\nc#\n"} == brought.lists
    assert ["wordlist.my-words"] == fired(brought, "Hot, soup")


@pytest.mark.parametrize(("entry", "found", "left"), [("tur*", "tur*", "turnip"), ("a|b", "a b", "ab")])
def test_marks_that_mean_something_in_a_list_are_taken_as_they_are_spelled(
    entry: str, found: str, left: str
) -> None:
    brought = imported("wordlist", f"{entry}\n")
    assert (1, 0) == (len(fired(brought, found)), len(fired(brought, left)))


def test_entries_that_cannot_be_entries_are_told_by_their_line() -> None:
    brought = imported("wordlist", "turnip\n!!!\nturnip\n")
    assert [
        "2: not carried over: an entry without a letter",
        "3: left out: it stands in line 1 already",
    ] == remarks(brought)


def test_an_empty_list_is_no_rule() -> None:
    assert (0, {}) == (imported("wordlist", "\n").count, imported("wordlist", "\n").lists)


def test_corals_settings_become_two_lists_and_two_rules() -> None:
    settings = {"wordList": {"banned": ["turnip", "hot soup"], "suspect": ["beet"]}}
    brought = imported("coral", json.dumps(settings, indent=1), "settings.json")
    assert {"coral-banned", "coral-suspect"} == brought.lists.keys()
    assert {"coral.coral-banned": Severity.HIGH, "coral.coral-suspect": Severity.MEDIUM} == {
        rule.id: rule.severity for rule in book(brought).rules
    }
    assert ["coral.coral-banned"] == fired(brought, 'hot "soup"!')


@pytest.mark.parametrize(
    "wrapped",
    [
        {"data": {"settings": {"wordList": {"banned": ["turnip", "Turnip"], "suspect": []}}}},
        {"wordlist": {"banned": ["turnip"], "suspect": []}},
        {"banned": ["turnip"]},
    ],
)
def test_corals_words_are_found_however_the_settings_were_saved(wrapped: object) -> None:
    brought = imported("coral", json.dumps(wrapped))
    assert {"coral-banned": "turnip\n"} == brought.lists


def test_json_without_words_is_told() -> None:
    brought = imported("coral", '{"data": {"settings": {}}}')
    assert ["0: there is no word list with `banned` or `suspect` words in this JSON"] == remarks(brought)


def test_corals_words_may_stand_one_a_line() -> None:
    assert {"coral-suspect"} == imported("coral", "turnip\n", "suspect.txt").lists.keys()
    assert {"coral-banned"} == imported("coral", "turnip\n", "words.txt").lists.keys()


def test_a_place_in_corals_settings_is_the_line_of_the_word() -> None:
    settings = {"banned": ["turnip", "?!"]}
    brought = imported("coral", json.dumps(settings, indent=1))
    assert ["4: not carried over: an entry without a letter"] == remarks(brought)


@pytest.mark.parametrize(
    ("path", "found", "left"),
    [
        ("bad_keywords.txt", "cheap turnips!", "xturnips"),
        ("watched_keywords.txt", "cheap turnips!", "xturnips"),
        ("blacklisted_websites.txt", "xturnips", "turn"),
    ],
)
def test_keywords_are_bookended_and_websites_are_not(path: str, found: str, left: str) -> None:
    line = "turn(?:ip|up)s"
    brought = imported("smokedetector", f"1500000000\tann\t{line}\n" if "watched" in path else line, path)
    assert (1, 0) == (len(fired(brought, found)), len(fired(brought, left)))


def test_what_is_watched_weighs_less() -> None:
    severities = {
        path: book(imported("smokedetector", "turnip", path)).rules[0].severity
        for path in ("watched_keywords.txt", "bad_keywords.txt")
    }
    assert {"watched_keywords.txt": "low", "bad_keywords.txt": "medium"} == severities


def test_a_dot_finds_the_end_of_a_line_too() -> None:
    brought = imported("smokedetector", "turnip.*soup\n", "bad_keywords.txt")
    assert 1 == len(fired(brought, "turnip\nand soup"))


def test_a_part_that_asks_for_capitals_minds_them_and_the_rest_does_not() -> None:
    brought = imported("smokedetector", "(?-i:BEET) soup\nleek\n", "bad_keywords.txt")
    assert [1, 1, 0, 1] == [
        len(fired(brought, said)) for said in ("BEET Soup", "BEET soup", "beet soup", "Leek")
    ]


def test_user_names_are_looked_for_in_the_name() -> None:
    brought = imported("smokedetector", "a[n]+\n", "blacklisted_usernames.txt")
    assert ["smokedetector.blacklisted-usernames"] == fired(brought, "hello")


def test_a_pattern_that_is_none_is_told_by_its_line_and_the_others_come() -> None:
    brought = imported("smokedetector", "turnip\nturn(ip\nbeet\n", "bad_keywords.txt")
    assert ["2: not carried over: this is no pattern: this ( is not closed"] == remarks(brought)
    assert 1 == len(fired(brought, "beet"))


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("800-555-0199", "call (800) 555 0199 now"),
        ("(800) 555-0199(?#NO NORTH AMERICAN)", "1.800.555.0199!"),
        ("18005550199", "+1 800 555-0199"),
        ("+44 20 7946 0018", "ring 020 7946 0018"),
    ],
)
def test_numbers_are_found_in_any_spelling(line: str, comment: str) -> None:
    brought = imported("smokedetector", f"{line}\n", "blacklisted_numbers.txt")
    assert ["smokedetector.blacklisted-numbers"] == fired(brought, comment)
    assert [] == fired(brought, "call 800 555 0198 now")


def test_what_is_no_number_or_of_no_known_country_is_told_by_its_line() -> None:
    text = "800-555-0199\n555-0199\n\\d{3}-0199\n"
    brought = imported("smokedetector", text, "watched_numbers.txt")
    assert 1 == len(book(brought).rules)
    assert [2, 3] == [remark.line for remark in brought.remarks]


def test_lists_of_networks_are_left_behind() -> None:
    brought = imported("smokedetector", "192.0.2.0/24\n", "blacklisted_cidrs.txt")
    assert ["0: lists of networks are not carried over"] == remarks(brought)


def test_long_lists_are_divided() -> None:
    brought = imported("smokedetector", "\n".join(f"turnip{n}" for n in range(450)), "bad_keywords.txt")
    assert 3 == brought.count
