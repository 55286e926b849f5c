"""A name in a statement ends where its brackets end, whatever is in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from collectors.sqlserver.inside_database import PLACE, UserDatabase, inside, question, quoted

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=128)
HOSTILE = "x]; DROP TABLE t; --"


def database(name: str) -> UserDatabase:
    return UserDatabase(database_name=name, is_query_store_on=True, has_access=True)


@given(TEXT)
def test_what_is_in_brackets_is_the_name_and_nothing_of_it_is_outside(name: str) -> None:
    text = quoted(name)
    inner = text[1:-1]
    assert (text[0], text[-1]) == ("[", "]")
    assert inner.replace("]]", "") == name.replace("]", "")  # each that is left is doubled
    assert inner.replace("]]", "]") == name


@pytest.mark.parametrize("name", [HOSTILE, "a]b", "]", "[x]", "it's", "two words", "ünï"])
def test_a_parser_of_the_dialect_finds_one_name(name: str) -> None:
    text = "SELECT v.a FROM [{database}].sys.indexes AS v".replace(PLACE, quoted(name))
    parsed = parse_one(text, dialect="tsql")
    (table,) = parsed.find_all(exp.Table)
    assert table.catalog == name


@pytest.mark.parametrize("name", ["", "x" * 129, "a\0b"])
def test_what_can_be_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        quoted(name)


def test_every_place_is_taken_and_a_statement_without_one_is_not_about_a_database() -> None:
    asked = inside(question("query_store"), database(HOSTILE))
    assert "{database}" not in asked.text
    assert asked.text.count("[x]]; DROP TABLE t; --].sys.") == 4
    with pytest.raises(ValueError, match="about no database"):
        inside(question("query_stats"), database("shop"))
