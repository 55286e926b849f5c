"""Every row of the table finds itself, and what nobody knows is not dropped."""

from __future__ import annotations

import pytest

from collectors.sqlserver.waits.categories import CRITICAL, category, is_critical, known, patterns
from collectors.sqlserver.waits.judged import AS_SHIPPED, Judge


@pytest.mark.parametrize(
    ("wait_type", "expected"),
    [
        ("WRITELOG", "Tran Log IO"),
        ("PAGEIOLATCH_SH", "Buffer IO"),
        ("LCK_M_SOMETHING_NEW", "Lock"),  # by its prefix
        ("HADR_SYNC_COMMIT", "Replication"),
        ("PREEMPTIVE_OLEDB_NEW", "Preemptive"),
        ("NEVER_HEARD_OF", "Unknown"),
        ("%", "Unknown"),
        ("", "Unknown"),
    ],
)
def test_a_wait_type_finds_its_category(wait_type: str, expected: str) -> None:
    assert category(wait_type) == expected


def test_every_row_and_an_example_of_each_pattern_resolve_to_their_row() -> None:
    rows = patterns()
    assert len(rows) == 736
    for pattern, row in rows.items():
        name = pattern.replace("%", "ZZ_NO_SUCH_TYPE")
        assert known(name) == row, pattern
        assert row.category, pattern
        assert row.meaning, pattern


def test_the_longest_prefix_wins_and_an_exact_name_before_it() -> None:
    rows = patterns()
    for wait_type, row in rows.items():
        if not wait_type.endswith("%"):
            assert known(wait_type) == row
    assert known("HADR_THROTTLE_NEW") == rows["HADR_THROTTLE_%"] != rows["HADR_%"]


def test_critical_ones_count_at_any_value_and_are_never_benign() -> None:
    for wait_type in CRITICAL:
        assert is_critical(wait_type, 0.0)
        assert not AS_SHIPPED.is_benign(wait_type), wait_type
    assert not is_critical("CMEMTHREAD", 1.0)
    assert is_critical("CMEMTHREAD", 80.0)
    assert not is_critical("WRITELOG", 5000.0)


def test_what_a_person_knows_better_goes_before_the_table() -> None:
    judge = Judge(benign=("QDS_*", "NEVER_HEARD_OF"), counted=("QDS_SHUTDOWN_QUEUE", "CXCONSUMER"))
    assert judge.is_benign("NEVER_HEARD_OF")
    assert judge.is_benign("QDS_ANYTHING")
    assert not judge.is_benign("QDS_SHUTDOWN_QUEUE")
    assert AS_SHIPPED.is_benign("CXCONSUMER")
    assert not judge.is_benign("CXCONSUMER")
    assert not judge.is_benign("ANOTHER_NOBODY_KNOWS")
    assert AS_SHIPPED.is_benign("LAZYWRITER_SLEEP")
