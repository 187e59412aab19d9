from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from monitor.settings import Loaded, Secret, Settings, load_settings
from monitor.settings.describe import as_toml, effective, json_schema

EXAMPLE = """
[kafka]
security_protocol = "SASL_SSL"
sasl_username = "monitor"
sasl_password = "correct horse"
retention = { comments = "36h" }

[worker]
linger = "50ms"

[[receivers]]
name = "desk"
type = "webhook"
url = "https://desk.example/hook"
secrets = ["battery", "staple"]

[[sources]]
name = "gazette"
path = "/srv/gazette.jsonl"
"""


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    monkeypatch.chdir(tmp_path)
    Path("comment-monitor.toml").write_text(EXAMPLE, encoding="utf-8")
    return load_settings(None, {})


def test_what_is_shown_is_a_settings_file_that_means_the_same(loaded: Loaded) -> None:
    shown = as_toml(loaded)
    for hidden, secret in (("url", "https://desk.example/hook"), ("sasl_password", "correct horse")):
        shown = shown.replace(f'{hidden} = "********"', f'{hidden} = "{secret}"')
    shown = shown.replace('["********", "********"]', '["battery", "staple"]')
    Path("shown.toml").write_text(shown, encoding="utf-8")
    assert loaded.settings == load_settings(Path("shown.toml"), {}).settings


def test_the_defaults_are_shown_as_a_file_that_means_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shown.toml").write_text(as_toml(load_settings(None, {})), encoding="utf-8")
    assert Settings() == load_settings(Path("shown.toml"), {}).settings


def test_an_empty_list_is_shown_as_one(tmp_path: Path) -> None:
    file = tmp_path / "quiet.toml"
    file.write_text("receivers = []\n", encoding="utf-8")
    assert tomllib.loads(as_toml(load_settings(file, {})))["receivers"] == []


def test_no_secret_is_shown(loaded: Loaded) -> None:
    shown = as_toml(loaded) + str(list(effective(loaded))) + repr(loaded)
    for secret in ("correct horse", "battery", "staple", "desk.example"):
        assert secret not in shown


def test_each_value_says_where_it_comes_from(loaded: Loaded) -> None:
    shown = as_toml(loaded)
    assert f'linger = "50ms"  # {loaded.file}:9' in shown
    assert 'host = "127.0.0.1"  # default' in shown


def test_the_schema_knows_every_key_of_the_example() -> None:
    def check(value: object, schema: object) -> None:
        assert isinstance(schema, dict)
        if isinstance(value, dict):
            for key, inner in value.items():
                check(inner, schema["properties"][key])
        elif isinstance(value, list):
            for item in value:
                check(item, schema["items"])

    check(tomllib.loads(EXAMPLE), json_schema())


def test_a_secret_has_a_file_beside_it_in_the_schema() -> None:
    schema = json_schema()
    assert isinstance(schema["properties"], dict)
    assert "sasl_password_file" in schema["properties"]["kafka"]["properties"]


def test_secrets_in_the_settings_are_of_the_type_that_hides_them(loaded: Loaded) -> None:
    assert Secret("correct horse") == loaded.settings.kafka.sasl_password
