"""Every statement that is sent to a PostgreSQL only reads, says its tag, and names what it gives; the server agrees."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest
import sqlglot
from pydantic import BaseModel
from sqlglot import exp

from collectors.database.question import tag
from collectors.postgres.all import COLLECTORS, OF_AURORA
from collectors.postgres.asking import Question, text_of
from collectors.postgres.aurora import AuroraRow
from collectors.postgres.rows import Copy, Here, SlotRow
from tests.collectors.postgres.looking import wired
from tests.rig.postgres import Family

FOLDER = Path(str(files("collectors.postgres"))) / "sql"
SENT = {each.stem: each for each in sorted(FOLDER.iterdir())}
ROWS: dict[str, type[BaseModel]] = {"replication": Here, "copies": Copy, "slots": SlotRow, "aurora_replicas": AuroraRow}


def test_each_is_asked_by_a_collector_and_the_other_way_round() -> None:
    assert {name for kind in (*COLLECTORS, *OF_AURORA) for name in kind.asks} == set(SENT)


@pytest.mark.parametrize("name", SENT)
def test_a_statement_that_is_sent_is_one_query_with_named_columns(name: str) -> None:
    text = SENT[name].read_text(encoding="utf-8")
    assert text.startswith(tag(name) + "\n")
    (tree,) = sqlglot.parse(text, read="postgres")
    assert isinstance(tree, exp.Select)
    assert not list(tree.find_all(exp.Insert, exp.Update, exp.Delete, exp.Into, exp.Lock, exp.Star))
    assert [each.alias_or_name for each in tree.expressions] == list(dict.fromkeys(tree.named_selects))
    assert set(tree.named_selects) == set(ROWS[name].model_fields)
    assert "%" not in text  # psycopg would take it for a place


def test_no_statement_hides_in_the_code() -> None:
    statement = re.compile(r"\s*(SELECT|WITH|CREATE|ALTER|GRANT)\b.*\b(FROM|TO|AS)\b", re.DOTALL)
    for module in FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not statement.match(node.value), f"{module.name}:{node.lineno}"


@pytest.mark.parametrize("name", ["replication", "copies", "slots"])
async def test_a_real_server_answers_it_as_the_row_has_it(running: Family, name: str) -> None:
    """On a primary, and on a replica that another follows."""
    for server in (running.primary, running.replica):
        asked = wired(server)
        found = await asked.ask(Question(name, text_of(name)))
        await asked.close()
        assert len(found.as_(ROWS[name])) == 1
