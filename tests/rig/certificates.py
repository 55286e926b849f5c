"""Certificates of a test's own: a good one, and those that a client must not take."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from console.demo.tds.tls import Certificate
from tests.rig.needs import need

HERE = "subjectAltName=DNS:localhost,IP:127.0.0.1"
ELSEWHERE = "subjectAltName=DNS:elsewhere.invalid"
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True, slots=True)
class Certificates:
    """``authority`` is the file of the one that signed all of them but ``self_signed``."""

    authority: Path
    good: Certificate
    self_signed: Certificate
    wrong_host: Certificate
    expired: Certificate


def certificates(folder: Path) -> Certificates:
    """Made by the `openssl` command; takes a tenth of a second."""
    need("openssl")
    authority = _self_signed(folder, "authority", "basicConstraints=critical,CA:TRUE")
    return Certificates(
        authority=authority.chain,
        good=_signed(folder, "good", authority, HERE),
        self_signed=_self_signed(folder, "self-signed", HERE),
        wrong_host=_signed(folder, "wrong-host", authority, ELSEWHERE),
        expired=_signed(folder, "expired", authority, HERE, "-days", "-1"),
    )


def _self_signed(folder: Path, name: str, extension: str) -> Certificate:
    made = _named(folder, name)
    subject = ("-subj", f"/CN={name}.invalid", "-addext", extension)
    _openssl("req", "-x509", *KEY, "-days", "2", *subject, "-keyout", str(made.key), "-out", str(made.chain))
    return made


def _signed(folder: Path, name: str, by: Certificate, extension: str, *days: str) -> Certificate:
    made = _named(folder, name)
    request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
    extensions.write_text(extension)
    _openssl("req", *KEY, "-subj", f"/CN={name}.invalid", "-keyout", str(made.key), "-out", str(request))
    _openssl(
        "x509", "-req", "-in", str(request), "-CA", str(by.chain), "-CAkey", str(by.key), "-CAcreateserial",
        "-extfile", str(extensions), *(days or ("-days", "2")), "-out", str(made.chain),
    )  # fmt: skip
    return made


def _named(folder: Path, name: str) -> Certificate:
    return Certificate(folder / f"{name}.pem", folder / f"{name}.key")


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True, stdin=subprocess.DEVNULL)
