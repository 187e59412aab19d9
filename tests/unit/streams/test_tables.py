from __future__ import annotations

from pathlib import Path

from monitor.settings import KafkaSettings, Settings, WorkerSettings
from streams.app import add_windows, build_app
from streams.tables import OwnWindows
from streams.topics import topics


def windows(table: dict[str, bytes]) -> OwnWindows:
    """Return the windows of a worker that holds partition 7, where every key is that begins with `my`."""
    return OwnWindows(table, lambda key: 7 if key.startswith("my") else None)


def test_a_window_is_kept_and_given_back() -> None:
    table: dict[str, bytes] = {}
    own = windows(table)
    own["my.rule|author=ann"] = b"1"
    assert (table, own.get("my.rule|author=ann")) == ({"my.rule|author=ann": b"1"}, b"1")


def test_a_window_that_is_not_there_is_none() -> None:
    assert windows({}).get("my.rule|author=ann") is None


def test_only_windows_of_partitions_that_this_worker_holds_are_listed() -> None:
    assert windows({"my.a": b"", "other.b": b"", "my.c": b""}).by_partition() == {7: ["my.a", "my.c"]}


def test_every_deleted_window_asks_for_one_tombstone() -> None:
    table = {"my.a": b"", "my.b": b"", "my.c": b""}
    own = windows(table)
    del own["my.a"]
    del own["my.c"]
    assert (list(table), own.deleted(), own.deleted()) == (["my.b"], ["my.a", "my.c"], [])


def test_a_table_is_changed_with_no_broker_in_sight(tmp_path: Path) -> None:
    settings = Settings(worker=WorkerSettings(data_dir=tmp_path))
    app = build_app(settings, "worker")
    table = add_windows(app, topics(KafkaSettings()).windows)
    table["my.a"] = b"1"
    table["my.b"] = b"2"
    del table["my.a"]
    assert dict(table.items()) == {"my.b": b"2"}
