"""What became of a call to a MySQL or MariaDB server? Told by the number, which both servers share."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.errors import CannotCollect, Denied, Expired
from collectors.safe import Safe, sanitise

RDS_BUNDLE = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
_NEEDED = re.compile(r"\(at least one of\) the ([A-Z ,]+?) privilege")
_TABLE = re.compile(r"for table [`']([\w$]{1,64})[`'](?:\.[`']([\w$]{1,64})[`'])?")
_COMMAND = re.compile(r"^([A-Z ]{3,40}) command denied")


@dataclass(frozen=True, slots=True)
class About:
    """What was being done, for the words about what became of it."""

    server: str
    user: str = ""
    grant: str = ""  # what the question needs at least
    seconds: float = 0  # after which it is given up
    is_login: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    trouble: CannotCollect
    number: int | None = None
    loses: bool = True  # whether the connection is not to be trusted any more
    refuses: bool = False  # whether these credentials must not be tried again as they are


def told(error: BaseException, about: About) -> Told:
    """Pure: the same error gives the same words, and none of them comes from data."""
    if isinstance(error, CannotCollect):
        return Told(error)
    cause = getattr(error, "original_exception", None) or error
    if isinstance(cause, OSError):
        return _unreached(cause, about)
    number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    text = str(error.args[1]) if len(error.args) > 1 else ""
    judge = _BY_NUMBER.get(number)
    if judge is not None:
        return judge(number, text, about)
    seen = sanitise(f"error {number}" if number else type(error).__name__, 100)
    return Told(CannotCollect(f"{about.server} refused the statement.", seen=seen), number, loses=not number)


def _refused(number: int, text: str, about: About) -> Told:
    user = sanitise(about.user, 100)
    if number == 1045 and "using password: NO" in text:
        mend = "Look at what the secret holds."
    else:
        mend = "It is not tried again until the secret changes or somebody refreshes, lest the account is locked."
    trouble = Expired(f"{about.server} refuses the login of {user}.", seen=str(number), mend=mend)
    return Told(trouble, number, refuses=True)


def _closed_account(why: str, mend: str) -> Callable[[int, str, About], Told]:
    def judge(number: int, text: str, about: About) -> Told:
        what = f"{about.server}: the login {sanitise(about.user, 100)} {why}."
        return Told(Expired(what, seen=str(number), mend=mend), number, refuses=True)

    return judge


def _denied(number: int, text: str, about: About) -> Told:
    """The server knows best what is missing; SUPER would do, and is too much."""
    found = _NEEDED.search(text)
    needed = found[1].split(",") if found else []
    grant = next((each.strip() for each in needed if each.strip() != "SUPER"), "")
    table, command = _TABLE.search(text), _COMMAND.search(text)
    if not grant and table:
        named = ".".join(part for part in table.groups() if part)
        grant = about.grant or f"{command[1] if command else 'SELECT'} ON {named}"
    shown = sanitise(grant or about.grant or "a privilege", 150)
    mend = f"Grant {shown} to the login, or leave out what needs it."
    trouble = Denied(f"{about.server}: this login may not ask that.", grant=shown, seen=str(number), mend=mend)
    return Told(trouble, number, loses=False)


def _not_now(why: str, mend: str = "") -> Callable[[int, str, About], Told]:
    def judge(number: int, text: str, about: About) -> Told:
        return Told(CannotCollect(f"{about.server} {why}.", seen=str(number), mend=mend), number)

    return judge


def _stopped(number: int, text: str, about: About) -> Told:
    what = f"{about.server}: the statement was stopped, for it took longer than it may."
    return Told(CannotCollect(what, seen=str(number), mend="Look at how busy it is."), number, loses=False)


def _missing(number: int, text: str, about: About) -> Told:
    what = f"{about.server} does not know what was asked of it."
    return Told(CannotCollect(what, seen=str(number), mend="Tell us the server's version."), number, loses=False)


def _broke(number: int, text: str, about: About) -> Told:
    if "timed out" in text:
        return _late(about, number)
    mend = "Look at the network and the security group; it is tried again."
    return Told(CannotCollect(f"The connection to {about.server} broke.", seen=str(number), mend=mend), number)


def _late(about: About, number: int | None = None) -> Told:
    did = "takes the connection and lets nobody in" if about.is_login else "did not answer"
    what = f"{about.server} {did} within {about.seconds:g} s."
    return Told(CannotCollect(what, mend="Look at how busy it is; the connection is made anew."), number)


def _without_tls(number: int, text: str, about: About) -> Told:
    what = f"{about.server} does not speak TLS, and without it no password is sent."
    return Told(CannotCollect(what, seen=str(number), mend="Set up TLS on the server; on RDS it is there."), number)


def _unreached(error: OSError, about: About) -> Told:
    if isinstance(error, ssl.SSLError):
        return Told(_no_session(error, about))
    at, network = about.server, "Look at the network, the VPN and the security group."
    if isinstance(error, socket.gaierror):
        mend = "Look at the name, at DNS and at the VPN."
        return Told(CannotCollect(f"The name of {at} does not resolve.", seen=_strerror(error), mend=mend))
    if isinstance(error, TimeoutError):
        return Told(CannotCollect(f"{at} does not answer within {about.seconds:g} s.", mend=network))
    if isinstance(error, ConnectionRefusedError):
        mend = "Is the server started, and does it listen on that port? A failover may be under way."
        return Told(CannotCollect(f"{at} refuses connections.", seen=_strerror(error), mend=mend))
    if isinstance(error, FileNotFoundError | PermissionError):
        mend = "Correct `ca_file` in the profile, or put the file there."
        return Told(CannotCollect("The certificates that the profile names cannot be read.", mend=mend))
    return Told(CannotCollect(f"{at} cannot be reached.", seen=_strerror(error), mend=network))


def _no_session(error: ssl.SSLError, about: About) -> CannotCollect:
    if not isinstance(error, ssl.SSLCertVerificationError):
        seen = sanitise(getattr(error, "reason", None) or "", 100)
        return CannotCollect(f"{about.server} takes the connection, and no session with TLS comes of it.", seen=seen)
    seen = sanitise(error.verify_message, 200)
    if "match" in error.verify_message.lower():
        mend = "Ask it by the name in its certificate."
        return CannotCollect(f"The certificate of {about.server} is for another name.", seen=seen, mend=mend)
    mend = f"For RDS, get {RDS_BUNDLE} and name it as `ca_file` in the profile, or add it to the system's store."
    return CannotCollect(f"The certificate of {about.server} is not trusted here.", seen=seen, mend=mend)


def _strerror(error: OSError) -> Safe:
    return sanitise(error.strerror or type(error).__name__, 100)


_CHANGE = "Set another password, change the secret, and refresh here."
_BY_NUMBER: Mapping[int, Callable[[int, str, About], Told]] = {
    1045: _refused,
    1698: _refused,  # MariaDB: an account that the password is not asked for
    1524: _not_now("wants a way to log in that is not known here", "Let the login have a password."),
    1820: _closed_account("must change its password first", _CHANGE),
    1862: _closed_account("has a password that has expired", _CHANGE),
    3118: _closed_account("is locked", "Unlock it: ALTER USER … ACCOUNT UNLOCK. Then refresh here."),
    4151: _closed_account("is locked", "Unlock it: ALTER USER … ACCOUNT UNLOCK. Then refresh here."),
    3955: _closed_account("is locked out for a while", "Wait, or unlock it; then refresh here."),
    1044: _denied,
    1142: _denied,
    1143: _denied,
    1227: _denied,
    1370: _denied,
    1040: _not_now("has as many connections as it may have", "Look at max_connections, and at who holds them."),
    1203: _not_now("has as many connections of this login as it may have"),
    1226: _not_now("has let this login in as often as it may be"),
    1129: _not_now("blocks this host after failed connections", "Run FLUSH HOSTS there, when you know why."),
    1130: _not_now("lets nobody in from this host", "Look at the host part of the login."),
    1053: _not_now("is shutting down"),
    1317: _stopped,
    1969: _stopped,
    3024: _stopped,
    1205: _stopped,
    1054: _missing,
    1064: _missing,
    1109: _missing,
    1146: _missing,
    2006: _broke,
    2013: _broke,
    2014: _broke,
    2026: _without_tls,
}
