"""A slow log holds what people stored: no more of it may be seen than which command it was, and on what kind of key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.redis.redaction import command_of, key_of


@pytest.mark.parametrize(
    ("words", "command", "key"),
    [
        (["GET", "session:8f3c2a"], "GET", "session:… (14)"),
        (["set", "cart:alice@example.com", "card 4111"], "SET", "cart:… (22)"),
        (["GET", "alice@example.com:cart"], "GET", "… (22)"),
        (["GET", "447700900123:otp"], "GET", "… (16)"),
        (["GET", "plain"], "GET", "… (5)"),
        (["EVAL", "return 'secret'", "1", "lock:42", "token"], "EVAL", "lock:… (7)"),
        (["EVAL", "return 'secret'", "0", "token:1"], "EVAL", ""),
        (["AUTH", "bob", "hunter2"], "AUTH", ""),
        (["CONFIG", "SET", "requirepass", "hunter2"], "CONFIG SET", ""),
        (["ACL", "SETUSER", "bob", ">hunter2"], "ACL SETUSER", ""),
        (["KEYS", "session:*"], "KEYS", ""),
        (["SCAN", "0", "MATCH", "cart:alice*"], "SCAN", ""),
        (["PUBLISH", "orders:7", "text"], "PUBLISH", ""),
        (["GET", "session:" + "x" * 120 + "... (872 more bytes)"], "GET", "session:… (1000)"),
        (["a word of \x1b[31mwhatever"], "?", ""),
        ([], "?", ""),
    ],
)
def test_what_is_shown_of_a_command(words: list[str], command: str, key: str) -> None:
    assert (command_of(words), key_of(words)) == (command, key)


letters = st.text("abcdefgh0123456789@.-_", min_size=6, max_size=30)


@given(st.sampled_from(["GET", "MSET", "EVAL", "HSET", "AUTH", "CONFIG", "FCALL", "ZADD", "OTHER"]), st.lists(letters))
def test_no_argument_is_seen_beyond_its_prefix(name: str, arguments: list[str]) -> None:
    marked = [f"kind:{each}SECRET" for each in arguments]
    shown = command_of([name, *marked]) + key_of([name, *marked])
    assert "SECRET" not in shown
    assert all(each not in shown for each in arguments)
