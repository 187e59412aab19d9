from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Misconfigured
from tests.trial import DAY, ENGLISH, a_book, an_event, fires, found


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("we know where you live", "We  know,\nWHERE you-live!", ["We  know,\nWHERE you-live"]),
        ("kill you", "killyou", []),
        ("kill you", "kill 2 you", []),
        ("kill you", "kill😡you", ["kill😡you"]),
        ("kill you", "kill 'you'", ["kill 'you"]),
        ("kill you", "skill you", []),
        ("kill you", "kill your", []),
        ("kill you*", "kill yourself", ["kill yourself"]),
        ("you re", "you're", []),
        ("don't come", "don\u2019t come", ["don\u2019t come"]),
        ("idiot", "you idiot", ["idiot"]),
        ("知道 你 住", "我们知道你住哪里", ["知道你住"]),
        ("知道 你", "知道，你", ["知道，你"]),
        ("a b a", "a b a b a", ["a b a b a"]),
    ],
)
def test_a_phrase_is_words_in_order_with_no_word_between(phrase: str, text: str, expected: list[str]) -> None:
    assert expected == found(f'text: {{phrases: ["{phrase}"]}}', text)


@given(st.lists(st.sampled_from(["a", "ab", "don't", "é", "7"]), min_size=1, max_size=4), st.data())
def test_a_phrase_is_found_whatever_stands_between_its_words(words: list[str], data: st.DataObject) -> None:
    gaps = st.text(alphabet=" ,.\n-_!'😀\u00a0", min_size=1, max_size=3).filter(lambda gap: gap != "'")
    text = words[0]
    for word in words[1:]:
        text += data.draw(gaps) + word

    assert fires(f'text: {{phrases: ["{" ".join(words)}"]}}', f"x {text}!")


@pytest.mark.parametrize(
    ("clause", "text", "expected"),
    [
        ("contains: [ass]", "class", True),
        ("contains: [ass]", "Klasse ASS", True),
        ("starts_with: [buy]", "  Buy now", True),
        ("starts_with: [buy]", "I buy", False),
        ("ends_with: [now]", "Buy now \n", True),
        ("ends_with: [now]", "now or never", False),
        ("full: [first]", " First\n", True),
        ("full: [first]", "first!", False),
        ("full: {text: [first], ignore_marks: true}", "...First!!1"[:-1], True),
        ("full: {text: first, ignore_marks: true}", "first one", False),
        ("words: [A], case: sensitive", "A", True),
        ("words: [A], case: sensitive", "a", False),
        ("words: [ａ], case: sensitive", "a", True),
        ("words: [a, b, c], at_least: 2", "a a a", False),
        ("words: [a, b, c], at_least: 2", "c, then a", True),
        ("words: [x], phrases: [y z]", "y z", True),
        ("regex: 'k[i1]ll'", "K1LL", True),
        ("regex: 'k[i1]ll', case: sensitive", "K1LL", False),
        (r"regex: {pattern: 'k[i1]ll', whole: true}", "k1lls", False),
        (r"regex: {pattern: 'kill|killer', whole: true}", "killer", True),
        (r"regex: {pattern: '(?x) k [i1] ll # a verb', whole: true}", "k1ll", True),
        (r"regex: '^kill'", "to kill", False),
        (r"regex: '(?m)^kill'", "to\nkill", True),
        (r"regex: 'kill(?! time)'", "kill time", False),
        (r"regex: '(\w)\1\1'", "sooo", True),
        (r"regex: 'id\wot', view: raw", "id\u200biot", False),
        (r"words: [idiot], view: raw", "id\u200biot", False),
        (r"regex: [a1, b2]", "b2", True),
    ],
)
def test_matchers_match(clause: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert expected is fires(f"text: {{{clause}}}", text)


@pytest.mark.parametrize("view", ["raw", "folded"])
@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("straße$", "die Straße", True),
        ("straße$", "DIE STRASSE", True),
        ("STRAẞE", "die straße", True),
        (r"stra\xdfe", "die Straße", True),
        ("stra[ßs]+e", "die Straße", True),
        ("stra[ß]{2}e", "die Straße", False),
        ("stra[^ß]e", "die strate", True),
        ("(?P<gruß>gruß) (?P=gruß)", "Gruß GRUSS", True),
        ("ﬁsh|ŉow", "Fish", True),
        ("ŉow", "ŉow", True),
        ("(?<=ß)e", "Straße", True),
        ("ﬁx+", "ﬁxx", True),
    ],
)
def test_a_pattern_may_name_letters_that_the_view_shows_otherwise(
    pattern: str,
    text: str,
    expected: bool,  # noqa: FBT001 - a table's column
    view: str,
) -> None:
    assert expected is fires(f"text: {{regex: '{pattern}', view: {view}}}", text)


def test_other_fields_are_looked_at_and_give_no_spans() -> None:
    book = a_book("author.name: {contains: [bot]}", "url: {contains: [example]}", "thread: {words: [bridge]}")
    event = an_event("hello", author="SpamBot", url="https://example.org/1", thread="the-bridge")

    matches = book.judge(event, ENGLISH).matches

    assert [("rule.0", (), None), ("rule.1", (), None), ("rule.2", (), None)] == [
        (match.rule, match.spans, match.view) for match in matches
    ]


def test_a_list_holds_words_and_phrases() -> None:
    lists = {"insults": "# ours\nidiot*\n  go away \n\n\\#sad\n"}

    assert ["idiots", "Go  away", "#sad"] == found("text: {lists: [insults]}", "idiots Go  away #sad", lists)


def test_an_exception_may_be_starred() -> None:
    lists = {"odd": "*baz* | except: bazaar*, grand baz*"}
    assert ["bazed"] == found("text: {lists: [odd]}", "bazaars, Bazaar, grand bazoo, bazed", lists)


def test_an_exception_of_a_list_does_not_count() -> None:
    lists = {"slurs": "*coon* | except: raccoon, Tycoon | note: animals"}

    assert ["coons"] == found("text: {lists: slurs}", "Raccoon tycoon coons", lists)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I kill time", []),
        ("I KILL,  time!", []),
        ("I kill timers", ["kill"]),
        ("kill time, kill him", ["kill"]),
    ],
)
def test_an_exception_of_several_words_does_not_count(text: str, expected: list[str]) -> None:
    assert expected == found("text: {lists: [threats]}", text, {"threats": "kill | except: kill time"})


def test_an_entry_counts_until_its_last_day() -> None:
    book = a_book("text: {lists: memes}", lists={"memes": "meme | until: 2026-11-28"})

    assert 1 == len(book.judge(an_event("meme"), ENGLISH).matches)
    assert 0 == len(book.judge(an_event("meme", at=DAY.replace(day=29)), ENGLISH).matches)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a | until: soon", "`soon` is no date"),
        ("a | expect: b", "did you mean `except`?"),
        (" | note: x", "an entry without a text"),
        ("# nothing", "this list has no entries"),
        ("f*ck", "`*` stands inside `f*ck`"),
    ],
)
def test_what_is_wrong_in_a_list_is_reported_at_its_place(text: str, expected: str) -> None:
    with pytest.raises(Misconfigured, match=r"rules/lists/words\.txt") as caught:
        a_book("text: {lists: [words]}", lists={"words": text})

    assert expected in str(caught.value)


def test_an_entry_that_stands_twice_is_a_warning() -> None:
    book = a_book("text: {lists: [words]}", lists={"words": "a\nb\na\n"})

    assert ["`a` stands in line 1 already"] == [problem.message for problem in book.warnings]
