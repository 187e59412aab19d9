"""Certificates for tests, by the `openssl` command."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Nothing but what the command line says: no extension by default, no question asked.
CONFIG: Final = "[req]\ndistinguished_name=name\n[name]\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate and its key, PEM files both."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates that whoever trusts `certificate` trusts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "openssl.cnf").write_text(CONFIG)
        extensions = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign")
        self._own = self._new("authority", *extensions, signed_by=[])

    @property
    def certificate(self) -> Path:
        """Return the authority's own certificate."""
        return self._own.certificate

    def sign(self, name: str, *extensions: str) -> Certificate:
        """Return a new certificate, with extensions such as `subjectAltName=IP:127.0.0.1`."""
        signing: list[str | Path] = ["-CA", self._own.certificate, "-CAkey", self._own.key]
        return self._new(name, "authorityKeyIdentifier=keyid", *extensions, signed_by=signing)

    def _new(self, name: str, *extensions: str, signed_by: list[str | Path]) -> Certificate:
        made = Certificate(certificate=self._folder / f"{name}.crt", key=self._folder / f"{name}.key")
        asked = ["-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2", "-subj", f"/CN={name}", *signed_by]
        asked += [part for extension in extensions for part in ("-addext", extension)]
        asked += ["-config", self._folder / "openssl.cnf", "-keyout", made.key, "-out", made.certificate]
        openssl("req", *asked)
        return made


def openssl(*arguments: str | Path) -> None:
    """Run an openssl command; fail with what it said if it fails."""
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
