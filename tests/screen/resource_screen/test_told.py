"""The values of a resource: the worst first, each with its word, and nothing invented for what is not there."""

from __future__ import annotations

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.res import Value
from console.screen.resource_screen.told import value_rows
from console.screen.values import SIGNS
from tests.screen.bodies import NOW, res, value


def told(values: dict[str, Value], marked: str | None = None) -> list[list[str]]:
    rows = value_rows(res(values=values), NOW, SIGNS, stale=False, marked=marked)
    return [[cell.text for cell in row.cells] for row in rows]


def test_what_is_beyond_a_limit_comes_first_then_the_processor_then_waits_from_the_greatest() -> None:
    rows = told(
        {
            "wait.WRITELOG": value(5.0, "ms/s"),
            "wait.LCK_M_X": value(900.0, "ms/s"),
            "cloudwatch.WriteIOPS": value(3.0, "Count/Second"),
            "cloudwatch.CPUUtilization": value(20.0),
            "cloudwatch.WriteLatency": value(0.02, "Seconds", b=Severity.WARNING),
            "cloudwatch.BurstBalance": value(4.0, b=Severity.CRITICAL),
        }
    )
    names = ["BurstBalance", "WriteLatency", "CPUUtilization", "WriteIOPS", "wait.LCK_M_X", "wait.WRITELOG"]
    assert [row[1] for row in rows] == names
    assert [row[3] for row in rows] == ["CRIT", "WARN", "", "", "", ""]


def test_no_data_failing_and_zero_are_three_things() -> None:
    values = {"a": value(0.0), "b": value(None, s="none"), "c": value(None, s="error")}
    assert [row[2] for row in told(values)] == ["0.0%", "∅", "✕"]


def test_the_value_that_is_compared_has_a_sign() -> None:
    rows = told({"a": value(1.0), "b": value(2.0)}, marked=Safe("b"))
    assert [row[0] for row in rows] == ["", "+"]
