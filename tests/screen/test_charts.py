"""A chart has the limits, ghosts and marks that are about its series, and says why it is empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.bodies import Event, Ghosts, Past, Points
from console.protocol.meta import Objective, Threshold
from console.protocol.res import Value
from console.screen import ghosts
from console.screen.charts import chart_of
from console.screen.ghosts import Step
from console.screen.happened import event_lines, events_of
from console.screen.limits import limits_of
from console.screen.values import SIGNS
from console.screen.view import View, Window
from tests.screen.bodies import CPU, MINUTE, NOW, ORDERS, picture, res, series, value
from widgets import chart_data
from widgets.chart import drawing
from widgets.tone import Symbols, Tone

ELLIPSIS = Safe("…")


def threshold(bound: float, severity: Severity, **about: tuple[str, ...]) -> Threshold:
    return Threshold(value=CPU, severity=severity, bound=bound, above=True, **about)


def event(text: str, minutes_ago: int, resource: str | None = ORDERS, severity: Severity = Severity.INFO) -> Event:
    return Event(resource=resource, text=text, severity=severity, source="rds", t=NOW - minutes_ago * MINUTE)


def test_only_the_limits_that_are_about_the_resource_count_and_the_gravest_is_first() -> None:
    limits = (
        threshold(75, Severity.WARNING),
        threshold(90, Severity.CRITICAL, ids=("orders-*",)),
        threshold(50, Severity.HIGH, engines=("postgres",)),
        threshold(60, Severity.HIGH, kinds=("table",)),
    )
    there = picture({ORDERS: res()}, thresholds=limits)
    assert [each.bound for each in limits_of(there, ORDERS, CPU)] == [90, 75]
    assert limits_of(there, ORDERS, "cloudwatch.WriteIOPS") == ()
    assert limits_of(there, "nobody", CPU) == ()


def test_a_chart_shows_the_stretch_of_the_view_in_its_zone() -> None:
    there = picture({ORDERS: res(values={CPU: value(1.0)})}, {ORDERS: {CPU: series(*[1.0] * 100)}})
    zone = timezone(timedelta(hours=2))
    chart = chart_of(there, ORDERS, CPU, SIGNS, view=View(window=Window(15 * MINUTE, 30 * MINUTE), zone=zone))
    assert (chart.start, chart.end, chart.zone) == (NOW - 45 * MINUTE, NOW - 30 * MINUTE, zone)
    assert chart.is_past
    assert chart.title == "orders-primary · CPUUtilization"


def past(ago: int, number: float) -> Points:
    return Points(t=(NOW - ago - MINUTE,), v=(number,))


def asked(**fields: object) -> Ghosts:
    both = Past(yesterday=past(ghosts.DAY_MS, 40.0), last_week=past(ghosts.WEEK_MS, 50.0))
    known = {"start": NOW - 60 * MINUTE, "end": NOW, "metrics": 2, "usd": 0.00002, "series": {CPU: both}}
    return Ghosts(**{**known, **fields})


def test_ghosts_stand_in_the_times_of_today_and_only_where_they_are_wanted() -> None:
    there = picture({ORDERS: res(values={CPU: value(1.0)})}, {ORDERS: {CPU: series(1.0)}}, ghosts={ORDERS: asked()})
    assert chart_of(there, ORDERS, CPU, SIGNS).ghosts == ()
    shown = chart_of(there, ORDERS, CPU, SIGNS, view=View(ghosts=True)).ghosts
    assert [(ghost.word, ghost.points, ghost.dashed) for ghost in shown] == [
        ("yesterday", ((NOW - MINUTE, 40.0),), False),
        ("last week", ((NOW - MINUTE, 50.0),), True),
    ]


def test_what_ghosts_cost_is_said_before_and_after() -> None:
    there = picture({ORDERS: res(values={CPU: value(1.0), "wait.X": value(1.0)})})
    assert ghosts.price(there, ORDERS) == "Asking for yesterday and last week: at most 2 metrics, under $0.0001."
    assert ghosts.state(there, ORDERS, viewer=False) == "no ghosts yet: b asks"
    assert "only the engine's own console" in ghosts.state(there, ORDERS, viewer=True)
    costly = picture({ORDERS: res()}, ghosts={ORDERS: asked(metrics=30, usd=0.0003)})
    assert ghosts.state(costly, ORDERS, viewer=True) == "dotted yesterday, dashed last week: $0.0003"
    refused = picture({ORDERS: res()}, ghosts={ORDERS: asked(series={}, error="the day's budget is spent")})
    assert ghosts.state(refused, ORDERS, viewer=False) == "no ghosts: the day's budget is spent"


def test_ghosts_that_time_has_left_behind_are_asked_for_again() -> None:
    fresh, old = (picture({}, ghosts={ORDERS: asked(end=NOW - ago * MINUTE)}) for ago in (5, 15))
    assert not ghosts.is_old(fresh, ORDERS)
    assert ghosts.is_old(old, ORDERS)


def test_events_of_the_resource_its_cluster_and_nobody_are_on_the_axis() -> None:
    told = (event("backup", 50), event("of another", 40, "billing"), event("failover", 20, "orders", Severity.WARNING))
    there = picture({ORDERS: res(cluster="orders")}, events=(*told, event("maintenance", 30, None)))
    assert [each.text for each in events_of(there, ORDERS)] == ["failover", "maintenance", "backup"]
    newest = chart_of(there, ORDERS, CPU, SIGNS).marks[0]
    assert (newest.text, newest.tone) == ("failover", Tone.WARN)


def test_the_newest_events_are_listed_and_the_others_counted() -> None:
    told = [event(f"event {n} with a long text", n) for n in range(5)]
    lines = event_lines(told, (30, 3), NOW, UTC, ELLIPSIS)
    assert ["".join(words for words, _ in line.left) for line in lines[1:]] == [
        " 10:00:00  info  event 0 with…",
        " 09:59:00  info  event 1 with…",
    ]
    assert lines[0].right[0][0].startswith("3 older")
    assert len(event_lines([], (30, 3), NOW, UTC, ELLIPSIS)) == 2
    assert event_lines(told, (30, 0), NOW, UTC, ELLIPSIS) == []


@pytest.mark.parametrize(
    ("given_value", "words"),
    [(None, "on their way"), (value(None, s="none"), "no data"), (value(None, s="error"), "collector fails")],
)
def test_an_empty_chart_says_why(given_value: Value | None, words: str) -> None:
    there = picture({ORDERS: res(values={} if given_value is None else {CPU: given_value})})
    assert words in chart_of(there, ORDERS, CPU, SIGNS).empty


def test_a_stretch_without_points_is_not_a_series_without_points() -> None:
    there = picture({ORDERS: res(values={CPU: value(1.0)})}, {ORDERS: {CPU: series(*[1.0] * 10)}})
    chart = chart_of(there, ORDERS, CPU, SIGNS, view=View(window=Window(60 * MINUTE, 60 * MINUTE)))
    assert "stretch" in chart.empty


@pytest.mark.parametrize(
    ("there", "shown", "asked", "viewer", "step"),
    [
        ({}, False, False, False, Step.ASK),
        ({}, True, True, False, Step.HIDE),  # refused, or still under way
        ({}, True, False, False, Step.ASK),  # shown for the resource before
        ({}, False, False, True, Step.SHOW),
        ({}, True, False, True, Step.HIDE),
        ({ORDERS: asked()}, False, False, False, Step.SHOW),
        ({ORDERS: asked()}, True, False, False, Step.HIDE),
        ({ORDERS: asked(end=NOW - 20 * MINUTE)}, False, False, False, Step.ASK),
        ({ORDERS: asked(end=NOW - 20 * MINUTE)}, False, False, True, Step.SHOW),
    ],
)
def test_money_is_only_spent_where_there_are_no_ghosts_and_the_same_key_always_hides_them(
    there: dict[str, Ghosts], shown: bool, asked: bool, viewer: bool, step: Step
) -> None:
    seen = picture({ORDERS: res()}, ghosts=there)
    assert ghosts.pressed(seen, ORDERS, shown=shown, asked=asked, viewer=viewer) is step


def promise(bound: float, **about: tuple[str, ...]) -> Objective:
    return Objective(name=Safe("lag"), value=CPU, bound=bound, above=True, **about)


def promised(*objectives: Objective, thresholds: tuple[Threshold, ...] = ()) -> list[tuple[float, str]]:
    """The lines across the chart."""
    seen = picture({ORDERS: res()}, {ORDERS: {CPU: series(1.0, 2.0)}}, thresholds=thresholds)
    assert seen.meta is not None
    told = replace(seen, meta=seen.meta.model_copy(update={"objectives": objectives}))
    return [(limit.value, str(limit.word)) for limit in chart_of(told, ORDERS, CPU, SIGNS).thresholds]


def test_what_was_promised_of_the_resource_is_a_line_with_its_name() -> None:
    assert promised(promise(60), promise(5, engines=("redis",))) == [(60, "objective")]
    bound = threshold(80, Severity.WARNING)
    assert promised(promise(60), thresholds=(bound,)) == [(80, "WARN"), (60, "objective")]


def test_a_bound_that_is_an_objective_too_is_one_line_that_says_both() -> None:
    assert promised(promise(80), thresholds=(threshold(80, Severity.WARNING),)) == [(80, "WARN objective")]


@pytest.mark.parametrize(("width", "words"), [(80, " WARN objective"), (40, " WARN obj…")])
def test_the_name_of_the_line_stands_at_its_right_end(width: int, words: str) -> None:
    seen = picture({ORDERS: res()}, {ORDERS: {CPU: series(*range(60, 90))}})
    limit = chart_data.Threshold(80, Tone.WARN, Safe("WARN objective"))
    data = replace(chart_of(seen, ORDERS, CPU, SIGNS), thresholds=(limit,))
    lines = ["".join(text for text, _ in line) for line in drawing(data, (width, 12), Symbols.BRAILLE)]
    assert any(line.endswith(words) for line in lines)
