from __future__ import annotations

import os
import pwd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.protocol.scribe import Scribe
from console.protocol.ulid import LETTERS, ulid
from console.protocol.users import user_name
from console.protocol.versions import is_older

times = st.integers(0, 2**48 - 1)
chance = st.binary(min_size=10, max_size=10)


@given(times, times, chance, chance)
def test_ulids_sort_by_time_and_then_by_chance(one: int, other: int, some: bytes, more: bytes) -> None:
    first, second = ulid(one, some), ulid(other, more)
    assert len(first) == 26
    assert set(first) <= set(LETTERS)
    assert (first < second) == ((one, some) < (other, more))


def test_a_ulid_is_as_others_write_it() -> None:
    assert ulid(1_469_922_850_259, bytes.fromhex("4cdeb63ff6d7a8a5a5a5")).startswith("01ARZ3NDEK")
    assert ulid(0, bytes(10)) == "0" * 26
    assert ulid(2**48 - 1, b"\xff" * 10) == "7" + "Z" * 25


@pytest.mark.parametrize(("at", "entropy"), [(-1, bytes(10)), (2**48, bytes(10)), (0, bytes(9))])
def test_what_makes_no_ulid_is_refused(at: int, entropy: bytes) -> None:
    with pytest.raises(ValueError, match="ULID"):
        ulid(at, entropy)


@pytest.mark.parametrize(
    ("one", "other", "older"),
    [
        ("0.1.0", "0.2.0", True), ("0.2.0", "0.1.9", False), ("0.9.0", "0.10.0", True), ("1.0", "1.0.0", False),
        ("1.0.0", "1.0", False), ("1.0.0.dev3", "1.0.0", False), ("garbage", "0.1.0", True),
        ("0.1.0", "garbage", False), ("", "", False),
    ],
)  # fmt: skip
def test_releases_are_compared_by_number(one: str, other: str, older: bool) -> None:
    assert is_older(one, other) is older


def test_seq_counts_all_that_one_scribe_says() -> None:
    scribe = Scribe("shop", "engine", "E", iter(range(100, 200)).__next__)
    said = [scribe.write("meta", body={}), scribe.write("res", "a/b", body={}), scribe.say("dbo/v1/hello", "hello", {})]
    assert [(message.seq, message.at) for message in said] == [(1, 100), (2, 101), (3, 102)]
    assert [message.topic for message in said] == ["dbo/v1/shop/meta", "dbo/v1/shop/res/a%2Fb", "dbo/v1/hello"]


def test_a_user_without_a_name_has_a_number() -> None:
    assert user_name(os.getuid()) == pwd.getpwuid(os.getuid()).pw_name
    assert user_name(2**31 - 7) == f"uid-{2**31 - 7}"
