"""Whom is the password told? Certificates that are trusted, not trusted, and another's, by both drivers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.errors import CannotCollect
from collectors.sqlserver.wire.reach import reach
from collectors.sqlserver.wire.target import Encryption, Target
from console.demo.tds.faults import BadCertificate, Silent
from console.demo.tds.session import House
from console.demo.tds.tls import Certificate
from tests.collectors.sqlserver.wire.asking import ONE, not_held_up, wired
from tests.rig import tds
from tests.rig.own_certificate import certificate

SECURE = [Encryption.VERIFY, Encryption.STRICT]


@pytest.fixture(scope="module")
def localhost(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("own"), "localhost", loopback=False)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("other"), "elsewhere", loopback=False)


@pytest.fixture
def secured(script: tds.Script, localhost: Certificate) -> Iterator[tds.Serving]:
    with tds.serving(script, House(script, localhost)) as serving:
        yield serving


@pytest.fixture
def microsoft() -> tds.Driver:
    return tds.driver(tds.MICROSOFT)


@pytest.fixture
def freetds() -> tds.Driver:
    return tds.driver(tds.FREETDS)


def trusting(monkeypatch: pytest.MonkeyPatch, chain: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))


@pytest.mark.parametrize("encryption", SECURE)
async def test_a_certificate_that_is_not_trusted_ends_it(
    secured: tds.Serving, script: tds.Script, microsoft: tds.Driver, encryption: Encryption
) -> None:
    with pytest.raises(CannotCollect, match=r"certificate of localhost:.* is not trusted here") as raised:
        await wired(secured, microsoft, target={"host": "localhost", "encryption": encryption}).ask(ONE)
    assert "global-bundle.pem" in raised.value.mend
    assert "ca_file" in raised.value.mend
    assert script.asked == []


@pytest.mark.parametrize("encryption", SECURE)
async def test_one_that_is_trusted_does_not(
    secured: tds.Serving,
    localhost: Certificate,
    microsoft: tds.Driver,
    encryption: Encryption,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusting(monkeypatch, localhost.chain)
    asked = wired(secured, microsoft, target={"host": "localhost", "encryption": encryption})
    assert await asked.ask(ONE)
    assert asked.load.warning == ""


async def test_one_for_another_name_ends_it_unless_that_name_was_meant(
    secured: tds.Serving, elsewhere: Certificate, microsoft: tds.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting(monkeypatch, elsewhere.chain)
    with secured.faults.during(BadCertificate(elsewhere)):
        with pytest.raises(CannotCollect, match="is for another name") as raised:
            await wired(secured, microsoft, target={"host": "localhost", "encryption": Encryption.VERIFY}).ask(ONE)
        assert "host_in_certificate" in raised.value.mend
        target = {"host": "localhost", "encryption": Encryption.VERIFY, "host_in_certificate": "elsewhere"}
        assert await wired(secured, microsoft, target=target).ask(ONE)


async def test_who_trusts_anybody_is_told_so(secured: tds.Serving, driver: tds.Driver) -> None:
    asked = wired(secured, driver, target={"encryption": Encryption.TRUST})
    assert await asked.ask(ONE)
    assert asked.load.warning == "The server's certificate is not verified: the profile says so."


async def test_freetds_encrypts_and_says_that_it_verifies_nothing(secured: tds.Serving, freetds: tds.Driver) -> None:
    asked = wired(secured, freetds, target={"encryption": Encryption.VERIFY})
    assert await asked.ask(ONE)
    assert asked.load.warning.startswith("FreeTDS does not verify the server's certificate")


async def test_a_server_without_tls_is_not_told_the_password(server: tds.Serving, driver: tds.Driver) -> None:
    with pytest.raises(CannotCollect, match="no session with TLS comes of it"):
        await wired(server, driver, target={"encryption": Encryption.VERIFY}).ask(ONE)


async def test_freetds_cannot_be_strict(secured: tds.Serving, freetds: tds.Driver) -> None:
    with pytest.raises(CannotCollect, match="FreeTDS does not speak TDS 8"):
        await wired(secured, freetds, target={"encryption": Encryption.STRICT}).ask(ONE)


async def test_strict_ends_in_time_with_a_server_that_is_silent(secured: tds.Serving, microsoft: tds.Driver) -> None:
    """The driver alone waits without an end."""
    asked = wired(secured, microsoft, target={"encryption": Encryption.STRICT})
    with secured.faults.during(Silent()):
        async with not_held_up():
            with pytest.raises(CannotCollect, match="says nothing, where TDS 8 begins with TLS"):
                await asked.ask(ONE)
    assert asked.load.hanging == 0


async def test_strict_with_an_older_server_is_told_what_it_is(server: tds.Serving, microsoft: tds.Driver) -> None:
    with pytest.raises(CannotCollect, match=r"does not begin with TLS|says nothing, where TDS 8") as raised:
        await wired(server, microsoft, target={"encryption": Encryption.STRICT}).ask(ONE)
    assert "SQL Server 2022" in raised.value.mend


def test_a_port_whose_queue_is_full_is_given_up_in_time() -> None:
    """Nobody answers, not even to refuse: what a security group does that drops packets."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        waiting = []
        for _ in range(4):
            line = socket.socket()
            line.setblocking(False)
            line.connect_ex(("127.0.0.1", port))
            waiting.append(line)
        with pytest.raises(CannotCollect, match=r"does not answer within 0\.3 s"):
            reach(Target("127.0.0.1", port), 0.3)
        for line in waiting:
            line.close()
