"""Every statement that is sent to a SQL Server only reads, parses, and names what the documentation knows."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest

from collectors.database.question import tag
from tests.collectors.sqlserver.documented import VERSIONS, views
from tests.collectors.sqlserver.rows import FEW
from tests.collectors.sqlserver.statements import MOST_PARAMETERS, judge

FOLDER = Path(str(files("collectors.sqlserver"))) / "sql"
SENT = {each.stem: each for each in sorted(FOLDER.iterdir())} if FOLDER.is_dir() else {}


@pytest.mark.parametrize("name", SENT)
def test_a_statement_that_is_sent_is_sound(name: str) -> None:
    assert SENT[name].suffix == ".sql"
    assert [str(fault) for fault in judge(name, SENT[name].read_text(encoding="utf-8"))] == []


def test_no_statement_hides_in_the_code() -> None:
    """All are in files, where they are judged."""
    statement = re.compile(r"\s*(SELECT|WITH|DECLARE|EXEC)\b.*(\bFROM\b|@@|\bdbo\b)", re.DOTALL)
    for module in FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not statement.match(node.value), f"{module.name}:{node.lineno}"


SOUND = [
    "SELECT i.ms_ticks AS ticks FROM sys.dm_os_sys_info AS i;",
    # the second alias is seen by APPLY, the derived table gives what it selects, ORDER BY knows the new name
    """SELECT TOP (50) one.id, one.login AS login, t.text AS text
FROM (SELECT s.session_id AS id, s.login_name AS login, r.sql_handle
      FROM sys.dm_exec_sessions AS s LEFT JOIN sys.dm_exec_requests AS r ON r.session_id = s.session_id) AS one
OUTER APPLY sys.dm_exec_sql_text(one.sql_handle) AS t
WHERE EXISTS (SELECT 1 FROM sys.dm_exec_connections AS c WHERE c.session_id = one.id)
ORDER BY login""",
    "WITH d AS (SELECT x.name FROM sys.databases AS x) SELECT TOP (9) d.name FROM d",
    "SELECT COUNT(*) AS n FROM tempdb.sys.dm_db_file_space_usage AS f",
    "SELECT CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition, CONVERT(int, c.value_in_use) AS used"
    " FROM sys.configurations AS c",
    """SET NOCOUNT ON; SET LOCK_TIMEOUT 2000; SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;
SET DEADLOCK_PRIORITY -10; DECLARE @now bigint = (SELECT i.ms_ticks FROM sys.dm_os_sys_info AS i);
IF @now > ? SELECT N'-- EXEC [DROP]' AS said; /* KILL */""",
    """SELECT TOP (1) x.e.value('(@id)[1]', 'int') AS id
FROM sys.dm_os_ring_buffers AS r
CROSS APPLY (SELECT CAST(r.record AS xml) AS doc) AS c
CROSS APPLY c.doc.nodes('/Record') AS x (e)""",
    "EXEC msdb.dbo.rds_failover_time",
    "SELECT TOP (5) name FROM sys.databases",  # one table: it is clear whose
    "SELECT v.a AS a FROM (VALUES (1), (2)) AS v (a)",
    "SELECT wait_type FROM sys.dm_os_wait_stats UNION ALL SELECT N'x' AS y",
]


@pytest.mark.parametrize("text", SOUND)
def test_what_is_sound_passes(text: str) -> None:
    assert [str(fault) for fault in judge("planted", f"{tag('planted')}\n{text}")] == []


SESSIONS = " FROM sys.dm_exec_sessions AS s JOIN sys.dm_exec_requests AS r ON r.session_id = s.session_id"
PLANTED = [
    # a fault, where it stands on the second line of the file, and what is said of it
    ("SELECT i.ms_tick AS t FROM sys.dm_os_sys_info AS i", "i.ms_tick", "sys.dm_os_sys_info has no such column"),
    ("SELECT i.MS_TICKS AS t FROM sys.dm_os_sys_info AS i", "i.MS_TICKS", "sys.dm_os_sys_info has no such column"),
    ("SELECT j.ms_ticks AS t FROM sys.dm_os_sys_info AS i", "j.ms_ticks", "nothing here is called j"),
    ("SELECT TOP (1) q.a AS a FROM sys.dm_os_inf AS q", "sys.dm_os_inf", "is not in dmv_columns.toml"),
    ("SELECT TOP (1) q.name AS a FROM sys.Databases AS q", "sys.Databases", "it is spelt sys.databases"),
    ("SELECT TOP (1) q.a AS a FROM mine.dbo.orders AS q", "mine.dbo.orders", "is not in dmv_columns.toml"),
    ("SELECT TOP (1) status" + SESSIONS, "status", "status is ambiguous: of s or r?"),
    ("SELECT TOP (1) stat" + SESSIONS, "stat", "stat is a column of nothing here"),
    ("SELECT TOP (1) x.b AS b FROM (SELECT d.name AS a FROM sys.databases AS d) AS x", "x.b", "what is selected there"),
    (
        "SELECT TOP (1) d.name FROM sys.databases AS d WHERE EXISTS (SELECT 1 WHERE d.nam = 1)",
        "d.nam ",
        "no such column",
    ),
    (
        "SELECT TOP (1) d.name FROM sys.databases AS d CROSS APPLY sys.dm_db_log_stats(d.id) AS l",
        "d.id",
        "no such column",
    ),
    ("SELECT * FROM sys.dm_os_sys_info AS i", "*", "name the columns"),
    ("SELECT i.* FROM sys.dm_os_sys_info AS i", "*", "name the columns"),
    ("SELECT SERVERPROPERTY('Edition') AS e", "SERVERPROPERTY", "SERVERPROPERTY gives a sql_variant"),
    ("SELECT c.value_in_use AS v FROM sys.configurations AS c", "c.value_in_use", "is a sql_variant"),
    ("SELECT TOP (1) p.last_execution_time AS l FROM sys.query_store_plan AS p", "p.last_", "is a datetimeoffset"),
    ("EXEC sys.sp_who", "EXEC", "sys.sp_who is not among CALLS"),
    ("EXEC ('SELECT 1')", "EXEC", "is not among CALLS"),
    ("EXECUTE master..xp_fixeddrives", "xp_fixeddrives", "cannot be used on RDS"),
    ("DBCC LOGINFO", "DBCC", "only read"),
    ("KILL 53", "KILL", "only read"),
    ("SELECT d.name INTO #t FROM sys.databases AS d", "INTO", "only read"),
    ("DELETE FROM msdb.dbo.suspect_pages", "DELETE", "only read"),
    ("ALTER DATABASE x SET QUERY_STORE = ON", "ALTER", "only read"),
    ("BEGIN TRANSACTION", "BEGIN", "only read"),
    ("BEGIN TRY SELECT 1 AS a END TRY BEGIN CATCH SELECT 2 AS b END CATCH", "BEGIN", "only read"),
    ("SET ROWCOUNT 0", "SET", "not an option of the session that may be set"),
    ("SET IDENTITY_INSERT x ON", "SET", "not an option of the session that may be set"),
    ("SELEC d.name FRO x", ".", "does not parse"),
    ("SELECT d.name FROM sys.databases AS d", "d.name", "result 1 may have any number of rows"),
    ("SELECT TOP (9) PERCENT d.name FROM sys.databases AS d", "9", "may have any number of rows"),
    ("SELECT x.name FROM (SELECT d.name FROM sys.databases AS d) AS x", "x.name", "may have any number of rows"),
    ("SELECT 1 AS a; SELECT d.name FROM sys.databases AS d", "d.name", "result 2 may have any number of rows"),
    ("SELECT COUNT(d.name) FROM sys.databases AS d", "COUNT", "column (1) of the result has no name"),
    (
        "SELECT TOP (1) s.reads, r.reads" + SESSIONS,
        "s.reads",
        "more than one column of the result is called reads",
    ),
    ("SELECT TOP (1) r.page_resource AS p FROM sys.dm_exec_requests AS r", "r.page", "say `-- since: 2019`"),
    ("SELECT TOP (1) w.plan_id FROM sys.query_store_wait_stats AS w", "w.plan", "exists since 2017"),
    ("SELECT TOP (1) x.a AS a FROM fn_mine(1) AS x", "fn_mine", "is not in dmv_columns.toml"),
    ("SELECT dbo.mine(1) AS a", "dbo.mine", "not a function that is known here"),
    ("IF EXISTS (SELECT 1 FROM sys.databases AS d WHERE d.nam = 1) SELECT 1 AS a", "d.nam", "no such column"),
    ("DECLARE @a int = (SELECT MAX(d.nam) FROM sys.databases AS d)", "d.nam", "no such column"),
    ("SELECT 1 AS a UNION ALL SELECT d.nam FROM sys.databases AS d", "d.nam", "no such column"),
    (f"SELECT {', '.join('?' * (MOST_PARAMETERS + 1))}", "?", "21 parameters; 20 are the most"),
]


@pytest.mark.parametrize(("text", "at", "what"), PLANTED)
def test_a_planted_fault_is_told_with_its_place(text: str, at: str, what: str) -> None:
    faults = [str(fault) for fault in judge("planted", f"{tag('planted')}\n{text}")]
    found = [fault for fault in faults if what in fault]
    assert found, faults
    places = {match.start() + 1 for match in re.finditer(re.escape(at), text)}
    place = re.match(r"planted\.sql:2:(\d+): ", found[0])
    assert place
    assert int(place[1]) in places, found[0]


@pytest.mark.parametrize(
    "text",
    ["SELECT 1 AS a", "/* dbconsole:other */\nSELECT 1 AS a", "\n/* dbconsole:planted */\nSELECT 1 AS a"],
)
def test_a_statement_without_its_tag_is_told(text: str) -> None:
    assert [str(f) for f in judge("planted", text)] == [
        "planted.sql:1:1: does not begin with its tag, /* dbconsole:planted */"
    ]


def test_a_statement_may_say_since_when() -> None:
    newer = "SELECT TOP (1) r.page_resource AS p FROM sys.dm_exec_requests AS r"
    for since in VERSIONS:
        faults = judge("planted", f"{tag('planted')}\n-- since: {since}\n{newer}")
        assert bool(faults) == (since < 2019)
    assert any(f.what.startswith("since then") for f in judge("planted", f"{tag('planted')}\n-- since: then\n{newer}"))


def test_a_text_that_nobody_can_read_is_told() -> None:
    assert "cannot be read" in str(judge("planted", f"{tag('planted')}\nSELECT 'open")[0])


def test_the_dictionary_is_well_formed() -> None:
    assert len(views()) > 80
    assert set(FEW) <= set(views())
    for view in views().values():
        assert view.columns
        for column, known in view.columns.items():
            assert re.fullmatch(r"[a-z_0-9]+|Error", column), (view.name, column)  # RDS spells one of its own so
            assert re.fullmatch(r"[a-z0-9_]+(\((\d+(,\d+)?|max)\))?", known.type), (view.name, column)
            assert known.since in VERSIONS
