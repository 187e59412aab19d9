from __future__ import annotations

from pathlib import Path

import pytest

from monitor.domain.errors import Misconfigured
from monitor.settings import KafkaSettings
from streams.connection import ssl_context
from tests.certificates import Authority, openssl


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_without_tls_there_is_no_context() -> None:
    assert ssl_context(KafkaSettings(security_protocol="PLAINTEXT")) is None


def test_a_certificate_file_that_is_missing_is_named(tmp_path: Path) -> None:
    kafka = KafkaSettings(security_protocol="SSL", ssl_cafile=tmp_path / "nowhere.pem")
    with pytest.raises(
        Misconfigured, match=r"kafka.ssl_cafile cannot be used \(.*nowhere.pem\): .*No such file"
    ):
        ssl_context(kafka)


def test_a_key_of_another_certificate_is_told(authority: Authority) -> None:
    one, other = authority.sign("one"), authority.sign("other")
    kafka = KafkaSettings(security_protocol="SSL", ssl_certfile=one.certificate, ssl_keyfile=other.key)
    with pytest.raises(Misconfigured, match=r"ssl_certfile or kafka.ssl_keyfile cannot be used .*mismatch"):
        ssl_context(kafka)


def test_an_encrypted_key_is_told_instead_of_asking_for_its_password(
    authority: Authority, tmp_path: Path
) -> None:
    ours, locked = authority.sign("ours"), tmp_path / "locked.key"
    openssl("pkey", "-in", ours.key, "-aes256", "-passout", "pass:of the test", "-out", locked)
    kafka = KafkaSettings(security_protocol="SSL", ssl_certfile=ours.certificate, ssl_keyfile=locked)
    with pytest.raises(Misconfigured, match="ssl_keyfile is encrypted"):
        ssl_context(kafka)
