"""What became of a call to a Redis or Valkey? Told by the word the server's error begins with, and by class."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.errors import CannotCollect, Denied, Expired
from collectors.redis.asking import INFO
from collectors.safe import Safe, sanitise

_NO_PASSWORD_SET = "without any password configured"  # noqa: S105 - a server's words


@dataclass(frozen=True, slots=True)
class About:
    """What was being done, for the words about what became of it."""

    server: str
    user: str = ""
    grant: str = INFO
    seconds: float = 0  # after which it is given up
    is_login: bool = False
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    trouble: CannotCollect
    loses: bool = True  # whether the connection is not to be trusted any more
    refuses: bool = False  # whether these credentials must not be tried again as they are


def told(error: BaseException, about: About) -> Told:
    """Pure: the same error gives the same words, and none of them is a secret."""
    if isinstance(error, CannotCollect):
        return Told(error)
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return _too_late(about)
    if isinstance(error, OSError) or "ConnectionError" in type(error).__name__:
        return _unconnected(error, about)
    code = str(getattr(error, "status_code", None) or str(error).partition(" ")[0])
    judge = _BY_WORD.get(code)
    if judge is None and "Authentication" in type(error).__name__:
        judge = _wrong_password
    return _unknown(error, about) if judge is None else judge(error, about)


def _wrong_password(error: BaseException, about: About) -> Told:
    if _NO_PASSWORD_SET in str(error):
        mend = "Leave `secret` out in the profile, or set a password there."
        return Told(Expired(f"{about.server} has no password, and was given one.", mend=mend), refuses=True)
    who = sanitise(about.user, 100) if about.user else "nobody in particular"
    mend = "It is not tried again until the secret changes or somebody refreshes."
    return Told(Expired(f"{about.server} refuses the login of {who}.", seen="WRONGPASS", mend=mend), refuses=True)


def _no_login(error: BaseException, about: About) -> Told:
    mend = "Say in the profile where the password is kept: `secret = …` in [[redis]]."
    return Told(Expired(f"{about.server} wants a password.", seen="NOAUTH", mend=mend), refuses=True)


def _denied(error: BaseException, about: About) -> Told:
    mend = f"Let an administrator run `ACL SETUSER {sanitise(about.user, 100) or 'NAME'} {about.grant}`."
    what = f"{about.server}: this user may not ask that."
    return Told(Denied(what, grant=about.grant, seen="NOPERM", mend=mend), loses=False)


def _loading(error: BaseException, about: About) -> Told:
    what = f"{about.server} is reading its data, and serves nobody yet."
    return Told(CannotCollect(what, seen="LOADING", mend="It is asked again."))


def _too_late(about: About) -> Told:
    did = "takes the connection and lets nobody in" if about.is_login else "did not answer"
    mend = "Look at how busy it is (SLOWLOG, a long script); the connection is made anew."
    if about.is_login and about.tls:  # a server without TLS waits for the rest of what it does not understand
        mend = "Look at how busy it is; say `tls = false` in [[redis]] if it does not speak TLS."
    return Told(CannotCollect(f"{about.server} {did} within {about.seconds:g} s.", mend=mend))


def _unconnected(error: BaseException, about: About) -> Told:
    cause = next((each for each in chain(error) if isinstance(each, ssl.SSLError)), None)
    if cause is not None:
        return Told(_untrusted(cause, about))
    first = next((each for each in chain(error) if isinstance(each, ConnectionRefusedError)), None)
    if first is not None:
        mend = "Is it running, and is the port right?"
        return Told(CannotCollect(f"{about.server} refuses connections.", mend=mend))
    if "max number of clients" in str(error):
        what = f"{about.server} has as many clients as it takes."
        return Told(CannotCollect(what, mend="Find who keeps connections open: CLIENT LIST."))
    mend = "Look at the network and the security group; TLS or none must be as the server has it."
    return Told(CannotCollect(f"The connection to {about.server} broke.", seen=_seen(error), mend=mend))


def _untrusted(error: ssl.SSLError, about: About) -> CannotCollect:
    seen = sanitise(getattr(error, "verify_message", "") or getattr(error, "reason", "") or "", 200)
    if not isinstance(error, ssl.SSLCertVerificationError):
        mend = "Does it speak TLS? `tls = false` in [[redis]] if it does not."
        return CannotCollect(f"No session with TLS came of the connection to {about.server}.", seen=seen, mend=mend)
    if "mismatch" in seen or "not valid for" in seen:
        mend = "Ask it by the name in its certificate."
        return CannotCollect(f"The certificate of {about.server} is for another name.", seen=seen, mend=mend)
    mend = "Name the file of its authority as `ca_file` in the profile, or add it to the system's store."
    return CannotCollect(f"The certificate of {about.server} is not trusted here.", seen=seen, mend=mend)


def _unknown(error: BaseException, about: About) -> Told:
    return Told(CannotCollect(f"{about.server} refused the question.", seen=_seen(error)))


def _seen(error: BaseException) -> Safe:
    return sanitise(f"{type(error).__name__}: {error}", 200)


def chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


_BY_WORD: Mapping[str, Callable[[BaseException, About], Told]] = {
    "WRONGPASS": _wrong_password,
    "NOAUTH": _no_login,
    "NOPERM": _denied,
    "LOADING": _loading,
}
