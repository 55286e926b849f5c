"""The waits tile with what only the fact tells: cores, signal, who has waited longest, and why there is no rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from collectors.inside.waits import Mark, Wait, Waits
from collectors.readings import Inside, ResourceId
from collectors.safe import Safe
from tests.screen.bodies import ORDERS, res, value
from tests.screen.tiles.scenes import collector, scene, seen, tell, words

LOCK = Wait(Safe("LCK_M_X"), Safe("Lock"), 2000.0, 5.0, 10.0, average_ms=400.0, waiting=2, longest_ms=90_000.0)
POOL = Wait(Safe("THREADPOOL"), Safe("Worker Thread"), 10.0, 5.0, 0.0, average_ms=2.0, critical=True)
VALUES: Mapping[str, Any] = {"wait.LCK_M_X": value(2000.0, "ms/s")}


def told(*rows: Wait, mark: Mark = Mark.NONE, interval_s: float | None = 5.0) -> list[str]:
    fact = Waits(ResourceId(Safe(ORDERS)), datetime(2026, 3, 11, tzinfo=UTC), rows, interval_s, 8, mark=mark)
    inside: Mapping[str, Mapping[str, Inside]] = {Waits.part: {ORDERS: fact}}
    picture = replace(seen({ORDERS: res(values=VALUES)}, collector("waits")), inside=inside)
    return words(tell("waits", scene(picture)))


def test_cores_signal_and_the_longest_that_goes_on_are_told() -> None:
    assert told(LOCK)[1] == "250ms/s per core  signal 10%  longest now 90.0s LCK_M_X"


def test_what_is_critical_is_named() -> None:
    assert told(LOCK, POOL)[1].startswith("! THREADPOOL")


def test_where_counting_began_anew_there_is_a_reason_and_no_rate() -> None:
    said = told(mark=Mark.FAILED_OVER, interval_s=None)
    assert said == ["Another node answers, with counters of its own: counting began anew."]
