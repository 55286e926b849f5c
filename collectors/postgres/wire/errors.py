"""What became of a call to a PostgreSQL? Told by SQLSTATE; a login's errors have none, and are known by their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.errors import CannotCollect, Denied, Expired
from collectors.postgres.asking import PG_MONITOR
from collectors.safe import Safe, sanitise

_NETWORK = "Look at the network, the VPN and the security group."
_RDS_BUNDLE = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
_BY_WORDS = (
    # libpq does not hand on the SQLSTATE of a login that failed: 14 to 17 say it so
    (r"password authentication failed|PAM authentication failed|LDAP authentication failed", "28P01"),
    (r"no password supplied", "28P01"),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects|is not permitted to log in", "28000"),
    (r"role \".*\" does not exist|Ident authentication failed|Peer authentication failed", "28000"),
    (r"database system is (starting up|shutting down|in recovery mode|not (yet )?accepting connections)", "57P03"),
    (r"too many clients|remaining connection slots are reserved|too many connections", "53300"),
    (r"database \".*\" (does not exist|is not currently accepting connections)", "3D000"),
    (r"permission denied for database", "42501"),
    (r"terminating connection due to administrator command", "57P01"),
)
_QUOTED = re.compile(r"\"[^\"]*\"|'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class About:
    """What was being done, for the words about what became of it."""

    server: str
    user: str = ""
    database: str = ""
    grant: str = ""  # what the question needs at least
    seconds: float = 0  # after which it is given up


@dataclass(frozen=True, slots=True)
class Told:
    trouble: CannotCollect
    state: str = ""
    loses: bool = False  # whether the connection is not to be trusted any more
    refuses: bool = False  # whether these credentials must not be tried again as they are


def told(state: str | None, text: str, about: About) -> Told:
    """Pure: the same error gives the same words, and none of them comes from data. ``state``: SQLSTATE, if there is."""
    state = state or _state(text)
    judge = _BY_STATE.get(state) or _BY_CLASS.get(state[:2])
    if judge is not None:
        return judge(state, text, about)
    if state:
        return Told(CannotCollect(f"{about.server} refused the statement.", seen=_seen(state, text)), state)
    return Told(_unconnected(text, about), loses=True)


def _state(text: str) -> str:
    return next((state for words, state in _BY_WORDS if re.search(words, text)), "")


def _seen(state: str, text: str) -> Safe:
    """The first line, without what may be quoted in it."""
    first = _QUOTED.sub("…", text.strip().partition("\n")[0])
    return sanitise(f"{state} {first}".strip(), 300)


def _wrong_password(state: str, text: str, about: About) -> Told:
    mend = "It is not tried again until the secret changes or somebody refreshes, lest the account is locked."
    user = sanitise(about.user)
    return Told(
        Expired(f"{about.server} refuses the login of {user}.", seen=state, mend=mend), state, loses=True, refuses=True
    )


def _not_let_in(state: str, text: str, about: About) -> Told:
    unencrypted = "no encryption" in text
    mend = (
        "The server wants TLS: leave `encrypt` out of the profile."
        if unencrypted
        else "Let the role log in (GRANT, pg_hba.conf), or change the user in the profile; then refresh here."
    )
    what = f"{about.server} does not let {sanitise(about.user)} in."
    return Told(Expired(what, seen=_seen(state, text), mend=mend), state, loses=True, refuses=True)


def _denied(state: str, text: str, about: About) -> Told:
    grant = sanitise(about.grant or PG_MONITOR, 100)
    if "permission denied for database" in text:
        grant = Safe("CONNECT")
    mend = f"Grant {grant} to the login, or leave out what needs it."
    trouble = Denied(f"{about.server}: this login may not ask that.", grant=grant, seen=_seen(state, text), mend=mend)
    return Told(trouble, state)


def _no_database(state: str, text: str, about: About) -> Told:
    mend = "Name another as `database` in the profile."
    what = f"{about.server}: the database {sanitise(about.database)} cannot be opened."
    return Told(CannotCollect(what, seen=state, mend=mend), state, loses=True)


def _not_now(why: str, mend: str = "It is tried again.") -> Callable[[str, str, About], Told]:
    def judge(state: str, text: str, about: About) -> Told:
        return Told(CannotCollect(f"{about.server} {why}.", seen=_seen(state, text), mend=mend), state, loses=True)

    return judge


def _stopped(state: str, text: str, about: About) -> Told:
    what = f"{about.server} did not answer within {about.seconds:g} s."
    return Told(CannotCollect(what, seen=_seen(state, text), mend="Look at how busy it is."), state)


def _locked(state: str, text: str, about: About) -> Told:
    what = f"{about.server}: the statement waited for a lock for as long as it may."
    return Told(CannotCollect(what, seen=state, mend="It is asked again."), state)


def _missing(state: str, text: str, about: About) -> Told:
    what = f"This version of PostgreSQL on {about.server} does not know what is asked."
    return Told(CannotCollect(what, seen=_seen(state, text), mend="Tell us the server's version."), state)


def _changed_role(state: str, text: str, about: About) -> Told:
    what = f"{about.server} was being promoted while it was asked."
    return Told(CannotCollect(what, seen=_seen(state, text), mend="It is asked again."), state)


def _conflict(state: str, text: str, about: About) -> Told:
    what = f"{about.server} stopped the statement for the sake of replication."
    return Told(CannotCollect(what, seen=_seen(state, text), mend="It is asked again."), state)


def _unconnected(text: str, about: About) -> CannotCollect:
    """No SQLSTATE and no words of the server's: the way there."""
    what, mend = next(
        (said for words, *said in _BY_WAY if re.search(words, text, re.IGNORECASE)),
        ("The connection to {0} broke.", f"{_NETWORK} It is tried again."),
    )
    return CannotCollect(what.format(about.server, about.seconds), seen=_seen("", text), mend=mend)


_BY_WAY = (
    (
        r"server certificate for .* does not match host name",
        "The certificate of {0} is for another name.",
        "Ask it by the name in its certificate.",
    ),
    (
        r"certificate verify failed|root certificate|certificate .*not",
        "The certificate of {0} is not trusted here.",
        f"For RDS, get {_RDS_BUNDLE} and name it as `ca_file` in the profile.",
    ),
    (
        r"server does not support SSL|SSL error|SSL SYSCALL",
        "{0} takes the connection, and no session with TLS comes of it.",
        "Does it speak TLS, and is it PostgreSQL?",
    ),
    (
        r"failed to resolve host|could not translate host name|name or service not known",
        "The name of {0} does not resolve.",
        "Look at the name, at DNS and at the VPN.",
    ),
    (
        r"connection refused",
        "{0} refuses connections.",
        "Is the server started, and does it listen on that port? A failover may be under way.",
    ),
    (r"timeout expired|timed out", "{0} does not answer within {1:g} s.", _NETWORK),
)
"""Of an error without a SQLSTATE: libpq's own words, what they mean, and what helps."""

Judge = Callable[[str, str, About], Told]
_BY_STATE: Mapping[str, Judge] = {
    "28P01": _wrong_password,
    "28000": _not_let_in,
    "42501": _denied,
    "3D000": _no_database,
    "53300": _not_now("has no connection left", "Raise max_connections, or end what is idle."),
    "57P01": _not_now("ended the connection: somebody stopped it, or it restarts"),
    "57P02": _not_now("crashed and recovers"),
    "57P03": _not_now("is starting up or shutting down"),
    "57P05": _not_now("ended a connection that was idle"),
    "57014": _stopped,
    "55P03": _locked,
    "55000": _changed_role,
    "40001": _conflict,
    "40P01": _conflict,
    "42P01": _missing,
    "42703": _missing,
    "42883": _missing,
}
_BY_CLASS: Mapping[str, Judge] = {
    "08": _not_now("broke the connection", f"{_NETWORK} It is tried again."),
    "53": _not_now("has not enough of something", "Look at its memory and its disk."),
    "58": _not_now("has trouble with its system", "Look at its disk."),
    "XX": _not_now("has an error of its own", "Look at its log."),
}
