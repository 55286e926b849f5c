"""What a request waits for, in words; and whatever a server sends, no failure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.sqlserver.wait_resource import in_words, page_kind

NAMES = {2: "tempdb", 5: "orders"}


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ("", ""),
        ("KEY: 5:72057594041991168 (52bddfc5ac1c)", "key in orders, index 72057594041991168, hash 52bddfc5ac1c"),
        ("PAGE: 5:1:104 ", "page 1:104 of orders"),
        ("2:1:1", "page 1:1 of tempdb (PFS, free space)"),
        ("2:3:511232", "page 3:511232 of tempdb (GAM, extents)"),
        ("RID: 5:1:104:3", "row 3 of page 1:104 of orders"),
        ("OBJECT: 5:245575913:0 ", "table 245575913 of orders"),
        ("OBJECT: 9:245575913:0 [COMPILE]", "table 245575913 of database 9, which is being compiled"),
        ("OBJECT: 5:245575913:0 [[COMPILE]]", "table 245575913 of orders, which is being compiled"),
        ("APPLICATION: 5:0:[nightly run]:(d3ca0ab3)", "application lock nightly run in orders"),
        ("METADATA: database_id = 5 STATS(object_id = 7)", "metadata of orders: STATS(object_id = 7)"),
        ("FILE: 2:1", "file 1 of tempdb"),
        ("DATABASE: 5:0 ", "database orders"),
        ("DATABASE: 12:0 ", "database 12"),
        ("LOG_MANAGER (0000021B3F0A5C40)", "LOG_MANAGER (0000021B3F0A5C40)"),
        ("PAGE: 5:1:\u0661", "PAGE: 5:1:\u0661"),
        ("a\x1b[2Jb", "a␛[2Jb"),
    ],
)
def test_what_the_server_calls_it_is_said_in_words(resource: str, words: str) -> None:
    assert in_words(resource, NAMES) == words


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (0, "file header"),
        (1, "PFS, free space"),
        (8088, "PFS, free space"),
        (2, "GAM, extents"),
        (511_232, "GAM, extents"),
        (3, "SGAM, mixed extents"),
        (511_233, "SGAM, mixed extents"),
        (4, ""),
        (8089, ""),
    ],
)
def test_pages_that_everybody_queues_for_are_known_by_their_numbers(page: int, kind: str) -> None:
    assert page_kind(page) == kind


PIECES = st.sampled_from(
    ["KEY: ", "PAGE: ", "OBJECT: ", "APPLICATION: ", "5", "2", ":", "-", " ", "(", ")", "[", "]", "0"]
)


@given(st.text(max_size=80) | st.lists(PIECES, max_size=16).map("".join) | st.text("0123456789:", max_size=400))
def test_whatever_is_sent_is_said_somehow(resource: str) -> None:
    assert bool(in_words(resource, NAMES)) == bool(resource[:256].split())
