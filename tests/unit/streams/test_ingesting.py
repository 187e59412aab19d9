from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.metrics import Metrics
from monitor.services.ingest import Ingested
from monitor.settings import Settings, SourceSettings
from monitor.sources.idle import idle_tools
from monitor.sources.web.client import WebClient
from monitor.store.sightings import MemorySightings
from streams.clock import now
from streams.ingesting import SELDOM, carry_all
from streams.watching import IngestWatch
from streams.wiring import build_sources, open_tools

SITE = """\
version: 1
id: {id}
preset: wordpress
url: https://gazette.example
"""


class Carrier:
    """Fails as often as is said, and takes a comment then."""

    def __init__(self, failures: int = 0, error: Exception | None = None) -> None:
        self.failures = failures
        self.error = error or Misconfigured.plain("the token is wrong")

    async def __call__(self) -> Ingested:
        if self.failures:
            self.failures -= 1
            raise self.error
        return Ingested(events=1, batches=1)


def up(metrics: Metrics, source: str) -> float | None:
    return metrics.registry.get_sample_value("comment_monitor_source_up", {"source": source})


async def test_a_source_that_cannot_work_is_tried_again_seldom_and_stops_no_other() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    carriers = {"gazette": Carrier(failures=2), "courier": Carrier()}
    taken = await carry_all(carriers, IngestWatch(Metrics()), lasting=True, sleep=sleep)
    assert [each.events for each in taken] == [1, 1]
    assert waits == [SELDOM, SELDOM]


async def test_a_source_that_fails_as_nobody_expected_stops_no_other_and_its_words_stay_out_of_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def sleep(seconds: float) -> None:
        del seconds

    carriers = {"gazette": Carrier(failures=1, error=ValueError("the words of Ann")), "courier": Carrier()}
    taken = await carry_all(carriers, IngestWatch(Metrics()), lasting=True, sleep=sleep)
    written = capsys.readouterr()
    assert [each.events for each in taken] == [1, 1]
    assert "ValueError" in written.out + written.err
    assert "Ann" not in written.out + written.err


async def test_a_source_that_cannot_work_is_counted_as_down() -> None:
    metrics = Metrics()
    with pytest.raises(Misconfigured):
        await carry_all({"gazette": Carrier(failures=1)}, IngestWatch(metrics), lasting=False)
    assert up(metrics, "gazette") == 0


async def test_files_are_read_to_their_end_before_one_that_cannot_be_read_is_told() -> None:
    carriers = {"broken": Carrier(failures=1), "courier": Carrier()}
    with pytest.raises(Misconfigured, match="the token is wrong"):
        await carry_all(carriers, IngestWatch(Metrics()), lasting=False)


async def test_a_folder_of_source_files_becomes_sources(tmp_path: Path) -> None:
    for name in ("courier", "gazette"):
        (tmp_path / f"{name}.yaml").write_text(SITE.format(id=name))
    sources = build_sources([SourceSettings(type="site", path=tmp_path)], idle_tools(now), os.environ)
    assert [source.name for source in sources] == ["courier", "gazette"]


async def test_an_id_is_given_once_over_all_files(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(SITE.format(id="gazette"))
    entries = [SourceSettings(type="site", path=tmp_path / name) for name in ("one.yaml", "two.yaml")]
    with pytest.raises(Misconfigured, match="the id `gazette` is taken"):
        build_sources(entries, idle_tools(now), os.environ)


async def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(SITE.format(id=name) + "colour: green\n")
    with pytest.raises(Misconfigured) as caught:
        build_sources([SourceSettings(type="site", path=tmp_path)], idle_tools(now), os.environ)
    assert [Path(problem.file).name for problem in caught.value.problems] == ["one.yaml", "two.yaml"]


async def test_sites_share_one_client(tmp_path: Path) -> None:
    entries = [SourceSettings(type="site", path=tmp_path)]
    watch = IngestWatch(Metrics())
    async with open_tools(Settings(), entries, MemorySightings(), watch) as tools:
        assert isinstance(tools.web, WebClient)


async def test_files_of_comments_need_no_client() -> None:
    entries = [SourceSettings(name="gazette", path=Path("comments.jsonl"))]
    watch = IngestWatch(Metrics())
    async with open_tools(Settings(), entries, MemorySightings(), watch) as tools:
        assert not isinstance(tools.web, WebClient)
