"""The plain text of a page with an article and its readers' comments, as one copies it from a browser.

What is read:

    The title of the article

    The article's paragraphs, until the first comment.

    Ann Example

    What Ann wrote; one blank line parts

    her paragraphs.


    After two blank lines: a comment by a reader whose name is not shown.

`names.find_names` says which lines are names. The title is the first block, unless it comes back
as a line of its own (then the page begins with a comment and there is no title); it becomes the
`thread`. Where a line says nothing but `Comments` (or `48 Comments`, `Kommentare`, …), comments
begin there and not before: put one in where an article's subheadings are taken for names.

A page gives its comments no ids, so they are a hash of title, author and text and of how many
equal ones stand before: they stay the same when the page is copied again with more comments.
A page that has changed is read again as a whole.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.domain.errors import Misconfigured
from monitor.sources.lines import BOM
from monitor.sources.names import Block, find_names
from monitor.sources.reading import Position, Record

MAX_PAGE: Final = 16_000_000
"""Bytes of the largest page that is read; a page is held in memory whole."""

_COMMENTS: Final = re.compile(
    r"(?:\d+\s+)?(?:comments?|responses?|kommentare?|comentarios?|commentaires?)(?:\s*\(\d+\))?:?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageComment:
    """A comment as the page shows it, and where it begins."""

    author: str | None
    text: str
    line: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page's text was read as."""

    title: str | None
    article: tuple[str, ...]
    comments: tuple[PageComment, ...]


def read_page(content: bytes) -> Page:
    """Return the title, article and comments of a page's text, UTF-8.

    Raises:
        UnicodeDecodeError: it is in another encoding.
    """
    title, blocks = _title(list(_blocks(content)))
    names = find_names(blocks)
    marker = _marker(blocks, names)
    if marker is not None:
        begun = [replace(block, gap=min(block.gap, 1)) for block in blocks[marker + 1 : marker + 2]]
        comments = begun + blocks[marker + 2 :]
        return Page(
            title=title,
            article=_texts(blocks[:marker]),
            comments=_comments(comments, find_names(comments)),
        )
    first = next(
        (index for index, block in enumerate(blocks) if index in names or block.gap > 1), len(blocks)
    )
    later = {index - first for index in names}
    return Page(title=title, article=_texts(blocks[:first]), comments=_comments(blocks[first:], later))


def _marker(blocks: Sequence[Block], names: set[int]) -> int | None:
    """Return the block that parts the article from the comments, if one does.

    A reader who writes no more than `Comments` must not turn the comments before into an article:
    nothing before it may begin a comment for certain, and no name before it come back.
    """
    found = next((index for index, block in enumerate(blocks) if _COMMENTS.fullmatch(block.text)), None)
    if found is None or found - 1 in names or any(block.gap > 1 for block in blocks[:found]):
        return None
    again = Counter(blocks[index].text for index in names)
    return None if any(again[block.text] > 1 for block in blocks[:found]) else found


class PageDump:
    """Decodes one page.

    Where its text is the one that the position's state tells of, the comments counted there are
    passed over.
    """

    def __init__(self, position: Position) -> None:
        self._content = bytearray()
        self._read, _, count = position.state.partition(":")
        self._count = int(count or 0)

    def feed(self, chunk: bytes) -> Iterator[Record]:
        """Keep the chunk; nothing is known before the page is whole.

        Raises:
            Misconfigured: the page is too large.
        """
        self._content += chunk
        if len(self._content) > MAX_PAGE:
            raise Misconfigured.plain(
                f"a page of more than {MAX_PAGE:,} bytes is not read",
                hint="is it a page's text? Say --format jsonl or --format csv if it is not",
            )
        return iter(())

    def finish(self) -> Iterator[Record]:
        """Yield the page's comments.

        Raises:
            Misconfigured: it is not UTF-8.
        """
        content = bytes(self._content)
        digest = hashlib.sha256(content).hexdigest()[:16]
        try:
            page = read_page(content)
        except UnicodeDecodeError:
            raise Misconfigured.plain("the page is not UTF-8", hint="save it again as UTF-8 text") from None
        passed = self._count if digest == self._read else 0
        for count, record in enumerate(_records(page, digest), start=1):
            if count > passed:
                yield record


def _records(page: Page, digest: str) -> Iterator[Record]:
    seen: Counter[tuple[str | None, str]] = Counter()
    for count, comment in enumerate(page.comments, start=1):
        before = seen[comment.author, comment.text]
        seen[comment.author, comment.text] += 1
        yield Record(
            payload=comment.text.encode(),
            offset=comment.offset,
            line=comment.line,
            end=Position(state=f"{digest}:{count}"),
            content={
                "id": _id(page.title, comment, before),
                "author": comment.author,
                "text": comment.text,
                "thread": page.title,
            },
        )


def _id(title: str | None, comment: PageComment, before: int) -> str:
    parts = "\0".join([title or "", comment.author or "", comment.text, str(before)])
    return hashlib.sha256(parts.encode()).hexdigest()[:20]


def _title(blocks: list[Block]) -> tuple[str | None, list[Block]]:
    if not blocks or any(block.text == blocks[0].text for block in blocks[1:]):
        return None, blocks
    return " ".join(blocks[0].lines), blocks[1:]


def _comments(blocks: Sequence[Block], names: set[int]) -> tuple[PageComment, ...]:
    parts: list[list[int]] = []
    for index, block in enumerate(blocks):
        if not parts or index in names or block.gap > 1:
            parts.append([index])
        else:
            parts[-1].append(index)
    return tuple(_comment([blocks[index] for index in part], named=part[0] in names) for part in parts)


def _comment(blocks: list[Block], *, named: bool) -> PageComment:
    return PageComment(
        author=blocks[0].text if named else None,
        text="\n\n".join(block.text for block in (blocks[1:] if named else blocks)),
        line=blocks[0].line,
        offset=blocks[0].offset,
    )


def _texts(blocks: Sequence[Block]) -> tuple[str, ...]:
    return tuple(block.text for block in blocks)


def _blocks(content: bytes) -> Iterator[Block]:
    lines: list[str] = []
    gap = start = first = 0
    offset = len(BOM) if content.startswith(BOM) else 0
    for number, raw in enumerate([*content[offset:].split(b"\n"), b""], start=1):
        line = raw.decode().strip()
        if line and not lines:
            start, first = offset, number
        if line:
            lines.append(line)
        elif lines:
            yield Block(lines=tuple(lines), gap=gap, line=first, offset=start)
            lines, gap = [], 1
        else:
            gap += 1
        offset += len(raw) + 1
