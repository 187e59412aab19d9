from __future__ import annotations

import re
from pathlib import Path

from monitor.domain.severity import Severity
from monitor.settings import Secret, load_settings

README = Path(__file__).parents[3] / "monitor" / "settings" / "README.md"


def test_the_example_in_the_readme_is_right(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    (tmp_path / "kafka").write_text("correct horse\n", encoding="utf-8")
    file = tmp_path / "comment-monitor.toml"
    file.write_text(example.replace("/run/secrets/kafka", "kafka"), encoding="utf-8")
    settings = load_settings(file, {"SLACK_URL": "https://chat.example/hooks/1"}).settings
    assert Secret("correct horse") == settings.kafka.sasl_password
    assert [True] == [source.follow for source in settings.sources]
    assert [Severity.HIGH] == [receiver.min_severity for receiver in settings.receivers]
