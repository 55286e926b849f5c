"""Which ODBC driver is there, and what must be said to it so that it connects as it should?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from collectors.database.credentials import Credentials
from collectors.errors import CannotCollect
from collectors.safe import NO_TEXT, Safe, sanitise
from collectors.sqlserver.wire.target import APPLICATION, Encryption, Target

_INSTALL = "Install Microsoft's ODBC Driver 18 for SQL Server (msodbcsql18), or FreeTDS (tdsodbc)."
_INSTALL_MANAGER = "Install unixODBC (Debian: `apt install unixodbc`), and Microsoft's ODBC Driver 18 or `tdsodbc`."
_FREETDS_TRUSTS = Safe("FreeTDS does not verify the server's certificate: install Microsoft's ODBC Driver 18.")
_TOLD_TO_TRUST = Safe("The server's certificate is not verified: the profile says so.")
_UNENCRYPTED = Safe("The connection is not encrypted.")


class Family(StrEnum):
    MICROSOFT = "Microsoft"
    FREETDS = "FreeTDS"


PREFERRED = (
    ("ODBC Driver 18 for SQL Server", Family.MICROSOFT),
    ("ODBC Driver 17 for SQL Server", Family.MICROSOFT),
    ("FreeTDS", Family.FREETDS),
)


@dataclass(frozen=True, slots=True)
class Driver:
    """``named``: a registered name, or the path of its library."""

    named: str
    family: Family


def manager() -> Any:
    """The module, which needs unixODBC on the machine: loaded when the first server is asked, or not at all."""
    try:
        import pyodbc as module  # noqa: PLC0415 - so that everything else lives without unixODBC
    except ImportError as error:
        raise CannotCollect(
            "SQL Server cannot be asked: pyodbc finds no ODBC driver manager.", seen=sanitise(str(error), 200),
            mend=_INSTALL_MANAGER,
        ) from None  # fmt: skip
    module.pooling = False  # what is closed here is closed there
    return module


def choose(registered: Sequence[str], wanted: str = "") -> Driver:
    """Microsoft's before FreeTDS, the newest first; or the one that is ``wanted``: a name, or its library's path."""
    if "/" in wanted:
        return Driver(wanted, _family(PurePath(wanted).name, wanted))
    if wanted:
        if wanted not in registered:
            there = sanitise(", ".join(registered) or "none", 200)
            mend = f"Correct `driver` in the profile; there are: {there}."
            raise CannotCollect(f"There is no ODBC driver named {sanitise(wanted)}.", mend=mend)
        return Driver(wanted, _family(wanted, wanted))
    for name, family in PREFERRED:
        if name in registered:
            return Driver(name, family)
    seen = sanitise(", ".join(registered), 200)
    raise CannotCollect("There is no ODBC driver for SQL Server.", seen=seen, mend=_INSTALL)


def warning(driver: Driver, target: Target) -> Safe:
    """What a person should know about how the server is trusted; empty where it is verified."""
    if target.encryption is Encryption.OFF:
        return _UNENCRYPTED
    if target.encryption is Encryption.TRUST:
        return _TOLD_TO_TRUST
    return _FREETDS_TRUSTS if driver.family is Family.FREETDS else NO_TEXT


def connection_string(driver: Driver, target: Target, credentials: Credentials) -> str:
    """Holds the password: for the driver, and for nothing and nobody else."""
    words = _microsoft(target) if driver.family is Family.MICROSOFT else _freetds(target)
    common = (
        ("Driver", driver.named),
        ("UID", credentials.user),
        ("PWD", credentials.password),
        ("Database", target.database),
        ("APP", APPLICATION),
        *((("ApplicationIntent", "ReadOnly"),) if target.read_only else ()),
    )
    said = _for_microsoft if driver.family is Family.MICROSOFT else _for_freetds
    return "".join(f"{name}={said(name, value)};" for name, value in (*common, *words))


def _microsoft(target: Target) -> Iterator[tuple[str, str]]:
    yield "Server", f"tcp:{target.host},{target.port}"
    yield "Encrypt", _ENCRYPT[target.encryption]
    yield "TrustServerCertificate", "yes" if target.encryption is Encryption.TRUST else "no"
    if target.host_in_certificate:
        yield "HostNameInCertificate", target.host_in_certificate
    yield "MultiSubnetFailover", "Yes"  # all addresses of the name at once: one of them is the primary's
    yield "ConnectRetryCount", "0"  # a session taken up again would lack its prologue, and nobody would know


_ENCRYPT = {Encryption.VERIFY: "yes", Encryption.STRICT: "strict", Encryption.TRUST: "yes", Encryption.OFF: "no"}


def _freetds(target: Target) -> Iterator[tuple[str, str]]:
    if target.encryption is Encryption.STRICT:
        mend = f'{_INSTALL.partition(",")[0]}, or say `encrypt = "verify"`.'
        raise CannotCollect('FreeTDS does not speak TDS 8, which `encrypt = "strict"` asks for.', mend=mend)
    yield "Server", target.host
    yield "Port", str(target.port)
    yield "TDS_Version", "7.4"  # older ones break on datetime2
    yield "Encryption", "off" if target.encryption is Encryption.OFF else "require"


def _for_microsoft(name: str, value: str) -> str:
    """By ODBC's rule: in braces, a closing one doubled."""
    return "{" + _without_nul(name, value).replace("}", "}}") + "}"


def _for_freetds(name: str, value: str) -> str:
    """Up to 1.3 it knows no doubled brace and takes `};` for the end; later ones do: as both understand it.

    In braces only where it must be: for some of its words braces make it fail, and for one of them crash.
    """
    plain = _without_nul(name, value)
    if ";" not in plain and not plain.startswith("{") and plain == plain.strip():
        return plain
    if "}" in plain:
        mend = "Install Microsoft's ODBC Driver 18, or change it."
        raise CannotCollect(f"FreeTDS cannot be told {name}: it has a brace beside a semicolon.", mend=mend)
    return "{" + plain + "}"


def _without_nul(name: str, value: str) -> str:
    if "\0" in value:
        raise CannotCollect(f"{name} has a NUL character in it, which ODBC cannot be told.", mend="Correct it.")
    return value


def _family(name: str, wanted: str) -> Family:
    plain = name.casefold()
    if "msodbcsql" in plain or "odbc driver 1" in plain:
        return Family.MICROSOFT
    if "tds" in plain:
        return Family.FREETDS
    mend = "Name Microsoft's ODBC Driver 17 or 18 or FreeTDS, or the path of its library."
    raise CannotCollect(f"{sanitise(wanted)} is no driver that is known here.", mend=mend)
