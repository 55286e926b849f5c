"""The SQL for a login: the grants that the collectors name, in statements of a form that is known, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest

import collectors.sqlserver
from collectors.sqlserver.asking import Question
from collectors.sqlserver.grants import IN_MSDB, for_version, missing
from console.policy.sqlserver import FLUSHES, FLUSHES_ONE_DATABASE, LEFT_OUT, lines, login
from console.specs import ROLES, RoleWord

VERSIONS = (13, 14, 15, 16, 17)
ONLY_IF = re.compile(r"IF CAST\(SERVERPROPERTY\('ProductMajorVersion'\) AS int\) (<=|>=) (\d+) EXEC \(N'(.*)'\);")
ON_RDS = re.compile(r"IF OBJECT_ID\(N'dbo\.(\w+)'\) IS NOT NULL EXEC \(N'(.*)'\);")
FORMS = (
    re.compile(r"USE (master|msdb|<the database, in square brackets>);"),
    re.compile(r"CREATE LOGIN (\w+) WITH PASSWORD = <a new password, in quotes>;"),
    re.compile(r"CREATE USER (\w+) FOR LOGIN \1;"),
    re.compile(r"GRANT [A-Z ]+ TO \w+;"),
    re.compile(r"GRANT (SELECT|EXECUTE) ON dbo\.\w+ TO \w+;"),
    re.compile(r"ALTER ROLE SQLAgentUserRole ADD MEMBER \w+;"),
    re.compile(r"GO"),
)


def statements(role: RoleWord, version: int = 16) -> Iterator[str]:
    """As that version runs them: without remarks, with what stands in an EXEC taken out of it."""
    for line in lines(role):
        text = line.partition("--")[0].strip()
        if (only := ONLY_IF.fullmatch(text)) is not None:
            if version <= int(only[2]) if only[1] == "<=" else version >= int(only[2]):
                yield only[3]
        elif (there := ON_RDS.fullmatch(text)) is not None:
            yield there[2]
        elif text:
            yield text


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("role", ROLES)
def test_each_statement_has_a_form_that_is_known_and_is_about_that_login(role: RoleWord, version: int) -> None:
    for statement in statements(role, version):
        assert any(form.fullmatch(statement) for form in FORMS), statement
        assert re.search(r"dbconsole\w*", statement) is None or login(role) in statement


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_gets_what_its_least_login_has_and_no_more(version: int) -> None:
    granted = {
        found[1] for each in statements("viewer", version) if (found := re.fullmatch(r"GRANT ([A-Z ]+) TO \w+;", each))
    }
    assert granted == {str(grant.name) for grant in for_version(version)}


def questions() -> Iterator[tuple[str, Question]]:
    for module in walk_packages(collectors.sqlserver.__path__, "collectors.sqlserver."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, Question):
                yield f"{module.name}.{name}", value


@pytest.mark.parametrize("version", VERSIONS)
def test_what_any_collector_asks_is_granted_or_left_out_with_a_reason(version: int) -> None:
    left_out = {str(IN_MSDB[name].name) for name in LEFT_OUT}
    there = " ".join(statements("viewer", version)).replace("dbo.", "")
    held = {str(grant.name) for grant in for_version(version)}
    asked = [(name, set(question.grants) - left_out) for name, question in questions()]
    assert len(asked) > 20
    for name, grants in asked:
        of_msdb = {grant for grant in grants if grant.endswith("in msdb")}
        assert missing(grants - of_msdb, held, version) == (), name
        assert all(grant.removesuffix(" in msdb") in there for grant in of_msdb), name


def test_what_msdb_can_show_is_granted_or_left_out() -> None:
    text = "\n".join(lines("viewer"))
    for name, grant in IN_MSDB.items():
        assert (str(grant.why) in text) != (name in LEFT_OUT), name
    assert "db_owner" not in "\n".join(statements("admin"))


def test_only_an_admin_may_flush() -> None:
    for role in ROLES:
        there = {found[1] for each in statements(role) if (found := re.fullmatch(r"GRANT ([A-Z ]+) TO \w+;", each))}
        assert (
            {FLUSHES, FLUSHES_ONE_DATABASE} <= there if role == "admin" else not any("ALTER" in each for each in there)
        )


@pytest.mark.parametrize("role", ROLES)
def test_a_batch_with_something_to_put_in_is_no_sql_before_that(role: RoleWord) -> None:
    """A parser refuses the whole batch; those after it are about a login that is then not there."""
    batches = [batch for batch in "\n".join(statements(role)).split("GO") if batch.strip()]
    assert "<" in batches[0]
    assert all("<" in batch for batch in batches if "CREATE USER" in batch and "msdb" not in batch)
    assert "CONTROL" not in "".join(batches)
