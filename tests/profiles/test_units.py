import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.units import NotAQuantity, in_unit, seconds


@pytest.mark.parametrize(
    ("said", "meant"),
    [("5m", 300), ("90s", 90), ("1h", 3600), ("100 ms", 0.1), ("1.5 min", 90), ("7d", 604_800), (30, 30), (0.5, 0.5)],
)
def test_a_duration_is_written_as_people_do(said: object, meant: float) -> None:
    assert seconds(said) == meant


@pytest.mark.parametrize(
    ("said", "unit", "meant"),
    [
        ("20 GiB", "Bytes", 20 * 2**30),
        ("20 GB", "Bytes", 20 * 10**9),
        ("1 MiB", "KB", 1024),
        ("80 %", "Percent", 80),
        ("100 ms", "Milliseconds", 100),
        ("100 ms", "Seconds", 0.1),
        ("2 ms", "Microseconds", 2000),
        ("3 MiB/s", "Bytes/Second", 3 * 2**20),
        ("900 ms/s", "ms/s", 900),
        ("50/s", "Count/Second", 50),
    ],
)
def test_a_quantity_becomes_a_number_of_the_metrics_own_unit(said: str, unit: str, meant: float) -> None:
    assert in_unit(said, unit) == meant


@pytest.mark.parametrize(
    ("said", "unit", "what"),
    [
        ("20 GiB", "Percent", "a unit that does not belong"),
        ("5 s", "Bytes", "a unit that does not belong"),
        ("80", "Percent", "a number in quotes"),
        ("five minutes", "Seconds", "not a number with a unit"),
        ("", "Seconds", "not a number with a unit"),
        ("٣ s", "Seconds", "not a number with a unit"),
        (True, "Seconds", "not a number"),
        ([5], "Seconds", "not a number"),
        (math.nan, "Seconds", "not a finite number"),
        (10**400, "Seconds", "too great"),
        ("5 m", "", "a unit that does not belong"),
    ],
)
def test_what_is_not_a_quantity_of_the_unit_says_why_and_what_is(said: object, unit: str, what: str) -> None:
    with pytest.raises(NotAQuantity, match=what) as caught:
        in_unit(said, unit)
    assert caught.value.allowed.startswith("a number")


@given(st.integers(0, 10**6), st.sampled_from([("KiB", 2**10), ("MiB", 2**20), ("GiB", 2**30), ("TiB", 2**40)]))
def test_sizes_convert_exactly(count: int, word: tuple[str, int]) -> None:
    assert in_unit(f"{count} {word[0]}", "Bytes") == count * word[1]


ANYTHING = st.text(max_size=30) | st.integers() | st.floats() | st.booleans() | st.none()


@given(ANYTHING, st.sampled_from(["Seconds", "Bytes", "Percent", "KB", ""]))
def test_anything_is_a_finite_number_or_refused(said: object, unit: str) -> None:
    with suppress(NotAQuantity):
        assert math.isfinite(in_unit(said, unit))
