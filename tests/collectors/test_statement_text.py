from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import CannotCollect
from collectors.statement_text import DEEPEST_PLAN, MOST_OF_A_PLAN, fingerprint, normalise, strip_plan
from collectors.statement_tokens import Dialect

T, P, M = Dialect.TSQL, Dialect.POSTGRESQL, Dialect.MYSQL


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (T, "SELECT  a\r\n\tFROM t1 WHERE b = N'O''Hara' AND c=-12", "SELECT a FROM t1 WHERE b = ? AND c=?"),
        (
            T,
            "CREATE LOGIN x WITH PASSWORD = 'pw', CHECK_POLICY = OFF",
            "CREATE LOGIN x WITH PASSWORD = ?, CHECK_POLICY = OFF",
        ),
        (T, "CREATE LOGIN x WITH PASSWORD = 0x0200AB HASHED", "CREATE LOGIN x WITH PASSWORD = ? HASHED"),
        (T, "OPEN SYMMETRIC KEY k DECRYPTION BY PASSWORD=N'x'", "OPEN SYMMETRIC KEY k DECRYPTION BY PASSWORD=?"),
        (T, "EXEC dbo.p2 @p = 'secret', @q=$12, @r = 1e-5", "EXEC dbo.p2 @p = ?, @q=?, @r = ?"),
        (T, "EXEC sp_addlogin bob, secret; SELECT a", "EXEC sp_addlogin ?, ?; SELECT a"),
        (
            T,
            'EXEC @r = a.b..[c d] @p = secret, [secret], "secret", NULL, @q OUTPUT',
            "EXEC @r = a.b..[c d] @p = ?, ?, ?, NULL, @q OUTPUT",
        ),
        (T, "IF @x = 1 EXEC p1 ELSE EXECUTE p2 -5 SELECT a, b", "IF @x = ? EXEC p1 ELSE EXECUTE p2 -? SELECT a, b"),
        (T, "INSERT t EXEC p SELECT a, b FROM c", "INSERT t EXEC p SELECT a, b FROM c"),
        (T, "GRANT EXECUTE ON p TO bob; EXECUTE AS USER = 'x'", "GRANT EXECUTE ON p TO bob; EXECUTE AS USER = ?"),
        (T, "EXEC ('SELECT 1') AT srv; EXEC p @a OUTPUT, secret", "EXEC (?) AT srv; EXEC p @a OUTPUT, ?"),
        (T, "OPENROWSET('SQLNCLI', 'Server=x;Pwd=y', 'select 1')", "OPENROWSET(?, ?, ?)"),
        (T, "SELECT [a]]b 'c'], [d'e] FROM dbo.x2, #t1, @t2", "SELECT [a]]b 'c'], [d'e] FROM dbo.x2, #t1, @t2"),
        (T, 'SELECT "a b" FROM "t" WHERE "x" = "t"."y"', 'SELECT "a b" FROM "t" WHERE "x" = "t"."y"'),
        (T, 'WHERE name = "secret" OR name LIKE "s%"', "WHERE name = ? OR name LIKE ?"),
        (T, "a /* x /* 'y */ z */ b -- 'c\n d", "a b d"),
        (T, "x - 5, x-5, -5, (- 5), x = -5, 3 - -2", "x - ?, x-?, ?, (?), x = ?, ? - ?"),
        (T, "1.5, .5, 5., 1E+3, 0xAF, 0x, $1000.50, £-2, €.5", "?, ?, ?, ?, ?, ?, ?, ?, ?"),
        (T, "a IN (1, 2, N'x', NULL) AND b NOT IN ('y')", "a IN (…) AND b NOT IN (…)"),
        (T, "a IN (SELECT b FROM c) OR a IN (@p, 1)", "a IN (SELECT b FROM c) OR a IN (@p, ?)"),
        (T, "INSERT t VALUES (1, 'a'), (2, 'b'), (-3, DEFAULT)", "INSERT t VALUES (…)"),
        (T, "INSERT t VALUES (1, GETDATE()), (2, 'b')", "INSERT t VALUES (?, GETDATE()), (?, ?)"),
        (
            T,
            "SELECT 1FROM t WHERE a LIKE'x'ESCAPE'y'AND b=2AND c=3",
            "SELECT ? FROM t WHERE a LIKE ? ESCAPE ? AND b=? AND c=?",
        ),
        (T, "{ts '2026-01-01 00:00:00'}", "{ts ?}"),
        (P, r"SELECT 'C:\', E'a\'b', $1, $$x'y$$, $t$ $$ $t$", "SELECT ?, ?, $1, ?, ?"),
        (P, "SELECT \"it's\", a[1]-5, '5'::int, a$b", 'SELECT "it\'s", a[?]-?, ?::int, a$b'),
        (P, "a /* /* */ 'x' */ b", "a b"),
        (M, r"""SELECT 'a\'b', "c\"d", x'1F', `e'f`, @v # 'g""", "SELECT ?, ?, ?, `e'f`, @v"),
        (M, "a /* /* */ b -- 'c\n d --1", "a b d -?"),
        (M, "GRANT ALL ON *.* TO 'u'@'h' IDENTIFIED BY 'pw'", "GRANT ALL ON *.* TO ?@? IDENTIFIED BY ?"),
    ],
)
def test_values_go_and_names_stay(dialect: Dialect, text: str, expected: str) -> None:
    assert normalise(text, dialect) == expected


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (T, "a = 'secr", "a = ?"),
        (T, "a = N'it''", "a = ?"),
        (T, "a /* secr", "a"),
        (T, "a -- secr", "a"),
        (T, "a IN (1, 2, 'secr", "a IN (…)"),
        (T, "VALUES (1, 'a'), (2, 'secr", "VALUES (…)"),
        (T, "a = [secr", "a ="),
        (T, 'a = "secr', "a ="),
        (P, "a = $x$ secr $", "a = ?"),
        (P, "a = E'it\\' secr\\", "a = ?"),
        (P, "a /* /* */ secr", "a"),
        (M, 'a = "it\\" secr\\', "a = ?"),
        (M, "a /* secr", "a"),
        (M, "a = `secr", "a ="),
    ],
)
def test_what_is_cut_ends_there(dialect: Dialect, text: str, expected: str) -> None:
    assert normalise(text, dialect) == expected


# What only a value is made of, with all that may stand in one; no name has any of these letters.
FOREIGN = "жщюя"
VALUES = st.text(alphabet=FOREIGN + "'\"[]()/*-\\$, \n;#`N@", max_size=12)
NAMES = ("t1", "dbo.x2", "[a]]b]", "[it's]", "#tmp", "@p", '"q d"')
TSQL_LITERALS = st.one_of(
    st.builds(lambda v: "'" + v.replace("'", "''") + "'", VALUES),
    st.builds(lambda v: "N'" + v.replace("'", "''") + "'", VALUES),
    st.builds(lambda v: "/*" + v.replace("/*", "").replace("*/", "") + "*/", VALUES.filter(lambda v: "/" not in v)),
    st.builds(lambda v: "--" + v.replace("\n", "") + "\n", VALUES),
)
NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(0, 2**64).map(hex),
    st.integers(0, 10**9).map(lambda n: f"${n}"),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(lambda d: f"{d:f}"),
)
GLUE = st.sampled_from(
    ["=", " = ", ", ", " IN (", ") ", " AND ", " VALUES (", "), (", "\n", "+", " SELECT ", ";", "( "]
)


@st.composite
def statements(draw: st.DrawFn, literals: st.SearchStrategy[str]) -> tuple[str, list[str]]:
    """A text, and the names in it."""
    out, names = [], []
    for _ in range(draw(st.integers(1, 12))):
        if draw(st.booleans()):
            out.append(draw(literals))
        else:
            names.append(draw(st.sampled_from(NAMES[:6])))
            out.append(names[-1])
        out.append(" " + draw(GLUE) + " ")
    return "".join(out), names


@given(statements(TSQL_LITERALS), st.integers(0, 200))
def test_no_string_survives_wherever_the_text_is_cut(given: tuple[str, list[str]], cut: int) -> None:
    text, names = given
    whole = normalise(text)
    assert not set(whole) & set(FOREIGN)
    assert not set(normalise(text[:cut])) & set(FOREIGN)
    for name in names:
        assert name in whole


@given(statements(NUMBERS), st.integers(0, 200))
def test_no_number_survives_wherever_the_text_is_cut(given: tuple[str, list[str]], cut: int) -> None:
    text, _ = given
    for part in (text, text[:cut]):
        told = normalise(part)
        for name in NAMES:
            told = told.replace(name, "")
        assert not re.search(r"\d", told), told


@given(st.sampled_from((P, M)), VALUES)
def test_no_string_of_another_dialect_survives(dialect: Dialect, value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    prefix = "E" if dialect is P else ""
    assert normalise(f"a = {prefix}'{escaped}', b", dialect) == "a = ?, b"


PIECES = st.sampled_from([
    "'", "N'", '"', "[", "]", "]]", "/*", "*/", "--", "\n", " ", "$", "$$", "$a$", "1", ".", "e", "-", "+", "0x", "?",
    "…", "(", ")", ",", "IN", "EXEC ", "VALUES", "=", "LIKE", "a", "@", "#", "\\", "`", "_", "E'", "U&", "NULL", "²",
    "\u0661", "\ud800",
])  # fmt: skip


@given(st.sampled_from(Dialect), st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_is_normalised_once_and_for_all(dialect: Dialect, text: str) -> None:
    once = normalise(text, dialect)
    assert normalise(once, dialect) == once
    if not set('["`') & set(text):  # which keep what is in them
        assert not re.search(r"\s\s|[^\S ]", once)
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint(text, dialect))


def test_a_fingerprint_is_of_the_statement_and_not_of_its_values() -> None:
    one = fingerprint("SELECT a FROM t WHERE b = 5 AND c IN (1,2)")
    assert one == fingerprint("select  a\nfrom T where b=-7 and c in ('x') -- why")
    assert one != fingerprint("SELECT a FROM t WHERE d = 5 AND c IN (1,2)")
    assert one == "88136d73d8a5a391"  # it is kept between runs


HOSTILE = [
    "'", "[", '"', "/*", "(", "IN(", "IN (1,", "VALUES (1),", "VALUES (", "- ", "a", "1", "1,", "$", "$a$", "$ ",
    '="a"', "0x", "--", "\\", "E'", "`", "N'a'", "/**/", "*/", "1e", "@", "@#", " ", "_", ".",
]  # fmt: skip


@pytest.mark.timeout(20)  # forty times what it takes; by a square law it would be minutes
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_time_by_its_length(piece: str) -> None:
    for dialect in Dialect:
        told = normalise((piece * 100_000)[:100_000], dialect)
        assert len(told) <= 200_000  # a space between two


PLAN = """<?xml version="1.0" encoding="utf-16"?>
<ShowPlanXML xmlns="http://schemas.microsoft.com/sqlserver/2004/07/showplan" Version="1.6">
<BatchSequence><Batch><Statements>
<StmtSimple StatementText="SELECT a FROM t WHERE b = N'{0}'&#xA;AND c = 4711" QueryHash="0xAB12" StatementType="SELECT"
 ParameterizedText="(@1 int)SELECT 4711">
<!-- {0} --><?x {0}?>
<QueryPlan><Warnings><PlanAffectingConvert ConvertIssue="Seek Plan" Expression="[c]='{0}'"/></Warnings>
<RelOp PhysicalOp="Index Seek" EstimateRows="1.5e+003"><Object Database="[d b]" Table="[it's]" Index="[ix1]"/>
<ScalarOperator ScalarString="[d].[t].[b]=N'{0}'"><Const ConstValue="N'{0}'"/></ScalarOperator>
<RemoteQuery RemoteSource="srv" RemoteQuery="SELECT '{0}'"/><InternalInfo><x y="{0}"/>{0}</InternalInfo>{0}
<Unheard Of="a '{0}'"/>
</RelOp><ParameterList><ColumnReference Column="@P1" ParameterDataType="nvarchar(10)" ParameterCompiledValue="N'{0}'"
 ParameterRuntimeValue="4711"/></ParameterList></QueryPlan></StmtSimple></Statements></Batch></BatchSequence></ShowPlanXML>"""


def test_a_plan_keeps_its_form_and_loses_its_values() -> None:
    told = strip_plan(PLAN.replace("{0}", FOREIGN))
    assert not set(told) & set(FOREIGN)
    assert "4711" not in told
    for kept in ('xmlns="http', 'QueryHash="0xAB12"', 'EstimateRows="1.5e+003"', 'Table="[it\'s]"', 'Column="@P1"'):
        assert kept in told
    for kept in (
        'StatementText="SELECT a FROM t WHERE b = ? AND c = ?"',
        '"nvarchar(10)"',
        'ScalarString="[d].[t].[b]=?"',
    ):
        assert kept in told
    assert strip_plan(told) == told


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("", "not complete"),
        (PLAN[:900], "not complete"),
        ("SELECT 1", "not complete"),
        ("<a>\ud800</a>", "not complete"),
        ('<!DOCTYPE a [<!ENTITY e "x">]><a b="&e;"/>', "document type"),
        ("<a>" * (DEEPEST_PLAN + 1), "too deep"),
        (" " * (MOST_OF_A_PLAN + 1), "too large"),
    ],
)
def test_a_plan_that_cannot_be_read_is_told(xml: str, what: str) -> None:
    with pytest.raises(CannotCollect, match=what) as caught:
        strip_plan(xml)
    assert "SELECT" not in caught.value.line()


def test_a_plan_as_deep_as_allowed_is_read() -> None:
    deep = "<a>" * DEEPEST_PLAN + "</a>" * DEEPEST_PLAN
    assert strip_plan(deep) == deep
