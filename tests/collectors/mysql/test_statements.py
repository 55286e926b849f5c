"""Every statement that is sent to MySQL or MariaDB only reads, and begins with its tag."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest

from collectors.database.question import tag
from console.demo.mysql.answers import ANSWERS

FOLDER = Path(str(files("collectors.mysql"))) / "sql"
SENT = {each.stem: each.read_text(encoding="utf-8") for each in sorted(FOLDER.iterdir())}
SHOWN = r"SHOW (REPLICA STATUS|SLAVE STATUS|ALL SLAVES STATUS|BINARY LOG STATUS|MASTER STATUS|REPLICAS|SLAVE HOSTS)"
ONLY_READS = re.compile(rf"({SHOWN}|SHOW GLOBAL VARIABLES WHERE .*|SELECT .* LIMIT \d{{1,3}})\s*", re.DOTALL)


@pytest.mark.parametrize("name", SENT)
def test_a_statement_begins_with_its_tag_and_only_reads_a_little(name: str) -> None:
    first, _, rest = SENT[name].partition("\n")
    assert first == tag(name)
    assert ONLY_READS.fullmatch(rest.replace("\nLIMIT", " LIMIT")), rest
    assert ";" not in rest
    assert not re.search(r"\b(FOR UPDATE|INTO|SLEEP|BENCHMARK|LOAD_FILE)\b", rest)


def test_the_demo_answers_all_but_the_table_that_nobody_writes_there() -> None:
    assert set(SENT) - set(ANSWERS) == {"mysql_heartbeat"}


def test_no_statement_hides_in_the_code() -> None:
    """But for what a connection is prepared with."""
    statement = re.compile(r"\s*(SELECT|SHOW|WITH)\b.*\b(FROM|STATUS|VARIABLES)\b", re.DOTALL)
    for module in FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not statement.match(node.value), f"{module.name}:{node.lineno}"
