"""What happened is told once, also by an engine that is started after another."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.safe import Safe
from console.engine.chronicle import Chronicle
from console.protocol.bodies import Event
from console.protocol.ring import KEPT


def event(number: int) -> Event:
    return Event(resource=Safe("orders"), text=Safe(f"failover {number}"), source=Safe("rds"), t=number)


def test_what_is_told_again_is_no_news() -> None:
    chronicle = Chronicle()
    assert [chronicle.add(event(number)) for number in (1, 2, 1, 3)] == [True, True, False, True]


def test_an_engine_that_is_started_again_knows_what_was_told(tmp_path: Path) -> None:
    before, after = Chronicle(tmp_path, "run-1"), Chronicle(tmp_path, "run-1")
    for number in (1, 2):
        before.add(event(number))
    before.keep()
    assert after.recall() == (event(1), event(2))
    assert not after.add(event(2))
    assert after.add(event(3))


async def test_what_was_kept_while_it_ran_is_known_after_it_was_killed(tmp_path: Path) -> None:
    before = Chronicle(tmp_path, "run-1")
    before.add(event(1))
    await before.keep_soon()
    assert Chronicle(tmp_path, "run-1").recall() == (event(1),)


@pytest.mark.parametrize("kept", [b"", b"{", b"[]", b'{"format": 1, "run": "run-1"}', b'{"format": 9, "events": []}'])
def test_what_cannot_be_read_is_as_if_nothing_was_told(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "events.kept").write_bytes(kept)
    assert Chronicle(tmp_path, "run-1").recall() == ()


def test_another_run_of_the_demo_begins_anew(tmp_path: Path) -> None:
    before = Chronicle(tmp_path, "run-1")
    before.add(event(1))
    before.keep()
    assert Chronicle(tmp_path, "run-2").recall() == ()


def test_only_the_last_thousand_are_known() -> None:
    chronicle = Chronicle()
    for number in range(KEPT + 1):
        chronicle.add(event(number))
    assert chronicle.add(event(0))
    assert not chronicle.add(event(KEPT))
