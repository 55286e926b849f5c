"""Which server serves a resource: by the inventory and the profile."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.aws.known import Found, Known
from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from collectors.readings import ResourceId
from collectors.safe import Safe
from collectors.sqlserver.wire.servers import Login, WiredServers
from collectors.sqlserver.wire.target import Encryption
from collectors.threads import Threads
from tests.collectors.sqlserver.wire.asking import ONE
from tests.rig import tds

HOME = Place(Account("home"), "eu-west-1")
ORDERS = ResourceId(Safe("orders-1"))


def found(port: int, host: str = "127.0.0.1") -> Found:
    return Found(ORDERS, HOME, "instance", "sqlserver-se", "orders-1", "", "AWS/RDS", (), endpoint=(host, port))


class Places:
    """Which places were read."""

    def __init__(self) -> None:
        self.asked: list[Place] = []

    def __call__(self, place: Place) -> Reader:
        self.asked.append(place)
        return None  # type: ignore[return-value]  # nothing is read of it here


def servers(*logins: Login, known: Known, readers: Places | None = None, **environment: str) -> WiredServers:
    return WiredServers(logins, known.find, readers or Places(), Threads(), time.monotonic, environment=environment)


async def test_what_the_inventory_found_is_asked_as_the_profile_says(
    server: tds.Serving, script: tds.Script, driver: tds.Driver
) -> None:
    known = Known()
    known.put(HOME, [found(server.port)])
    login = Login("env:P", user=tds.USER, encryption=Encryption.OFF, driver=driver.named, read_only=True)
    wired = servers(replace(login, ids=("billing-*",), user="x"), login, known=known, P=tds.PASSWORD)
    assert await wired.of(ORDERS).ask(ONE)
    assert wired.of(ORDERS) is wired.of(ORDERS)
    assert script.asked[0].login.read_only
    assert wired.loads[ORDERS].connections == 1
    await wired.close()
    assert wired.loads == {}


async def test_another_address_is_another_server(server: tds.Serving, driver: tds.Driver) -> None:
    known = Known()
    known.put(HOME, [found(1)])
    wired = servers(
        Login("env:P", user=tds.USER, encryption=Encryption.OFF, driver=driver.named), known=known, P=tds.PASSWORD
    )
    before = wired.of(ORDERS)
    known.put(HOME, [replace(found(1), role="replica")])
    assert wired.of(ORDERS) is before
    known.put(HOME, [found(server.port)])
    assert await wired.of(ORDERS).ask(ONE)


@pytest.mark.parametrize(
    ("login", "listed", "words", "mend"),
    [
        (Login("rds"), None, "not known to the inventory", "Wait"),
        (Login("rds", ids=("x",)), found(1), "no login for orders-1", "[[sqlserver]]"),
        (Login("rds", engines=("custom-*",)), found(1), "no login for orders-1", "[[sqlserver]]"),
        (Login("rds"), replace(found(1), endpoint=None), "has no address yet", "AWS"),
        (Login("rds", ca_file="/no/such/file"), found(1), "`ca_file` cannot be read", "Correct the path"),
    ],
)
async def test_what_is_in_the_way_is_told(login: Login, listed: Found | None, words: str, mend: str) -> None:
    known = Known()
    known.put(HOME, [listed] if listed else [])
    with pytest.raises(CannotCollect, match=words) as raised:
        servers(login, known=known).of(ORDERS)
    assert mend in raised.value.mend


def test_who_is_trusted_is_said_to_the_driver_for_all_of_them(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    logins = [Login("rds"), Login("rds", ca_file=str(tmp_path / "bundle.pem"))]
    WiredServers(logins, Known().find, Places(), Threads(), time.monotonic, environment=environment)
    assert environment == {"SSL_CERT_FILE": str(tmp_path / "bundle.pem")}
    untouched: dict[str, str] = {}
    WiredServers([Login("rds")], Known().find, Places(), Threads(), time.monotonic, environment=untouched)
    assert untouched == {}


async def test_the_profiles_port_goes_before_the_inventorys() -> None:
    known = Known()
    known.put(HOME, [found(1, "db.example.org")])
    assert str(servers(Login("rds", port=14330), known=known).of(ORDERS).target) == "db.example.org:14330"


async def test_a_secret_is_read_where_its_arn_says() -> None:
    known, readers = Known(), Places()
    known.put(HOME, [found(1)])
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders-AbCdEf"
    servers(Login(f"secretsmanager:{arn}"), known=known, readers=readers).of(ORDERS)
    servers(Login("secretsmanager:orders"), known=known, readers=readers).of(ORDERS)
    assert [place.region for place in readers.asked] == ["us-east-1", "eu-west-1"]
