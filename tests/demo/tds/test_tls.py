"""TLS inside TDS, TDS inside TLS, and none: what each driver asks for, what is then to be read on the line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.database.rows import Rows
from console.demo.tds.faults import BadCertificate
from console.demo.tds.handshake import Encryption, encryption_of, options_of, prelogin
from console.demo.tds.packets import Kind, packets
from console.demo.tds.session import House
from console.demo.tds.tls import Certificate
from tests.demo.tds.raw import dialled, message
from tests.rig.certificates import Certificates, certificates
from tests.rig.tap import Tap, tap
from tests.rig.tds import (
    DRIVERS,
    FREETDS,
    MICROSOFT,
    PASSWORD,
    USER,
    Script,
    Serving,
    connected,
    driver,
    fetched,
    serving,
    state,
)  # fmt: skip

LOGIN, STATEMENT = USER.encode("utf-16-le"), "SELECT 'hidden?'".encode("utf-16-le")
TRUST = {"TrustServerCertificate": "yes"}

MODES = [  # driver, what it is told, whether the login and the statements are hidden
    pytest.param(FREETDS, {"Encryption": "off"}, False, False, id="freetds-off"),
    pytest.param(FREETDS, {"Encryption": "request"}, True, False, id="freetds-request"),
    pytest.param(FREETDS, {"Encryption": "require"}, True, True, id="freetds-require"),
    pytest.param(MICROSOFT, {"Encrypt": "no"}, True, False, id="microsoft-no"),
    pytest.param(MICROSOFT, {"Encrypt": "optional"}, True, False, id="microsoft-optional"),
    pytest.param(MICROSOFT, {"Encrypt": "yes", **TRUST}, True, True, id="microsoft-yes"),
    pytest.param(MICROSOFT, {"Encrypt": "strict"}, True, True, id="microsoft-strict"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


@contextmanager
def tapped(certificate: Certificate | None, *, required: bool = False) -> Iterator[tuple[Serving, Tap]]:
    script = Script(lambda asked: [Rows(("n", "text"), ((len(asked.text), "x" * 100),) * 500)])
    with serving(script, House(script, certificate, required)) as server, tap(server.port) as heard:
        yield replace(server, port=heard.port), heard


@pytest.mark.parametrize(("name", "told", "login_hidden", "all_hidden"), MODES)
def test_each_way_to_encrypt(
    made: Certificates, name: str, told: dict[str, str], login_hidden: bool, all_hidden: bool
) -> None:
    known = driver(name)
    if told.get("Encrypt") == "strict":
        told = {**told, "ServerCertificate": str(made.good.chain)}
    with tapped(made.good) as (server, heard), connected(known, server, told) as connection:
        assert fetched(connection, STATEMENT.decode("utf-16-le")) == [(16, "x" * 100)] * 500
        assert fetched(connection, STATEMENT.decode("utf-16-le") + ", ?", "y" * 20_000) == [(21, "x" * 100)] * 500
        assert (LOGIN in heard.heard, STATEMENT in heard.heard) == (not login_hidden, not all_hidden)


SAID = [  # what the client says, and what it is told: by a server that can, that must, that cannot
    (Encryption.OFF, (Encryption.OFF, Encryption.REQUIRED, Encryption.UNABLE)),
    (Encryption.ON, (Encryption.ON, Encryption.REQUIRED, Encryption.UNABLE)),
    (Encryption.REQUIRED, (Encryption.ON, Encryption.REQUIRED, Encryption.UNABLE)),
    (Encryption.UNABLE, (Encryption.UNABLE, Encryption.REQUIRED, Encryption.UNABLE)),
]


@pytest.mark.parametrize(("said", "told"), SAID)
def test_what_is_agreed_about_encryption(made: Certificates, said: Encryption, told: tuple[Encryption, ...]) -> None:
    seen = []
    for certificate, required in ((made.good, False), (made.good, True), (None, False)):
        with tapped(certificate, required=required) as (server, _), dialled(server.port) as line:
            line.sendall(packets(Kind.PRELOGIN, prelogin(said)))
            seen.append(encryption_of(options_of(message(line))))
    assert tuple(seen) == told


@pytest.mark.parametrize("name", DRIVERS)
def test_a_server_that_requires_encryption_gets_it(made: Certificates, name: str) -> None:
    known = driver(name)
    with tapped(made.good, required=True) as (server, heard), connected(known, server, TRUST) as connection:
        assert len(fetched(connection, STATEMENT.decode("utf-16-le"))) == 500
        assert LOGIN not in heard.heard
        assert STATEMENT not in heard.heard


@pytest.mark.parametrize("name", DRIVERS)
def test_a_server_without_a_certificate_says_that_it_cannot(name: str) -> None:
    known = driver(name)
    with tapped(None) as (server, heard):
        with connected(known, server) as connection:
            fetched(connection, STATEMENT.decode("utf-16-le"))
            assert LOGIN in heard.heard
            assert STATEMENT in heard.heard
        wants = {"Encryption": "require"} if name == FREETDS else {"Encrypt": "yes", **TRUST}
        with pytest.raises(Exception, match=r"(?i)encrypt|connect"), connected(known, server, wants):
            pass


def test_the_password_is_never_on_the_line_when_tls_is_to_be_had(made: Certificates) -> None:
    hidden = bytes(((byte << 4 | byte >> 4) & 0xFF) ^ 0xA5 for byte in PASSWORD.encode("utf-16-le"))
    known = driver(FREETDS)
    for certificate in (made.good, None):
        with tapped(certificate) as (server, heard), connected(known, server, {"Encryption": "request"}):
            assert (hidden in heard.heard) == (certificate is None)


BAD = [("self_signed", "self-signed certificate"), ("wrong_host", "does not match"), ("expired", "expired")]


@pytest.mark.parametrize("encrypt", ["yes", "strict"])
@pytest.mark.parametrize(("bad", "why"), BAD)
def test_microsofts_driver_refuses_a_bad_certificate_and_says_why(
    made: Certificates, monkeypatch: pytest.MonkeyPatch, encrypt: str, bad: str, why: str
) -> None:
    known = driver(MICROSOFT)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    told = {"Encrypt": encrypt, "HostNameInCertificate": "localhost"}
    with tapped(made.good) as (server, _):
        with server.faults.during(BadCertificate(getattr(made, bad))):
            with pytest.raises(Exception, match=f"certificate verify failed:.*{why}") as refused:
                connected(known, server, told).__enter__()
            assert state(refused.value) == "08001"
        with connected(known, server, told) as connection:
            assert fetched(connection, "SELECT")


@pytest.mark.parametrize(("bad", "why"), BAD)
def test_freetds_refuses_a_bad_certificate_only_where_it_has_an_authority(
    made: Certificates, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bad: str, why: str
) -> None:
    known = driver(FREETDS)
    config = tmp_path / "freetds.conf"
    monkeypatch.setenv("FREETDSCONF", str(config))
    with tapped(made.good) as (server, _), server.faults.during(BadCertificate(getattr(made, bad))):
        with connected(known, server, {"Encryption": "require"}) as connection:
            assert fetched(connection, "SELECT")
        text = f"[demo]\nhost = 127.0.0.1\nport = {server.port}\nencryption = require\nca file = {made.authority}\n"
        config.write_text(text)
        import pyodbc  # noqa: PLC0415 - it needs unixODBC

        by_name = f"Driver={known.named};Servername=demo;PWD={{{PASSWORD}}};UID={USER}"
        with pytest.raises(pyodbc.Error, match="08001"):
            pyodbc.connect(by_name, timeout=5)
        server.faults.set()
        pyodbc.connect(by_name, timeout=5).close()
