"""Whose plan is it? The handle that a row has is given on as the server has it, without what it was filled up with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.sqlserver.queries.rows import HANDLE_BYTES, CachedRow, hexed
from console.actions.flushes.scope import scope

ENDS = b"\0\0\0\0\xff\xff\xff\xff"
COUNTS = dict.fromkeys(
    ("executions", "cpu_us", "elapsed_us", "reads", "writes", "row_count", "spills", "grant_kb"), 0.0
)  # fmt: skip


def row(handle: bytes) -> CachedRow:
    return CachedRow(query_hash=b"q" * 8, query_plan_hash=b"p" * 8, is_fresh=False, handle=handle, **COUNTS)


@given(st.binary(min_size=1, max_size=HANDLE_BYTES))
def test_a_handle_comes_back_as_it_went_in_and_a_scope_can_name_it(handle: bytes) -> None:
    told = row(handle.ljust(HANDLE_BYTES, b"\0") + ENDS + bytes([len(handle)]))
    assert told.plan_handle == hexed(handle)
    assert told.text_handle == hexed(handle.ljust(HANDLE_BYTES, b"\0") + ENDS)
    assert scope(f"plan:{told.plan_handle}").handle == told.plan_handle


@given(st.binary(max_size=90))
def test_what_is_no_such_row_names_no_plan_or_a_part_of_what_came(handle: bytes) -> None:
    told = row(handle).plan_handle
    assert not told or handle.startswith(bytes.fromhex(told[2:]))
