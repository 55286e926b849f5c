"""What is wrong with a statement that we send to a SQL Server?

It must be pure reading, parse, name only what is documented, give a bounded number of rows, and nothing that the driver
cannot read. `judge` gives every fault of one file with its place.
"""

from __future__ import annotations

import re
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from collectors.database.question import tag
from tests.collectors.sqlserver.documented import VERSIONS
from tests.collectors.sqlserver.faults import Fault, Report
from tests.collectors.sqlserver.rows import FEW_RESULTS, bounded
from tests.collectors.sqlserver.scopes import outputs

MOST_PARAMETERS = 20

EFFECT = re.compile(
    r"ALTER|BACKUP|BULK|CHECKPOINT|CLOSE|COMMIT|CREATE|DBCC|DELETE|DENY|DISABLE|DROP|ENABLE|EXEC|EXECUTE|GO|GRANT|INSERT"
    r"|INTO|KILL|MERGE|OPEN|OPENDATASOURCE|OPENQUERY|OPENROWSET|RECONFIGURE|RESTORE|REVERT|REVOKE|ROLLBACK|SAVE|SHUTDOWN"
    r"|TRUNCATE|UPDATE|UPDATETEXT|USE|WAITFOR|WRITETEXT",
    re.IGNORECASE,
)
"""Words that no statement of ours has, outside strings, comments and [brackets]."""

CALLS: dict[str, str] = {
    "msdb.dbo.rds_task_status": "native backups and restores, for which RDS has no view",
    "msdb.dbo.rds_failover_time": "RDS reads it from the error log for us",
    "rdsadmin.dbo.rds_read_error_log": "what RDS gives instead of xp_readerrorlog",
    "msdb.dbo.sp_help_job": "the tables behind it are closed on RDS",
}
"""What may follow EXEC, and why."""

BLOCK = re.compile(r"TRAN|TRANSACTION|DISTRIBUTED|TRY|CATCH", re.IGNORECASE)
"""After BEGIN: a transaction would be left open, and an error has to reach us."""

NOT_ON_RDS = re.compile(
    r"xp_\w+|sp_oa\w+|sp_configure|sp_validatelogins|sp_updatestats|dm_server_registry|sysjobsteps|syssessions"
    r"|sysalerts|sysoperators|sysnotifications|fn_dblog|fn_trace_gettable",
    re.IGNORECASE,
)

SESSION = re.compile(
    r"(NOCOUNT|XACT_ABORT|ARITHABORT|QUOTED_IDENTIFIER|CONCAT_NULL_YIELDS_NULL|ANSI_\w+|NUMERIC_ROUNDABORT)\s+(ON|OFF)"
    r"|LOCK_TIMEOUT\s+\d+|DEADLOCK_PRIORITY\s+(-?\d+|LOW)|TEXTSIZE\s+\d+|QUERY_GOVERNOR_COST_LIMIT\s+\d+"
    r"|TRANSACTION\s+ISOLATION\s+LEVEL\s+READ\s+UNCOMMITTED",
    re.IGNORECASE,
)
"""What SET may set besides variables. Only this is taken out before parsing: sqlglot does not know every option."""

VARIANTS = re.compile(
    r"SERVERPROPERTY|DATABASEPROPERTYEX|CONNECTIONPROPERTY|SESSION_CONTEXT|COLLATIONPROPERTY|LOGINPROPERTY"
    r"|FILEPROPERTYEX|SQL_VARIANT_PROPERTY",
    re.IGNORECASE,
)


def judge(name: str, text: str) -> list[Fault]:
    """Every fault of the statement file of that name, in the order of the text."""
    report = Report(name, text)
    _head(report)
    try:
        tokens = sqlglot.tokenize(text, read="tsql")
    except TokenError as error:
        report.at(0, f"cannot be read: {error}")
        return report.faults
    _words(report, tokens)
    for tree in _parsed(report, tokens):
        _shape(report, tree)
        _variants(report, tree)
    return sorted(report.faults)


def _head(report: Report) -> None:
    wanted = tag(report.name)
    if not report.text.startswith(wanted + "\n"):
        report.at(0, f"does not begin with its tag, {wanted}")
    second = report.text.partition("\n")[2].partition("\n")[0]
    if second.startswith("-- since:"):
        said = second.removeprefix("-- since:").strip()
        if said.isdecimal() and int(said) in VERSIONS:
            report.since = int(said)
        else:
            report.at(len(wanted) + 1, f"since {said}: not one of {', '.join(map(str, VERSIONS))}")


def _words(report: Report, tokens: list[Token]) -> None:
    placeholders = [token for token in tokens if token.token_type is TokenType.PLACEHOLDER]
    if len(placeholders) > MOST_PARAMETERS:
        what = f"{len(placeholders)} parameters; {MOST_PARAMETERS} are the most"
        report.at(placeholders[MOST_PARAMETERS].start, what)
    for index, token in enumerate(tokens):
        if token.token_type in (TokenType.STRING, TokenType.NATIONAL_STRING):
            continue
        if NOT_ON_RDS.fullmatch(token.text):
            report.at(token.start, f"{token.text} cannot be used on RDS")
        word = token.text.upper()
        begins = word == "BEGIN" and index + 1 < len(tokens) and BLOCK.fullmatch(tokens[index + 1].text)
        if token.token_type is TokenType.IDENTIFIER or not (begins or EFFECT.fullmatch(word)):
            continue
        if word in ("EXEC", "EXECUTE") and (called := _called(tokens, index + 1)) in CALLS:
            continue
        why = f"{called} is not among CALLS" if word.startswith("EXEC") else "our statements only read"
        report.at(token.start, f"{word}: {why}")


def _called(tokens: list[Token], index: int) -> str:
    name = ""
    for token in tokens[index : index + 5]:
        if token.token_type is not TokenType.DOT and name and not name.endswith("."):
            break
        name += token.text
    return name


def _parsed(report: Report, tokens: list[Token]) -> list[exp.Expr]:
    text = report.text
    for token, after in pairwise(tokens):
        if token.token_type is TokenType.SET and not after.text.startswith("@"):
            option = SESSION.match(text, after.start)
            if option is None:
                report.at(token.start, f"SET {after.text}: not an option of the session that may be set")
            end = option.end() if option else after.end + 1
            text = text[: token.start] + " " * (end - token.start) + text[end:]  # the places stay
    try:
        return [tree for tree in sqlglot.parse(text, read="tsql") if tree and not isinstance(tree, exp.Semicolon)]
    except ParseError as error:
        first = error.errors[0]
        lines = text.split("\n")
        offset = sum(len(line) + 1 for line in lines[: first["line"] - 1]) + first["col"] - 1
        report.at(offset, f"does not parse: {first['description']} at {first['highlight']!r}")
        return []


def _shape(report: Report, tree: exp.Expr) -> None:
    """Declarations, conditions and, at the end of it, queries."""
    if isinstance(tree, exp.Query):
        _result(report, tree)
    elif isinstance(tree, (exp.IfBlock, exp.Block)):
        _inner(report, tree.args.get("this"))
        for child in (tree.args.get("true"), tree.args.get("false"), *tree.expressions):
            if isinstance(child, exp.Expr):
                _shape(report, child)
    elif isinstance(tree, (exp.Declare, exp.Set)) or (
        isinstance(tree, exp.EQ) and isinstance(tree.this, exp.Parameter)
    ):
        _inner(report, tree)
    elif not isinstance(tree, (exp.Semicolon, exp.Execute)):  # which one was judged by its words
        report.node(tree, f"a {type(tree).__name__}: neither a query nor what prepares one")


def _result(report: Report, query: exp.Query) -> None:
    """Names that can be told apart, values that the driver can read, a number of rows that is bounded."""
    results = outputs(report, query)
    if not results:
        return  # all into variables
    names = [each.name for each in results]
    report.results += 1
    for each in results:
        if each.name.startswith("("):
            report.node(each.node, f"column {each.name} of the result has no name")
        elif names.count(each.name) > 1:
            report.node(each.node, f"more than one column of the result is called {each.name}")
        if each.known.type.startswith("datetimeoffset"):
            report.node(each.node, f"{each.name} is a datetimeoffset, which the driver cannot read: CAST it")
    if (report.name, report.results) not in FEW_RESULTS and not bounded(query):
        what = f"result {report.results} may have any number of rows: TOP, or a line in FEW or FEW_RESULTS"
        report.node(query, what)


def _inner(report: Report, tree: object) -> None:
    """The queries within an expression."""
    if isinstance(tree, exp.Expr):
        for node in tree.walk(prune=lambda each: isinstance(each, exp.Query)):
            if isinstance(node, exp.Query):
                outputs(report, node)


def _variants(report: Report, tree: exp.Expr) -> None:
    for node in tree.find_all(exp.Anonymous):
        if VARIANTS.fullmatch(node.name) and not isinstance(node.parent, (exp.Cast, exp.Convert)):
            report.node(node, f"{node.name.upper()} gives a sql_variant, which the driver cannot read: CAST it")
