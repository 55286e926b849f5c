"""What each error means to somebody at the door, as the drivers raise them."""

from __future__ import annotations

import ssl

import psycopg
import pymysql
import pytest
import redis.exceptions as of_redis_py

from collectors.errors import CannotCollect, Denied
from collectors.knock import judgement
from collectors.knock.heard import Heard
from collectors.knock.knock import Door
from collectors.mysql.wire import errors as mysql
from collectors.postgres.wire import errors as postgres
from collectors.redis.wire import errors as redis
from collectors.safe import Safe
from collectors.sqlserver.wire import errors as sqlserver

DARK, RECOVERING, READ_ONLY, OPEN = Door.DARK, Door.RECOVERING, Door.READ_ONLY, Door.OPEN
MS, TDS = "[Microsoft][ODBC Driver 18 for SQL Server]", "[FreeTDS][SQL Server]"
SQL_LOGIN = sqlserver.About("db:1433", "ro", "master", seconds=2, is_login=True)
SQL_ASKED = sqlserver.About("db:1433", "ro", "master", seconds=2)
NODE = Safe("NODE-A")


@pytest.mark.parametrize(
    ("state", "text", "door", "may_log_in"),
    [
        ("28000", f"{MS}[SQL Server]Login failed for user 'ro'. (18456) (SQLDriverConnect)", RECOVERING, False),
        ("42000", f"{TDS}Login failed for user 'ro'. (18456) (SQLDriverConnect)", RECOVERING, False),
        ("28000", f"{MS}[SQL Server]Login failed for user 'ro'. Reason: locked. (18486)", RECOVERING, False),
        ("42000", f"{MS}[SQL Server]Cannot open database \"x\" requested by the login. (4060)", RECOVERING, False),
        ("42000", f"{MS}[SQL Server]SQL Server service has been paused. (17142)", RECOVERING, None),
        ("08001", f"{MS}SQL Server is not ready to accept new client connections. (17187)", RECOVERING, None),
        ("08S01", f"{MS}TCP Provider: Error code 0x2746 (10054) (SQLDriverConnect)", RECOVERING, None),
        ("08001", f"{MS}No process is on the other end of the pipe. (233)", RECOVERING, None),
        ("08001", f"{MS}A connection attempt failed, for the other side did not respond. (10060)", RECOVERING, None),
        ("08001", f"{MS}TCP Provider: connection refused (10061) (SQLDriverConnect)", DARK, None),
        ("08S01", f"{TDS}Unable to connect: Adaptive Server is unavailable or does not exist (20009)", DARK, None),
        ("HYT00", f"{MS}Login timeout expired (0) (SQLDriverConnect)", DARK, None),
        ("HYT01", f"{MS}Connection timeout expired (0)", DARK, None),
        ("08S01", f"{TDS}Unknown error (0) (SQLDriverConnect)", RECOVERING, None),
    ],
)
def test_a_login_to_sql_server(state: str, text: str, door: Door, may_log_in: bool | None) -> None:
    found = judgement.of_sqlserver(Exception(state, text), SQL_LOGIN)
    assert isinstance(found, Heard)
    assert (found.door, found.may_log_in) == (door, may_log_in)
    assert found.said
    assert "'ro'" not in found.said


@pytest.mark.parametrize(
    ("state", "text", "door"),
    [
        ("42000", f"{MS}[SQL Server]The target database, 'x', is participating in an AG. (976)", RECOVERING),
        ("42000", f"{MS}[SQL Server]Unable to access availability database 'x'. (983)", RECOVERING),
        ("42000", f"{MS}[SQL Server]Database 'x' is being recovered. Waiting. (922)", RECOVERING),
        ("42000", f"{TDS}Lock request time out period exceeded. (1222) (SQLExecDirectW)", RECOVERING),
        ("08S01", f"{TDS}Read from the server failed (20004) (SQLExecDirectW)", RECOVERING),
        ("HYT00", f"{MS}Query timeout expired (0) (SQLExecDirectW)", DARK),
    ],
)
def test_whoever_is_inside_of_sql_server_was_let_in(state: str, text: str, door: Door) -> None:
    found = judgement.of_sqlserver(Exception(state, text), SQL_ASKED)
    assert isinstance(found, Heard)
    assert (found.door, found.may_log_in) == (door, True)


@pytest.mark.parametrize(
    "error",
    [
        Exception("08001", f"{MS}SSL Provider: certificate verify failed:self-signed certificate (-1)"),
        CannotCollect("There is no ODBC driver for SQL Server."),
    ],
)
def test_what_only_our_side_lacks_of_sql_server_is_no_outage(error: Exception) -> None:
    assert isinstance(judgement.of_sqlserver(error, SQL_LOGIN), CannotCollect)


def test_tls_that_is_cut_off_by_a_sql_server_is_no_question_of_certificates() -> None:
    error = Exception("08001", f"{MS}SSL Provider: [error:0A000126:SSL routines::unexpected eof while reading] (-1)")
    found = judgement.of_sqlserver(error, SQL_LOGIN)
    assert isinstance(found, Heard)
    assert found.door is RECOVERING


PG = postgres.About("db:5432", "ro", "postgres", seconds=2)
AT = 'connection failed: connection to server at "10.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("text", "door", "may_log_in", "words"),
    [
        ("FATAL:  the database system is starting up", RECOVERING, None, "57P03 FATAL: the database system is start"),
        ("FATAL:  the database system is not yet accepting connections", RECOVERING, None, "57P03"),
        ("FATAL:  the database system is in recovery mode", RECOVERING, None, "57P03"),
        ("FATAL:  the database system is shutting down", RECOVERING, None, "57P03"),
        ('FATAL:  password authentication failed for user "ro"', RECOVERING, False, "28P01"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.9"', RECOVERING, False, "28000"),
        ('FATAL:  database "x" does not exist', RECOVERING, False, "3D000"),
        ('FATAL:  permission denied for database "x"', RECOVERING, False, "42501"),
        ("FATAL:  sorry, too many clients already", RECOVERING, None, "53300"),
        ("FATAL:  something nobody has foreseen", RECOVERING, None, "FATAL"),
        ("server closed the connection unexpectedly", RECOVERING, None, "server closed"),
        ("Connection reset by peer", RECOVERING, None, "Connection reset"),
        ("Connection refused\n\tIs the server running on that host?", DARK, None, "Connection refused"),
        ("No route to host", DARK, None, "No route"),
        ("could not receive data from server: Connection timed out", DARK, None, "could not"),
        ("timeout expired", DARK, None, "timeout"),
    ],
)
def test_a_login_to_postgresql(text: str, door: Door, may_log_in: bool | None, words: str) -> None:
    found = judgement.of_postgres(psycopg.OperationalError(AT + text), PG, is_login=True)
    assert isinstance(found, Heard)
    assert (found.door, found.may_log_in) == (door, may_log_in)
    assert found.said.startswith(words)
    assert '"' not in found.said


@pytest.mark.parametrize(
    ("error", "door"),
    [
        (psycopg.errors.AdminShutdown("terminating connection due to administrator command"), RECOVERING),
        (psycopg.errors.CrashShutdown("terminating connection because of crash"), RECOVERING),
        (psycopg.errors.QueryCanceled("canceling statement due to statement timeout"), RECOVERING),
        (psycopg.OperationalError("consuming input failed: server closed the connection unexpectedly"), RECOVERING),
        (TimeoutError(), DARK),
    ],
)
def test_whoever_is_inside_of_postgresql_was_let_in(error: Exception, door: Door) -> None:
    found = judgement.of_postgres(error, PG, is_login=False)
    assert isinstance(found, Heard)
    assert (found.door, found.may_log_in) == (door, True)


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError(AT + "SSL error: certificate verify failed"),
        psycopg.OperationalError(AT + 'server certificate for "a" does not match host name "b"'),
        CannotCollect("PostgreSQL cannot be asked: psycopg is not installed."),
    ],
)
def test_what_only_our_side_lacks_of_postgresql_is_no_outage(error: Exception) -> None:
    assert isinstance(judgement.of_postgres(error, PG, is_login=True), CannotCollect)


MY = mysql.About("db:3306", "ro", seconds=2, is_login=True)
LOST = "Lost connection to MySQL server during query"


@pytest.mark.parametrize(
    ("error", "door", "may_log_in"),
    [
        (pymysql.err.OperationalError(1045, "Access denied for user 'ro'@'h'"), RECOVERING, False),
        (pymysql.err.OperationalError(1130, "Host '10.0.0.9' is not allowed to connect"), RECOVERING, False),
        (pymysql.err.OperationalError(3118, "Access denied for user 'ro'@'h'. Account is locked."), RECOVERING, False),
        (pymysql.err.OperationalError(1040, "Too many connections"), RECOVERING, None),
        (pymysql.err.OperationalError(1129, "Host 'h' is blocked because of many connection errors"), RECOVERING, None),
        (pymysql.err.OperationalError(1053, "Server shutdown in progress"), RECOVERING, None),
        (pymysql.err.OperationalError(3032, "The server is currently in offline mode"), RECOVERING, None),
        (pymysql.err.OperationalError(2013, LOST), RECOVERING, None),
        (pymysql.err.OperationalError(2013, f"{LOST} (timed out)"), DARK, None),
        (ConnectionRefusedError(111, "Connection refused"), DARK, None),
        (ConnectionResetError(104, "Connection reset by peer"), RECOVERING, None),
        (OSError(113, "No route to host"), DARK, None),
        (TimeoutError("timed out"), DARK, None),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), RECOVERING, None),
    ],
)
def test_a_login_to_mysql(error: Exception, door: Door, may_log_in: bool | None) -> None:
    found = judgement.of_mysql(error, MY)
    assert isinstance(found, Heard)
    assert (found.door, found.may_log_in) == (door, may_log_in)
    assert found.said
    assert "'ro'" not in found.said


def test_the_word_for_a_connection_that_could_not_be_made_is_mysqls_own_only_around_the_sockets() -> None:
    error = pymysql.err.OperationalError(2003, "Can't connect to MySQL server on 'db' ([Errno 111] refused)")
    error.original_exception = ConnectionRefusedError(111, "Connection refused")  # type: ignore[attr-defined]
    found = judgement.of_mysql(error, MY)
    assert isinstance(found, Heard)
    assert found.door is DARK


def test_a_certificate_that_is_not_trusted_is_no_outage_of_mysqls() -> None:
    assert isinstance(judgement.of_mysql(_untrusted(), MY), CannotCollect)
    assert isinstance(judgement.of_mysql(pymysql.err.OperationalError(1227, "Access denied; you need …"), MY), Denied)


RD = redis.About("db:6379", "ro", seconds=2, is_login=True)


@pytest.mark.parametrize(
    ("error", "door", "may_log_in"),
    [
        (of_redis_py.AuthenticationError("WRONGPASS invalid username-password pair"), RECOVERING, False),
        (of_redis_py.AuthenticationError("NOAUTH Authentication required."), RECOVERING, False),
        (of_redis_py.BusyLoadingError("LOADING Redis is loading the dataset in memory"), RECOVERING, None),
        (of_redis_py.MasterDownError("MASTERDOWN Link with MASTER is down"), RECOVERING, None),
        (of_redis_py.ConnectionError("max number of clients reached"), RECOVERING, None),
        (of_redis_py.ConnectionError("Connection closed by server."), RECOVERING, None),
        (of_redis_py.ConnectionError("Error 111 connecting to db:6379. Connection refused."), DARK, None),
        (of_redis_py.TimeoutError("Timeout connecting to server"), DARK, None),
        (TimeoutError(), DARK, None),
    ],
)
def test_a_login_to_redis(error: Exception, door: Door, may_log_in: bool | None) -> None:
    found = judgement.of_redis(error, RD)
    assert isinstance(found, Heard)
    assert (found.door, found.may_log_in) == (door, may_log_in)
    assert found.said


def test_what_only_our_side_lacks_of_redis_is_no_outage() -> None:
    broken = of_redis_py.ConnectionError("Error 1 connecting to db:6379.")
    broken.__cause__ = _untrusted()
    assert isinstance(judgement.of_redis(broken, RD), CannotCollect)
    assert isinstance(judgement.of_redis(of_redis_py.NoPermissionError("NOPERM no permissions"), RD), Denied)


def _untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("asked", "updateability", "status", "door", "said"),
    [
        ("rdsadmin", "READ_WRITE", "ONLINE", OPEN, ""),
        ("master", "READ_WRITE", None, OPEN, ""),
        ("rdsadmin", "READ_ONLY", "ONLINE", READ_ONLY, "rdsadmin is READ_ONLY"),
        ("rdsadmin", None, "RECOVERING", RECOVERING, "rdsadmin is RECOVERING"),
        ("rdsadmin", None, "RESTORING", RECOVERING, "rdsadmin is RESTORING"),
        ("rdsadmin", None, None, READ_ONLY, "rdsadmin is of unknown updateability"),
    ],
)
def test_the_role_of_a_sql_server(
    asked: str, updateability: str | None, status: str | None, door: Door, said: str
) -> None:
    found = judgement.role_of_sqlserver(asked, updateability, status, NODE)
    assert (found.door, found.said, found.may_log_in, found.node) == (door, said, True, NODE)


@pytest.mark.parametrize(
    ("in_recovery", "is_read_only", "door"),
    [(False, False, OPEN), (True, True, READ_ONLY), (True, False, READ_ONLY), (False, True, READ_ONLY)],
)
def test_the_role_of_a_postgresql(in_recovery: bool, is_read_only: bool, door: Door) -> None:
    assert judgement.role_of_postgres(in_recovery=in_recovery, is_read_only=is_read_only, node=NODE).door is door


@pytest.mark.parametrize(
    ("read_only", "innodb_read_only", "door"),
    [
        ("0", "0", OPEN),
        ("OFF", "OFF", OPEN),
        ("1", "0", READ_ONLY),
        ("0", "1", READ_ONLY),
        ("NO_LOCK_NO_ADMIN", "0", READ_ONLY),
    ],
)
def test_the_role_of_a_mysql(read_only: str, innodb_read_only: str, door: Door) -> None:
    assert judgement.role_of_mysql(read_only, innodb_read_only, NODE).door is door


@pytest.mark.parametrize(
    ("role", "is_loading", "failing_over", "door"),
    [
        ("master", False, "", OPEN),
        ("master", False, "no-failover", OPEN),
        ("master", False, "failover-in-progress", READ_ONLY),
        ("master", False, "waiting-for-sync", READ_ONLY),
        ("slave", False, "no-failover", READ_ONLY),
        ("master", True, "no-failover", RECOVERING),
        ("slave", True, "", RECOVERING),
    ],
)
def test_the_role_of_a_redis(role: str, is_loading: bool, failing_over: str, door: Door) -> None:
    found = judgement.role_of_redis(role=role, is_loading=is_loading, failing_over=failing_over, node=NODE)
    assert found.door is door
