"""Dark, recovering, or none of the database's business? Pure: of each family's errors, by number, state and word.

A trouble that is returned is our side's alone: a certificate that is not trusted here, a grant, a driver. Whatever a
server says while it lets nobody in is recovering: somebody answered.
"""

from __future__ import annotations

import re
import ssl

from collectors.errors import CannotCollect, Denied
from collectors.knock.heard import Heard, words
from collectors.knock.knock import Door
from collectors.mysql.wire import errors as mysql
from collectors.postgres.wire import errors as postgres
from collectors.redis.wire import errors as redis
from collectors.safe import Safe
from collectors.sqlserver.wire import errors as sqlserver

Judged = Heard | CannotCollect

_UNTRUSTED = re.compile(
    r"(?i)certificate (verify|chain|was issued|is not trusted)|self.signed|host ?name|subject name|name mismatch"
)
_NOBODY = re.compile(r"(?i)refused|no route|unreachable|host is down|time(d )?-?out|resolve|not known")
_ORIGIN = re.compile(r"\[[^\[\]]{1,60}\]\s*|\s*\(SQL\w+\)|\s*\(0\)")
_PG_WAY = re.compile(r"^.*(?:port \d+ failed: |connection failed: )")
_SQL_TOO_LATE = ("HYT00", "HYT01")
_SQL_NOBODY = frozenset((10061, 20009, 111, 113))  # sockets' own numbers, and FreeTDS's word for them
_SQL_NO_DATABASE = 4060  # who it is was believed, and yet nobody gets in
_PG_NOT_LET_IN = ("28", "3D")
_MYSQL_LOST = (2006, 2013, 2014)
_MYSQL_NOT_LET_IN = (1044, 1049, 1130)
_REDIS_NOT_LET_IN = ("NOAUTH", "WRONGPASS")


def of_sqlserver(error: BaseException, about: sqlserver.About) -> Judged:
    """``error``: pyodbc's, of a server that had just taken a connection."""
    told, said = sqlserver.told(error, about), sqlserver.said(error)
    if isinstance(error, CannotCollect) or isinstance(told.trouble, Denied):
        return told.trouble
    if said.state.startswith("08") and _UNTRUSTED.search(said.text):
        return told.trouble
    spoken = words(_ORIGIN.sub("", said.text).partition("; ")[0])
    if said.state in _SQL_TOO_LATE or "imeout expired" in said.text:
        return Heard(Door.DARK, spoken, _so_far(about.is_login))
    if about.is_login and set(said.numbers) & _SQL_NOBODY:
        return Heard(Door.DARK, spoken)
    if told.refuses or _SQL_NO_DATABASE in said.numbers:
        return Heard(Door.RECOVERING, spoken, may_log_in=False)
    return Heard(Door.RECOVERING, spoken, _so_far(about.is_login))


def of_postgres(error: BaseException, about: postgres.About, *, is_login: bool) -> Judged:
    """``error``: psycopg's, whose login errors have no SQLSTATE of their own."""
    if isinstance(error, CannotCollect):
        return error
    text, state = str(error), getattr(error, "sqlstate", None)
    told = postgres.told(state if isinstance(state, str) else None, text, about)
    spoken = words(f"{told.state} {_PG_WAY.sub('', text.partition(chr(10))[0])}")
    if not told.state:
        if _UNTRUSTED.search(text) and "FATAL" not in text:
            return told.trouble
        nobody = isinstance(error, TimeoutError) or ("FATAL" not in text and _NOBODY.search(text))
        return Heard(Door.DARK if nobody else Door.RECOVERING, spoken, _so_far(is_login))
    if isinstance(told.trouble, Denied) and not is_login:
        return told.trouble
    not_let_in = told.refuses or told.state.startswith(_PG_NOT_LET_IN) or isinstance(told.trouble, Denied)
    return Heard(Door.RECOVERING, spoken, False if not_let_in else _so_far(is_login))


def of_mysql(error: BaseException, about: mysql.About) -> Judged:
    """``error``: PyMySQL's, or the socket's own beneath it."""
    told = mysql.told(error, about)
    cause = getattr(error, "original_exception", None) or error
    if isinstance(cause, OSError):
        return _of_a_line(cause, told.trouble, about)
    spoken = words(" ".join(map(str, error.args)))
    if told.number in _MYSQL_LOST and "timed out" in spoken:
        return Heard(Door.DARK, spoken, _so_far(about.is_login))
    if told.refuses or told.number in _MYSQL_NOT_LET_IN:
        return Heard(Door.RECOVERING, spoken, may_log_in=False)
    if isinstance(error, CannotCollect) or isinstance(told.trouble, Denied):
        return told.trouble
    return Heard(Door.RECOVERING, spoken, _so_far(about.is_login))


def _of_a_line(error: OSError, trouble: CannotCollect, about: mysql.About) -> Judged:
    if isinstance(error, ssl.SSLCertVerificationError | FileNotFoundError | PermissionError):
        return trouble
    was_taken = isinstance(error, ConnectionResetError | BrokenPipeError | ssl.SSLError)
    spoken = words(error.strerror or str(error) or "timed out")
    return Heard(Door.RECOVERING if was_taken else Door.DARK, spoken, _so_far(about.is_login))


def of_redis(error: BaseException, about: redis.About) -> Judged:
    """``error``: redis-py's."""
    told = redis.told(error, about)
    code = str(getattr(error, "status_code", None) or "")
    if isinstance(error, CannotCollect) or isinstance(told.trouble, Denied):
        return told.trouble
    causes = redis.chain(error)
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in causes):
        return told.trouble
    spoken = words(f"{code} {error}" if code and not str(error).startswith(code) else str(error) or "timed out")
    if told.refuses or code in _REDIS_NOT_LET_IN:
        return Heard(Door.RECOVERING, spoken, may_log_in=False)
    nobody = any(isinstance(each, ConnectionRefusedError | TimeoutError) for each in causes) or _NOBODY.search(spoken)
    return Heard(Door.DARK if nobody else Door.RECOVERING, spoken, _so_far(about.is_login))


def _so_far(is_login: bool) -> bool | None:
    """Who has come as far as to ask was let in; who met something else on the way in was not tried."""
    return None if is_login else True


def role_of_sqlserver(asked: str, updateability: str | None, status: str | None, node: Safe) -> Heard:
    """By the database that AWS itself asks: its own, where there is one. None: the server does not know yet."""
    if updateability == "READ_WRITE":
        return Heard(Door.OPEN, may_log_in=True, node=node)
    if status not in (None, "ONLINE"):
        return Heard(Door.RECOVERING, words(f"{asked} is {status}"), may_log_in=True, node=node)
    said = words(f"{asked} is {updateability or 'of unknown updateability'}")
    return Heard(Door.READ_ONLY, said, may_log_in=True, node=node)


def role_of_postgres(*, in_recovery: bool, is_read_only: bool, node: Safe) -> Heard:
    if in_recovery:
        return Heard(Door.READ_ONLY, Safe("a standby: pg_is_in_recovery()"), may_log_in=True, node=node)
    if is_read_only:
        return Heard(Door.READ_ONLY, Safe("default_transaction_read_only is on"), may_log_in=True, node=node)
    return Heard(Door.OPEN, may_log_in=True, node=node)


def role_of_mysql(read_only: str, innodb_read_only: str, node: Safe) -> Heard:
    """MariaDB 12 has more words than ON for it."""
    for name, value in (("innodb_read_only", innodb_read_only), ("read_only", read_only)):
        if value.upper() not in ("0", "OFF"):
            return Heard(Door.READ_ONLY, words(f"{name} is {value}"), may_log_in=True, node=node)
    return Heard(Door.OPEN, may_log_in=True, node=node)


def role_of_redis(*, role: str, is_loading: bool, failing_over: str, node: Safe) -> Heard:
    """``failing_over``: `master_failover_state`; while one hands over it takes no writes."""
    if is_loading:
        return Heard(Door.RECOVERING, Safe("LOADING: it is reading its data"), may_log_in=True, node=node)
    if role != "master":
        return Heard(Door.READ_ONLY, words(f"role:{role}"), may_log_in=True, node=node)
    if failing_over not in ("", "no-failover"):
        return Heard(Door.READ_ONLY, words(f"it hands over: {failing_over}"), may_log_in=True, node=node)
    return Heard(Door.OPEN, may_log_in=True, node=node)
