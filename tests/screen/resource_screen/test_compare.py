"""What stands one above the other is what the person marked, and never the same thing twice."""

from __future__ import annotations

from collectors.readings import Severity
from console.screen.picture import Picture
from console.screen.resource_screen.compare import compared
from tests.screen.bodies import CPU, ORDERS, picture, res, series, value

CONN, LAG = "cloudwatch.DatabaseConnections", "replica.lag_s"
LINE = series(1.0, 2.0)


def both(**grave: Severity) -> Picture:
    values = {CPU: value(1.0), CONN: value(2.0), LAG: value(3.0, **({"b": grave["lag"]} if grave else {}))}
    resources = {ORDERS: res(values=values), "billing": res(values={CPU: value(1.0)}), "cache": res()}
    return picture(resources, {ORDERS: {CPU: LINE, CONN: LINE, LAG: LINE}, "billing": {CPU: LINE}})


def pairs(
    series: str, *, marked: str | None = None, others: tuple[str, ...] = (), spare: bool = False
) -> list[tuple[str, str]]:
    return compared(both(), ORDERS, series, marked=marked, others=others, spare=spare)


def test_two_values_of_one_resource() -> None:
    assert pairs(CPU, marked=CONN) == [(ORDERS, CPU), (ORDERS, CONN)]
    assert pairs(CONN, marked=CONN) == [(ORDERS, CONN)]


def test_the_same_value_of_the_resources_that_were_marked_and_that_have_it() -> None:
    assert pairs(CPU, others=("billing", ORDERS, "cache", "gone")) == [(ORDERS, CPU), ("billing", CPU)]


def test_where_nothing_is_marked_and_there_is_room_the_most_telling_of_the_others() -> None:
    assert pairs(CONN, spare=True) == [(ORDERS, CONN), (ORDERS, CPU)]
    assert pairs(CPU, spare=True) == [(ORDERS, CPU), (ORDERS, CONN)]
    sick = compared(both(lag=Severity.HIGH), ORDERS, CPU, marked=None, others=(), spare=True)
    assert sick == [(ORDERS, CPU), (ORDERS, LAG)]
    assert pairs(CPU, marked=LAG, spare=True)[1:] == [(ORDERS, LAG)]
