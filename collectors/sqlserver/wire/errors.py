"""What became of a call to a SQL Server? Told by the native number, which both drivers give, and not by a class."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.errors import CannotCollect, Denied, Expired
from collectors.safe import Safe, sanitise

_NUMBER = re.compile(r"\((-?\d{1,9})\)(?=\s*;|\s*\(SQL|\s*$)")
_STATE = re.compile(r"\[([0-9A-Z]{5})\]")
_ORIGIN = re.compile(r"\[[^\[\]]{1,60}\]\s*")
_QUOTED = re.compile(r"'((?:[^']|'')*)'|\"([^\"]*)\"")
_PERMISSION = re.compile(r"\b([A-Z]{2,}(?: [A-Z]+)*) permission was denied")
_ON_OBJECT = re.compile(r"on (?:the )?(?:object|column) '([^']*)'")
_CERTIFICATE = re.compile(r"certificate|SSL Provider", re.IGNORECASE)
_NO_TLS = re.compile(r"encryption not supported|Unable to connect to data source", re.IGNORECASE)
_NAME_IN_CERTIFICATE = re.compile(r"hostname|subject name|name mismatch|host name", re.IGNORECASE)
_RDS_BUNDLE = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"


@dataclass(frozen=True, slots=True)
class About:
    """What was being done, for the words about what became of it."""

    server: str
    user: str = ""
    database: str = ""
    version: str = ""  # as the driver knows it once it is connected: 13.0.6300
    grant: str = ""  # what the question needs at least
    seconds: float = 0  # after which it is given up
    is_login: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a driver says, taken apart."""

    state: str  # SQLSTATE of the first record
    numbers: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    trouble: CannotCollect
    number: int | None = None
    loses: bool = False  # whether the connection is not to be trusted any more
    refuses: bool = False  # whether these credentials must not be tried again as they are


def said(error: BaseException) -> Said:
    """Of pyodbc's errors the arguments are a SQLSTATE and all records of the driver in one text."""
    words = [str(each) for each in error.args]
    text = " ".join(" ".join(words[1:] if len(words) > 1 else words).split())
    state = words[0] if len(words) > 1 and re.fullmatch(r"[0-9A-Z]{5}", words[0]) else ""
    if not state and (found := _STATE.search(text)):
        state = found[1]
    return Said(state, tuple(int(number) for number in _NUMBER.findall(text)), text)


def told(error: BaseException, about: About) -> Told:
    """Pure: the same error gives the same words, and none of them comes from data."""
    if isinstance(error, CannotCollect):
        return Told(error, loses=True)  # of ours: what is left of the answer is still on the way
    what = said(error)
    for number, judge in _BY_NUMBER.items():  # in this order: 4060 comes with 18456, 300 with 297
        if number in what.numbers:
            return judge(number, what, about)
    if what.state in ("HYT00", "HYT01") or "Query timeout" in what.text or "Timeout expired" in what.text:
        return _too_late(what, about)
    if what.state == "HY008":
        return Told(CannotCollect(f"{about.server}: the statement was stopped."), loses=True)
    if what.state.startswith("08") or set(what.numbers) & _LINK or "Unknown error (0)" in what.text:  # FreeTDS: cut off
        return _unconnected(what, about)
    return _unknown(what, about)


def _seen(what: Said) -> Safe:
    """The first record, without the literals that may be quoted in it."""
    plain = _QUOTED.sub("'…'", _ORIGIN.sub("", what.text).partition("; ")[0])
    return sanitise(plain.strip(), 300)


def _first_quoted(what: Said) -> Safe:
    found = _QUOTED.search(what.text)
    return sanitise((found[1] or found[2] or "") if found else "", 200)


def _wrong_password(number: int, what: Said, about: About) -> Told:
    user = sanitise(about.user)
    mend = "It is not tried again until the secret changes or somebody refreshes, lest the account is locked."
    trouble = Expired(f"{about.server} refuses the login of {user}.", seen=str(number), mend=mend)
    return Told(trouble, number, loses=True, refuses=True)


def _closed_account(why: str, mend: str) -> Callable[[int, Said, About], Told]:
    def judge(number: int, what: Said, about: About) -> Told:
        what_is = f"{about.server}: the login {sanitise(about.user)} {why}."
        return Told(Expired(what_is, seen=str(number), mend=mend), number, loses=True, refuses=True)

    return judge


def _no_database(number: int, what: Said, about: About) -> Told:
    name = _first_quoted(what) or sanitise(about.database)
    mend = "Grant the login access to it, or wait until it is online."
    trouble = CannotCollect(f"{about.server}: the database {name} cannot be opened.", seen=str(number), mend=mend)
    return Told(trouble, number, loses=True)


def _not_now(why: str) -> Callable[[int, Said, About], Told]:
    def judge(number: int, what: Said, about: About) -> Told:
        return Told(CannotCollect(f"{about.server} {why}.", seen=str(number)), number, loses=True)

    return judge


def _denied(number: int, what: Said, about: About) -> Told:
    named = _PERMISSION.search(what.text)  # the server knows best which it was
    grant = sanitise(named[1] if named else about.grant or "VIEW SERVER STATE", 100)
    on = _ON_OBJECT.search(what.text)
    if on and grant in ("SELECT", "EXECUTE"):
        grant = sanitise(f"{grant} ON {on[1]}", 200)
    mend = f"Grant {grant} to the login, or leave out what needs it."
    trouble = Denied(f"{about.server}: this login may not ask that.", grant=grant, seen=str(number), mend=mend)
    return Told(trouble, number)


def _missing(number: int, what: Said, about: About) -> Told:
    kind = {207: "column", 208: "view or table", 2812: "procedure"}[number]
    version = f"SQL Server {sanitise(about.version)}" if about.version else "This version of SQL Server"
    trouble = CannotCollect(
        f"{version} on {about.server} has no {kind} {_first_quoted(what)}.",
        seen=str(number), mend="What needs it is left out there; a newer version has it.",
    )  # fmt: skip
    return Told(trouble, number)


def _locked(number: int, what: Said, about: About) -> Told:
    why = "was chosen as a deadlock's victim" if number == 1205 else "waited for a lock for as long as it may"
    trouble = CannotCollect(f"{about.server}: the statement {why}.", seen=str(number), mend="It is asked again.")
    return Told(trouble, number)


def _too_late(what: Said, about: About) -> Told:
    did = "takes the connection and lets nobody in" if about.is_login else "did not answer"
    mend = "Look at how busy it is; the connection is made anew."
    told_ = CannotCollect(f"{about.server} {did} within {about.seconds:g} s.", seen=sanitise(what.state, 10), mend=mend)
    return Told(told_, loses=True)


def _unconnected(what: Said, about: About) -> Told:
    """No native number of the server's: the driver's own word, of the way there."""
    if _CERTIFICATE.search(what.text):
        return Told(_untrusted(what, about), loses=True)
    if about.is_login and _NO_TLS.search(what.text):
        no_tls = f"{about.server} takes the connection, and no session with TLS comes of it."
        return Told(
            CannotCollect(no_tls, seen=_seen(what), mend="Does it speak TLS 1.2, and is it SQL Server?"), loses=True
        )
    mend = "Look at the network and the security group; it is tried again."
    return Told(CannotCollect(f"The connection to {about.server} broke.", seen=_seen(what), mend=mend), loses=True)


def _untrusted(what: Said, about: About) -> CannotCollect:
    if _NAME_IN_CERTIFICATE.search(what.text):
        return CannotCollect(
            f"The certificate of {about.server} is for another name.", seen=_seen(what),
            mend="Ask it by the name in its certificate, or say `host_in_certificate` in the profile.",
        )  # fmt: skip
    mend = f"For RDS, get {_RDS_BUNDLE} and name it as `ca_file` in the profile, or add it to the system's store."
    return CannotCollect(f"The certificate of {about.server} is not trusted here.", seen=_seen(what), mend=mend)


def _unknown(what: Said, about: About) -> Told:
    number = next((each for each in what.numbers if each), None)
    trouble = CannotCollect(f"{about.server} refused the statement.", seen=_seen(what))
    return Told(trouble, number, loses=number is None)


_LINK = frozenset((20002, 20003, 20004, 20006, 20009, 20017, 20047, 104, 10053, 10054, 10060, 10061))
"""FreeTDS's own numbers, and those of sockets, for a line that broke."""

_DISABLED = _closed_account("is disabled", "Enable it: `ALTER LOGIN … ENABLE`. Then refresh here.")
_LOCKED_OUT = _closed_account("is locked out", "Unlock it: `ALTER LOGIN … WITH PASSWORD … UNLOCK`. Then refresh here.")
_PASSWORD_OLD = _closed_account("has a password that has expired", "Set another, change the secret, and refresh here.")
_MUST_CHANGE = _closed_account("must change its password first", "Set another, change the secret, and refresh here.")
_BY_NUMBER: Mapping[int, Callable[[int, Said, About], Told]] = {
    4060: _no_database,
    18470: _DISABLED,
    18486: _LOCKED_OUT,
    18487: _PASSWORD_OLD,
    18488: _MUST_CHANGE,
    18452: _wrong_password,  # of an untrusted domain: a Windows login where none can be
    18456: _wrong_password,
    18401: _not_now("is being upgraded"),
    18461: _not_now("serves one administrator alone: it is in single-user mode"),
    17142: _not_now("is paused"),
    6005: _not_now("is shutting down"),
    976: _not_now("has the database on a replica that is not to be read"),
    978: _not_now("has the database on a replica that takes only read-only intent"),
    229: _denied,
    300: _denied,
    371: _denied,
    230: _denied,
    262: _denied,
    916: _denied,
    297: _denied,
    207: _missing,
    208: _missing,
    2812: _missing,
    1222: _locked,
    1205: _locked,
}
