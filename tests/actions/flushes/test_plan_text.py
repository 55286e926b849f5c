"""What is written into a statement is a handle or a name, whatever comes: nothing else gets in, and none gets out."""

from __future__ import annotations

import re

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot.tokenizer_core import TokenType

from collectors.errors import Trouble
from collectors.sqlserver.inside_database import LONGEST, quoted
from console.actions.flushes.plan_text import entering, statement
from console.actions.flushes.scope import Scope, scope
from console.demo.tds.prologue import entered_by

HOSTILE = (
    "0x06) WITH NO_INFOMSGS; DROP DATABASE shop; --",
    "0x06); EXEC xp_cmdshell 'dir'; --",
    "0x06\n) WITH NO_INFOMSGS",
    "0x06\x00",
    "0x06 ",
    " 0x06",
    "0x06--",
    "0x06/**/",
    "0x06'",
    "0x0G",
    "0x",
    "0X06",
    "0xab",
    "0x06\uff21",  # a letter that only looks like one
    "0x\u0660\u0666",  # digits, but of another script
    "0x" + "A" * 129,
    "default",
    "'0x06'",
    "NULL",
    "",
)
NAMES = (
    "shop]; DROP DATABASE shop; --",
    "]]]",
    "a]]b",
    "[shop]",
    "shop'--",
    'sh"op',
    "shop\n; SHUTDOWN",
    "shop;--",
    "/* */",
    "*/ DROP",
    "名前",
    "]" * LONGEST,
)


@pytest.mark.parametrize("handle", HOSTILE)
def test_what_is_no_handle_is_never_written(handle: str) -> None:
    with pytest.raises(Trouble):
        statement(Scope("plan", handle=handle))
    with pytest.raises(Trouble):
        scope(f"plan:{handle}")


@given(st.text() | st.from_regex(r"0x[0-9A-Fa-f]{0,140}.?", fullmatch=True))
def test_a_statement_of_one_plan_has_nothing_in_it_but_the_handle(handle: str) -> None:
    try:
        text = statement(Scope("plan", handle=handle))
    except Trouble:
        assert not re.fullmatch(r"0x[0-9A-F]{1,128}", handle)
        return
    body = text.partition("*/\n")[2]
    assert re.fullmatch(r"DBCC FREEPROCCACHE \(0x[0-9A-F]{1,128}\) WITH NO_INFOMSGS;\n", body)
    assert handle in body


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_one_name(name: str) -> None:
    assert entered_by(entering(name)) == name
    tokens = sqlglot.tokenize(entering(name), read="tsql")
    assert [token.token_type for token in tokens] == [TokenType.USE, TokenType.IDENTIFIER, TokenType.SEMICOLON]
    assert tokens[1].text == name


@given(st.text(min_size=1, max_size=LONGEST).filter(lambda name: "\0" not in name))
def test_any_name_is_one_name(name: str) -> None:
    """What ends it stands doubled in it, and once at its end."""
    inner = quoted(name)[1:-1]
    assert "]" not in inner.replace("]]", "")
    assert inner.replace("]]", "]") == name
    assert entered_by(entering(name)) == name


@pytest.mark.parametrize("name", ["", "a" * (LONGEST + 1), "a\0b"])
def test_what_can_be_no_name_is_no_statement(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        entering(name)


@given(st.text(max_size=20))
def test_the_others_have_nothing_of_what_was_chosen_in_them(name: str) -> None:
    assert statement(Scope("plans", database=name)) == statement(Scope("plans"))
    assert statement(Scope("all-plans", database=name)) == statement(Scope("all-plans"))


@pytest.mark.parametrize("kind", ["database", "prefix", "all", "", "plan; --"])
def test_what_is_of_caches_is_no_statement(kind: str) -> None:
    with pytest.raises(ValueError, match="no flush of plans"):
        statement(Scope(kind))
