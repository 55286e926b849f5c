"""What became of a call is told by its number, in words that hold nothing of what the server quotes."""

from __future__ import annotations

import pytest
from pymysql.err import OperationalError

from collectors.errors import Denied, Expired
from collectors.mysql.wire.errors import About, told

ABOUT = About("db:3306", "watch", "REPLICATION CLIENT", 3)


@pytest.mark.parametrize(
    ("number", "text", "words", "loses"),
    [
        (1040, "Too many connections", "as many connections as it may have", True),
        (1129, "Host '10.0.0.1' is blocked because of many connection errors", "blocks this host", True),
        (1130, "Host '10.0.0.1' is not allowed to connect", "lets nobody in from this host", True),
        (1053, "Server shutdown in progress", "is shutting down", True),
        (2013, "Lost connection to MySQL server during query", "broke", True),
        (2013, "Lost connection to MySQL server during query (timed out)", "did not answer within 3 s", True),
        (2006, "MySQL server has gone away (BrokenPipeError())", "broke", True),
        (3024, "Query execution was interrupted, maximum statement execution time exceeded", "was stopped", False),
        (1969, "Query execution was interrupted (max_statement_time exceeded)", "was stopped", False),
        (1064, "You have an error in your SQL syntax near 'hunter2'", "does not know what was asked", False),
        (4711, "something about 'hunter2'", "refused the statement", False),
    ],
)
def test_each_number_has_its_words(number: int, text: str, words: str, loses: bool) -> None:
    found = told(OperationalError(number, text), ABOUT)
    assert words in found.trouble.line()
    assert "hunter2" not in found.trouble.line()
    assert (found.loses, found.refuses) == (loses, False)


@pytest.mark.parametrize("number", [1045, 1698, 1820, 1862, 3118, 4151])
def test_a_login_that_is_refused_is_not_tried_again(number: int) -> None:
    found = told(OperationalError(number, "Access denied for user 'watch'@'10.0.0.1' (using password: YES)"), ABOUT)
    assert isinstance(found.trouble, Expired)
    assert found.refuses


@pytest.mark.parametrize(
    ("number", "text", "grant"),
    [
        (1227, "Access denied; you need (at least one of) the SUPER, SLAVE MONITOR privilege(s) for this operation",
         "SLAVE MONITOR"),
        (1227, "Access denied; you need (at least one of) the SUPER, BINLOG MONITOR privilege(s) for this operation",
         "BINLOG MONITOR"),
        (1227, "Access denied; you need (at least one of) the SUPER privilege(s) for this operation",
         "REPLICATION CLIENT"),
        (1142, "SELECT command denied to user 'watch'@'h' for table `mysql`.`user`", "REPLICATION CLIENT"),
        (1044, "Access denied for user 'watch'@'%' to database 'percona'", "REPLICATION CLIENT"),
    ],
)  # fmt: skip
def test_a_missing_grant_is_named(number: int, text: str, grant: str) -> None:
    found = told(OperationalError(number, text), ABOUT)
    assert isinstance(found.trouble, Denied)
    assert (found.trouble.grant, found.loses) == (grant, False)


def test_a_table_is_named_where_the_question_does_not_say_what_it_needs() -> None:
    denied = OperationalError(1142, "SELECT command denied to user 'w'@'h' for table `percona`.`heartbeat`")
    trouble = told(denied, About("db:3306")).trouble
    assert isinstance(trouble, Denied)
    assert trouble.grant == "SELECT ON percona.heartbeat"
