from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.domain.severity import Severity
from monitor.settings import (
    Configuration,
    Duration,
    KafkaSettings,
    Loaded,
    ReceiverSettings,
    Secret,
    Settings,
    load_settings,
)

EXAMPLE = """
[kafka]
bootstrap = "broker:9092"
session_timeout = "15s"

[[receivers]]
name = "desk"
type = "slack"
url = "https://chat.example/hooks/1"
min_severity = "high"
rules = ["threats.*"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "comment-monitor.toml"
    file.write_text(EXAMPLE, encoding="utf-8")
    return file


def written(tmp_path: Path, text: str, **environ: str) -> Loaded:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environ)


def test_without_anything_the_defaults_are_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = load_settings(None, {})
    assert Settings() == loaded.settings
    assert loaded.file is None
    assert {"default"} == {str(origin) for origin in loaded.origins.values()}


def test_what_the_file_does_not_say_stays_the_default(file: Path) -> None:
    settings = load_settings(file, {}).settings
    assert KafkaSettings(bootstrap="broker:9092", session_timeout=Duration(15)) == settings.kafka


def test_lists_of_tables_become_tuples_of_sections(file: Path) -> None:
    expected = ReceiverSettings(
        name="desk",
        type="slack",
        url=Secret("https://chat.example/hooks/1"),
        min_severity=Severity.HIGH,
        rules=("threats.*",),
    )
    assert (expected,) == load_settings(file, {}).settings.receivers


def test_the_environment_wins_over_the_file(file: Path) -> None:
    loaded = load_settings(file, {"COMMENT_MONITOR_KAFKA__BOOTSTRAP": "other:9092"})
    assert loaded.settings.kafka.bootstrap == "other:9092"


def test_the_environment_reaches_nested_sections() -> None:
    loaded = load_settings(None, {"COMMENT_MONITOR_KAFKA__RETENTION__COMMENTS": "2d"})
    assert Duration(172800) == loaded.settings.kafka.retention.comments


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("KAFKA__PARTITIONS", "8", 8),
        ("KAFKA__MANAGE_TOPICS", "false", False),
        ("KAFKA__SSL_CAFILE", "ca.pem", Path("ca.pem")),
        ("FUSE__DEAD_LETTER_RATIO", "0.25", 0.25),
        ("LANGUAGE__LANGUAGES", "en, de", ("en", "de")),
        ("WORKER__LINGER", "50ms", 0.05),
    ],
)
def test_the_environment_says_every_kind_of_value(variable: str, value: str, expected: object) -> None:
    settings = load_settings(None, {f"COMMENT_MONITOR_{variable}": value}).settings
    section, key = variable.lower().split("__")
    assert expected == getattr(getattr(settings, section), key)


def test_the_environment_gives_a_whole_list_as_json() -> None:
    environ = {"COMMENT_MONITOR_SOURCES": '[{"name": "gazette", "path": "gazette.jsonl", "follow": true}]'}
    (source,) = load_settings(None, environ).settings.sources
    assert (source.name, source.path, source.follow) == ("gazette", Path("gazette.jsonl"), True)


def test_an_empty_variable_sets_nothing(file: Path) -> None:
    loaded = load_settings(file, {"COMMENT_MONITOR_KAFKA__BOOTSTRAP": ""})
    assert loaded.settings.kafka.bootstrap == "broker:9092"


def test_variables_that_an_orchestrator_sets_are_left_alone() -> None:
    environ = {"COMMENT_MONITOR_PORT": "tcp://10.0.0.1:80", "COMMENT_MONITOR_SERVICE_HOST": "10.0.0.1"}
    assert Settings() == load_settings(None, environ).settings


def test_each_value_has_its_origin(file: Path) -> None:
    origins = load_settings(file, {"COMMENT_MONITOR_HTTP__PORT": "9000"}).origins
    assert str(origins["kafka.bootstrap"]) == f"{file}:3"
    assert str(origins["receivers.0.url"]) == f"{file}:9"
    assert str(origins["http.port"]) == "environment COMMENT_MONITOR_HTTP__PORT"
    assert str(origins["http.host"]) == "default"


def test_the_named_file_is_read_before_the_usual_one(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    other = tmp_path / "other.toml"
    other.write_text('[kafka]\nbootstrap = "other:9092"\n', encoding="utf-8")
    environ = {"COMMENT_MONITOR_CONFIG": str(other)}
    assert load_settings(None, {}).settings.kafka.bootstrap == "broker:9092"
    assert load_settings(None, environ).settings.kafka.bootstrap == "other:9092"
    assert load_settings(file, environ).settings.kafka.bootstrap == "broker:9092"


def test_a_configuration_reads_when_it_is_asked(file: Path) -> None:
    assert Configuration(path=file, environ={}).load().file == file


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"nowhere\.toml: error: cannot be read"):
        load_settings(tmp_path / "nowhere.toml", {})


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('[kafka]\ntopic_prefix = "ü"\n'.encode("latin-1"))
    with pytest.raises(Misconfigured, match="is not written in UTF-8"):
        load_settings(tmp_path / "latin.toml", {})


def test_a_file_of_another_editor_is_read_too(tmp_path: Path) -> None:
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf[kafka]\r\npartitions = 8\r\n")
    loaded = load_settings(file, {})
    assert loaded.settings.kafka.partitions == 8
    assert str(loaded.origins["kafka.partitions"]) == f"{file}:2"


def test_paths_in_the_file_are_relative_to_the_file(tmp_path: Path) -> None:
    loaded = written(tmp_path, '[rules]\npath = "our-rules"\n')
    assert tmp_path / "our-rules" == loaded.settings.rules.path


def test_standard_input_is_no_path(tmp_path: Path) -> None:
    loaded = written(tmp_path, '[[sources]]\nname = "piped"\npath = "-"\n')
    assert Path("-") == loaded.settings.sources[0].path


def test_a_reference_takes_a_value_from_the_environment(tmp_path: Path) -> None:
    text = '[kafka]\nbootstrap = "${env:HOST}:9092"\npartitions = "${env:COUNT}"\n'
    kafka = written(tmp_path, text, HOST="broker", COUNT="8").settings.kafka
    assert (kafka.bootstrap, kafka.partitions) == ("broker:9092", 8)


def test_a_reference_takes_a_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text("https://chat.example/hooks/2\n", encoding="utf-8")
    text = '[[receivers]]\nname = "desk"\ntype = "slack"\nurl = "${file:hook}"\nsecrets = ["${file:hook}"]\n'
    (receiver,) = written(tmp_path, text).settings.receivers
    assert Secret("https://chat.example/hooks/2") == receiver.url
    assert (Secret("https://chat.example/hooks/2"),) == receiver.secrets


@pytest.mark.parametrize("by", ["file", "environment"])
def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path, by: str) -> None:
    (tmp_path / "password").write_text("correct horse\n", encoding="utf-8")
    login = '[kafka]\nsecurity_protocol = "SASL_SSL"\nsasl_username = "monitor"\n'
    if by == "file":
        loaded = written(tmp_path, login + 'sasl_password_file = "password"\n')
    else:
        environ = {"COMMENT_MONITOR_KAFKA__SASL_PASSWORD_FILE": str(tmp_path / "password")}
        loaded = written(tmp_path, login, **environ)
    assert Secret("correct horse") == loaded.settings.kafka.sasl_password


def test_a_wrong_value_out_of_a_reference_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as error:
        written(tmp_path, '[logs]\nlevel = "${env:LEVEL}"\n', LEVEL="correct horse")
    assert "correct horse" not in str(error.value)


def test_settings_travel_to_other_processes_and_serve_as_keys() -> None:
    settings = load_settings(None, {"COMMENT_MONITOR_WORKER__LINGER": "30ms"}).settings
    assert settings == pickle.loads(pickle.dumps(settings))  # noqa: S301 - our own
    assert hash(settings) == hash(pickle.loads(pickle.dumps(settings)))  # noqa: S301 - our own


def test_each_process_takes_the_next_port() -> None:
    http = Settings().http
    assert (http.port_of(0), http.port_of(2)) == (8080, 8082)


def test_any_free_port_stays_any_free_port() -> None:
    http = load_settings(None, {"COMMENT_MONITOR_HTTP__PORT": "0"}).settings.http
    assert http.port_of(3) == 0
