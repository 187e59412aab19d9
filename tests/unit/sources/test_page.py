from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Misconfigured
from monitor.sources.page import MAX_PAGE, Page, PageDump, read_page
from monitor.sources.reading import Position, Record

HARBOUR = """\
New Ferry Line Opens Between The Islands

The first ferry left the harbour on Monday morning with two hundred guests on board.

It will sail three times a day, the company said, and more often in summer.

Ann Example

About time. My mother waited ten years for this.

Rolf

Who paid for it?

And who will pay for the repairs, I wonder, once the cameras are gone.

Ann Example

We all did.


Nobody asked the fishermen.


Try the coffee on the upper deck.

quiet neighbour

You could have asked them yourself.

Ann Example

Lol

T. van Dijk (harbour master)

Nonsense.
"""


def comments(text: str) -> list[tuple[str | None, str]]:
    return [(comment.author, comment.text) for comment in read_page(text.encode()).comments]


def records(content: bytes, position: Position | None = None) -> list[Record]:
    dump = PageDump(position or Position())
    return [*dump.feed(content[:7]), *dump.feed(content[7:]), *dump.finish()]


def test_title_article_and_comments_are_told_apart() -> None:
    page = read_page(HARBOUR.encode())
    assert page.title == "New Ferry Line Opens Between The Islands"
    assert [paragraph[:9] for paragraph in page.article] == ["The first", "It will s"]
    assert comments(HARBOUR) == [
        ("Ann Example", "About time. My mother waited ten years for this."),
        (
            "Rolf",
            "Who paid for it?\n\nAnd who will pay for the repairs, I wonder, once the cameras are gone.",
        ),
        ("Ann Example", "We all did."),
        (None, "Nobody asked the fishermen."),
        (None, "Try the coffee on the upper deck."),
        ("quiet neighbour", "You could have asked them yourself."),
        ("Ann Example", "Lol"),
        ("T. van Dijk (harbour master)", "Nonsense."),
    ]


def test_the_lines_of_a_paragraph_stay_lines() -> None:
    text = "Title of it\n\nAnn Example\n\none line of a comment\nand another one\n"
    assert comments(text) == [("Ann Example", "one line of a comment\nand another one")]


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_line_ends_and_blanks_of_any_kind_do_not_matter(newline: str) -> None:
    padded = "\ufeff" + HARBOUR.replace("\n\n", "\n \t\n").replace("Rolf", "  Rolf ")
    assert comments(padded.replace("\n", newline)) == comments(HARBOUR)


def test_a_page_without_an_article_has_comments_all_the_same() -> None:
    text = "The Title\n\nAnn Example\n\nGood morning, all.\n\nRolf\n\nGood morning, Ann.\n"
    assert comments(text) == [("Ann Example", "Good morning, all."), ("Rolf", "Good morning, Ann.")]
    assert read_page(text.encode()).title == "The Title"


def test_a_first_line_that_comes_back_is_a_name_and_no_title() -> None:
    text = "Ann Example\n\nGood morning, all.\n\nRolf\n\nGood morning, Ann.\n\nAnn Example\n\nStill here.\n"
    assert comments(text)[0] == ("Ann Example", "Good morning, all.")
    assert read_page(text.encode()).title is None


def test_a_page_without_comments_has_none() -> None:
    text = "The Title\n\nThe first paragraph of the article.\n\nThe second one, and the last.\n"
    assert read_page(text.encode()) == Page(
        title="The Title",
        article=("The first paragraph of the article.", "The second one, and the last."),
        comments=(),
    )


@pytest.mark.parametrize("content", ["", "\n\n \n", "The Title"])
def test_next_to_nothing_has_no_comments(content: str) -> None:
    assert comments(content) == []


def test_a_comment_without_a_name_goes_on_over_single_blank_lines() -> None:
    text = (
        "The Title\n\nThe article.\n\n\nFirst thought, a long one.\n\nSecond thought.\n\n\nSomebody else.\n"
    )
    assert comments(text) == [
        (None, "First thought, a long one.\n\nSecond thought."),
        (None, "Somebody else."),
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        "You are wrong, my friend.",
        "Why?",
        "no way",
        "that is all",
        "> Ann wrote this",
        "“Peace in our time”",
        "https://example.org/ferry",
        "1 2 3",
        "+1",
        "- a point",
        "Edit:",
        "Das stimmt nicht",
        "no me digas",
        "this one has no full stop but so many words that nobody is called so",
    ],
)
def test_a_short_last_paragraph_is_no_name(paragraph: str) -> None:
    text = f"Title\n\nAnn Example\n\nThe ferry was late again today.\n\n{paragraph}\n\nRolf Muster\n\nNo.\n"
    assert comments(text) == [
        ("Ann Example", f"The ferry was late again today.\n\n{paragraph}"),
        ("Rolf Muster", "No."),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Rolf",
        "rolf77",
        "sea_dog",
        "McFerry",
        "quiet neighbour",
        "Voice of the Harbour",
        "Maria de los Santos",
        "Martin L. King Jr.",
        "Sarah K.",
        "Ferry = GOOD",
        "Ann (from the island)",
        "김철수",
        "محمد",
        "Übung Meister",
        "Joe 90",
    ],
)
def test_a_name_that_occurs_once_is_a_name(name: str) -> None:
    text = (
        f"The Title\n\nAnn Example\n\nThe ferry was late again today.\n\n{name}\n\nIt was not late at all.\n"
    )
    assert comments(text)[1:] == [(name, "It was not late at all.")]


def test_a_line_that_comes_back_between_paragraphs_is_a_name_whatever_it_says() -> None:
    said = "It was late, and it will be late tomorrow."
    text = "The Title\n\nThe article says this.\n\n" + "".join(
        f"{name}\n\n{said}\n\n"
        for name in ["this is not a name", "Ann Example", "this is not a name", "Rolf"]
    )
    assert [author for author, _ in comments(text)] == [
        "this is not a name",
        "Ann Example",
        "this is not a name",
        "Rolf",
    ]


def test_a_habit_of_speech_that_comes_back_is_no_name() -> None:
    text = "The Title\n\nThe article says this.\n\n" + "".join(
        f"{name}\n\nLong live the ferry, I say.\n\nShip Ahoy\n\n"
        for name in ["Ann Example", "Rolf Muster", "Eva Beispiel"]
    )
    assert [author for author, _ in comments(text)] == ["Ann Example", "Rolf Muster", "Eva Beispiel"]


def test_one_word_comments_do_not_become_names() -> None:
    words = ["Bravo", "Nonsense", "Bravo", "Bravo"]
    names = ["Ann Example", "Rolf Muster", "Eva Beispiel", "Ann Example"]
    text = "The Title\n\n" + "\n\n".join(f"{name}\n\n{word}" for name, word in zip(names, words, strict=True))
    assert comments(text) == list(zip(names, words, strict=True))


def test_a_short_comment_after_two_blank_lines_is_no_name() -> None:
    text = "The Title\n\nThe article says this.\n\n\nShip Ahoy\n\nAnn Example\n\nAhoy to you.\n"
    assert comments(text) == [(None, "Ship Ahoy"), ("Ann Example", "Ahoy to you.")]


@pytest.mark.parametrize("marker", ["Comments", "2 Comments", "Comments (2)", "Kommentare:", "2 comentarios"])
def test_a_line_that_says_comments_ends_the_article(marker: str) -> None:
    text = (
        "The Title\n\nJane Writer\n\nThe article says this.\n\nOld Harbour\n\nIt says more.\n\n"
        f"{marker}\n\n\nAnn Example\n\nGood.\n\nRolf Muster\n\nBad.\n"
    )
    assert comments(text) == [("Ann Example", "Good."), ("Rolf Muster", "Bad.")]


@pytest.mark.parametrize("before", ["Ann Example\n\nHello, friends.\n\nRolf", "\nHello, friends.\n\nGood."])
def test_a_reader_who_says_comments_hides_no_comment(before: str) -> None:
    text = f"Title\n\nThe article.\n\n{before}\n\nComments\n\nAnn Example\n\nGood.\n\nRolf\n\nBad.\n"
    assert comments(text)[0][1].startswith("Hello, friends.")
    assert comments(text)[-2:] == [("Ann Example", "Good."), ("Rolf", "Bad.")]


def test_each_comment_says_where_it_stands() -> None:
    first = read_page(HARBOUR.encode()).comments[0]
    assert (first.line, first.offset) == (7, HARBOUR.index("Ann"))


def test_records_carry_title_name_and_an_id_of_their_own() -> None:
    found = [record.content for record in records(HARBOUR.encode())]
    assert found[1] == {**found[1], "author": "Rolf", "thread": "New Ferry Line Opens Between The Islands"}  # type: ignore[dict-item]
    assert len({str(content) for content in found}) == len(found)


def test_ids_stay_when_the_page_has_more_comments() -> None:
    def ids(text: str) -> list[object]:
        return [record.content["id"] for record in records(text.encode()) if isinstance(record.content, dict)]

    more = HARBOUR.replace("Rolf\n", "Eva Beispiel\n\nI was on board.\n\nRolf\n", 1)
    assert set(ids(HARBOUR)) < set(ids(more))
    assert len(ids(more)) == len(ids(HARBOUR)) + 1


def test_equal_comments_have_ids_of_their_own() -> None:
    text = "The Title\n\nThe article says this.\n\n\nSame here, friends.\n\n\nSame here, friends.\n"
    one, two = (record.content for record in records(text.encode()))
    assert isinstance(one, dict)
    assert isinstance(two, dict)
    assert one["id"] != two["id"]


def test_reading_on_passes_over_what_was_read_of_the_same_text_only() -> None:
    whole = records(HARBOUR.encode())
    changed = HARBOUR.replace("coffee", "tea").encode()
    assert records(HARBOUR.encode(), whole[2].end) == whole[3:]
    assert len(records(changed, whole[2].end)) == len(whole)


def test_another_encoding_is_refused() -> None:
    with pytest.raises(Misconfigured, match="not UTF-8"):
        records("Überschrift\n\nText".encode("latin-1"))


def test_no_end_of_bytes_is_taken_for_a_page() -> None:
    dump = PageDump(Position())
    assert list(dump.feed(b"x" * MAX_PAGE)) == []
    with pytest.raises(Misconfigured, match="is not read"):
        dump.feed(b"x")


@given(st.text(alphabet="aB .\n", max_size=120))
def test_every_paragraph_of_any_page_lands_in_one_place(text: str) -> None:
    page = read_page(text.encode())
    parts = [*([page.title] if page.title else []), *page.article]
    for comment in page.comments:
        parts += [*([comment.author] if comment.author else []), comment.text]
    assert Counter(" ".join(parts).split()) == Counter(text.split())


def test_the_sample_pages_have_the_comments_that_people_counted() -> None:
    """The samples are other people's words and lie beside the repository, where there are any."""
    beside = Path(__file__).parents[4] / "shared" / "samples"
    folder = Path(os.environ.get("COMMENT_MONITOR_SAMPLES", beside))
    for path in folder.glob("idlib-convoy-thread.txt"):
        page = read_page(path.read_bytes())
        authors = Counter(comment.author for comment in page.comments)
        assert (len(page.article), len(page.comments), authors.pop(None)) == (6, 48, 14)
        assert sorted(authors.values(), reverse=True) == [15, 4, 4, 3, 1, 1, 1, 1, 1, 1, 1, 1]
