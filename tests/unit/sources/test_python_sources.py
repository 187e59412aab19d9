"""The worked examples of sources in Python, installed and run as the README has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final, Protocol

import pytest

from monitor.domain.problems import Problem
from monitor.ports import Source
from monitor.sources.contract import SiteContract, SourceContract
from monitor.sources.describing import SourceText, read_sources
from monitor.sources.idle import idle_tools
from monitor.sources.kinds import KINDS
from monitor.sources.polling.poller import Poller
from tests.sites.asking import Hands

README: Final = Path(__file__).parents[3] / "monitor" / "sources" / "README.md"
SECTION: Final = re.search(
    r"^## A source in Python\n(.*?)(?=^## |\Z)", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
)
BLOCKS: Final = re.findall(
    r"^```\w+\n# (\S+)\n(.*?)^```", SECTION[1] if SECTION else "", re.DOTALL | re.MULTILINE
)
FILES: Final[dict[str, str]] = dict(BLOCKS)
"""The section's files by their names, which stand in their first lines."""


class InstallGuest(Protocol):
    def __call__(self, modules: dict[str, str], group: str, entries: dict[str, str]) -> None: ...


@pytest.fixture
def _installed(guest: InstallGuest) -> None:
    """Install the section's packages, with the entry point of its pyproject.toml and one like it."""
    modules = {name.removesuffix(".py"): text for name, text in FILES.items() if name.endswith(".py")}
    told = re.search(r'^(\S+) = "(gazette_table:\w+)"$', FILES["pyproject.toml"], re.MULTILINE)
    assert told is not None
    entries = {told[1]: told[2], "gazette-ticker": "gazette_ticker:ticker"}
    guest(modules, "comment_monitor.sources", entries)


def promises(contract: SourceContract | SiteContract, folder: Path) -> Iterator[str]:
    """Hold a contract to what it says, as pytest does; yield the promises."""
    for name in (name for name in dir(contract) if name.startswith("test_")):
        place = folder / name
        place.mkdir()
        test = getattr(contract, name)
        test(place) if isinstance(contract, SourceContract) else test()
        yield name


def described(lines: str) -> tuple[tuple[Source, ...], tuple[Problem, ...]]:
    text = SourceText(path="sources/cms.yaml", text=lines, base=Path())
    reading = read_sources([text], idle_tools(Hands()), {})
    return reading.sources, reading.problems


@pytest.mark.usefixtures("_installed")
def test_a_guests_kind_stands_among_ours() -> None:
    assert {"gazette-table", "gazette-ticker", "poll"} <= set(KINDS.names())
    assert "guest-package" == KINDS.origin("gazette-table")


@pytest.mark.usefixtures("_installed")
def test_the_source_file_of_the_example_makes_its_source() -> None:
    [source], problems = described(FILES["sources/cms.yaml"])
    assert ("cms", "Table", ()) == (source.name, type(source).__name__, problems)


@pytest.mark.usefixtures("_installed")
def test_a_mistake_in_it_is_shown_at_its_place() -> None:
    _, [problem] = described("kind: gazette-table\nid: cms\npath: x.db\nevery: soon\n")
    assert str(problem).startswith("sources/cms.yaml:4:8: error: `soon` is no duration\n")


@pytest.mark.usefixtures("_installed")
def test_a_site_of_the_example_is_polled() -> None:
    [source], problems = described("kind: gazette-ticker\nid: ticker\nurl: https://gazette.example\n")
    assert (True, ()) == (isinstance(source, Poller), problems)


@pytest.mark.usefixtures("_installed")
@pytest.mark.parametrize(
    ("module", "name"), [("test_gazette_table", "TestTable"), ("test_gazette_ticker", "TestTicker")]
)
def test_the_examples_keep_the_contract(module: str, name: str, tmp_path: Path) -> None:
    contract = getattr(import_module(module), name)()
    folder = tmp_path / "contract"
    folder.mkdir()
    assert len(list(promises(contract, folder))) >= 9


def test_no_guest_is_left_installed() -> None:
    assert [] == [
        each for each in entry_points(group="comment_monitor.sources") if each.name.startswith("gazette")
    ]
