"""What a file did between two samples: never a negative, never a spike, no average of nearly nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collectors.file_deltas import LEAST, Counts, FileKey, FileSample, file_deltas, interval_s

KEY = FileKey(5, 1)
NODE, OTHER = ("EC2AMAZ-1", 100), ("EC2AMAZ-2", 100)
counts = st.builds(Counts, *[st.integers(0, 10**12)] * 6)
samples = st.builds(
    FileSample,
    st.sampled_from([NODE, OTHER]),
    st.integers(0, 10**9),
    st.dictionaries(st.builds(FileKey, st.integers(1, 3), st.integers(1, 2)), counts),
)


def sample(ms: int, counted: Counts, epoch: tuple[object, ...] = NODE) -> FileSample:
    return FileSample(epoch, ms, {KEY: counted})


BEFORE = sample(1_000, Counts(100, 8_192_00, 500, 1_000, 9_000, 2_000))


def test_latency_is_the_stall_of_each_and_rates_are_by_the_servers_clock() -> None:
    after = sample(11_000, Counts(200, 8_192_00 + 819_200, 2_500, 1_020, 9_000 + 2_000, 2_100))
    found = file_deltas(BEFORE, after)[KEY]
    assert (found.read_ms, found.write_ms) == (20.0, 5.0)
    assert (found.reads_per_s, found.writes_per_s, found.read_bytes_per_s) == (10.0, 2.0, 81_920.0)
    assert found.stalled_percent == 100 * (2_000 + 100) / 10_000


def test_too_few_to_say_is_no_latency() -> None:
    after = sample(11_000, Counts(100 + LEAST - 1, 8_192_00, 5_000, 1_000 + LEAST, 9_000, 2_100))
    found = file_deltas(BEFORE, after)[KEY]
    assert found.read_ms is None
    assert found.write_ms == 10.0


def test_a_counter_that_fell_makes_a_new_baseline_of_its_file_alone() -> None:
    other = FileKey(6, 1)
    before = FileSample(NODE, 1_000, {KEY: BEFORE.counts[KEY], other: BEFORE.counts[KEY]})
    after = FileSample(NODE, 2_000, {KEY: Counts(99, 10**9, 600, 2_000, 10_000, 3_000), other: BEFORE.counts[KEY]})
    assert set(file_deltas(before, after)) == {other}


def test_another_node_has_nothing_to_be_compared_with() -> None:
    after = sample(11_000, Counts(10**6, 10**9, 10**6, 10**6, 10**9, 10**6), OTHER)
    assert file_deltas(BEFORE, after) == {}
    assert interval_s(BEFORE, after) is None
    assert interval_s(None, after) is None


@given(samples, samples)
def test_no_rate_is_negative_and_none_is_more_than_was_counted(before: FileSample, after: FileSample) -> None:
    elapsed = interval_s(before, after)
    rates = file_deltas(before, after)
    assert not rates or elapsed is not None
    for key, rate in rates.items():
        assert elapsed is not None
        counted = after.counts[key]
        assert 0 <= rate.reads_per_s <= counted.reads / elapsed
        assert 0 <= rate.write_bytes_per_s <= counted.write_bytes / elapsed
        assert rate.stalled_percent >= 0
        assert rate.read_ms is None or rate.read_ms >= 0
