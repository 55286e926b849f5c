from __future__ import annotations

import pytest

from collectors.sqlserver.waits import category


@pytest.mark.parametrize(
    ("wait_type", "expected"),
    [
        ("WRITELOG", "Tran Log IO"),
        ("PAGEIOLATCH_SH", "Buffer IO"),
        ("LCK_M_SOMETHING_NEW", "Lock"),  # by its prefix
        ("HADR_SYNC_COMMIT", "Replication"),
        ("NEVER_HEARD_OF", "Unknown"),
        ("%", "Unknown"),
    ],
)
def test_a_wait_type_finds_its_category(wait_type: str, expected: str) -> None:
    assert category(wait_type) == expected
