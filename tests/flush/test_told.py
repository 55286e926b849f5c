"""What the time after a flush is told as: its alarms while it lasts, and a verdict at its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from collectors.readings import ResourceId
from collectors.safe import Safe
from console.flush.measures import Measure, of_a_cache, of_a_server
from console.flush.told import as_data, told
from console.flush.watch import Points, figures
from console.protocol.flush import Flush
from tests.flush.given import CACHE, FLUSHED, ORDERS, SENT, after, every, points, reading

HITS, CPU, COMPILED = "redis.hit_percent", "cloudwatch.CPUUtilization", "counter.SQL Compilations/sec"
OTHER = ResourceId(Safe("sessions-003"))
HIT_RATE = points(*every(5, -300, 0, 96.4), *every(5, 5, 380, 3.1), *every(5, 380, 900, 95.8))
PROCESSOR = points(*every(60, -600, 0, 43.0), *every(60, 60, 360, 88.0), *every(60, 360, 900, 45.0))
SERIES: dict[tuple[ResourceId, str], Points] = {(CACHE, HITS): HIT_RATE, (ORDERS, CPU): PROCESSOR}


def at(now: datetime, series: dict[tuple[ResourceId, str], Points] | None = None, *measures: Measure) -> Flush:
    known = SERIES if series is None else series
    watched = measures or tuple(of_a_cache([CACHE], [ORDERS]))
    return told(FLUSHED, figures(watched, reading(known), FLUSHED, now), now)


def test_it_ends_in_a_sentence_as_soon_as_all_is_as_before() -> None:
    assert at(after(minutes=6)).ended is None
    body = at(after(minutes=9))
    assert body.outcome == (
        "hit rate 96.4 % -> 3.1 % -> 95.8 % after 6 min 20 s; orders-primary CPU 43 % -> 88 % -> 45 %"
    )
    assert body.alarms == ()
    assert body.ended is not None


def test_while_it_is_watched_there_is_no_verdict() -> None:
    body = at(after(minutes=3))
    assert (body.outcome, body.ended, body.alarms) == ("", None, ())
    assert [(each.what, each.now) for each in body.figures] == [("hit rate", 3.1), ("CPU", 88.0)]


def test_an_origin_over_ninety_percent_is_an_alarm_that_stays() -> None:
    hot = SERIES | {(ORDERS, CPU): points((-60, 43.0), (60, 93.0), (120, 97.0), (180, 45.0))}
    (alarm,) = at(after(minutes=2.5), hot).alarms
    assert alarm == "orders-primary went over 90 % CPU: 97 % at the highest, 97 % now."
    assert at(after(minutes=4), hot).alarms == ("orders-primary went over 90 % CPU: 97 % at the highest, 45 % now.",)


def test_a_hit_rate_that_has_not_come_back_in_a_quarter_of_an_hour_is_one() -> None:
    cold = SERIES | {(CACHE, HITS): points(*every(5, -300, 0, 96.4), *every(5, 5, 1000, 41.0))}
    body = at(after(minutes=15), cold)
    assert body.alarms == ("The hit rate of sessions-001 has not come back in 15 min: 96.4 % before, 41.0 % now.",)
    assert body.outcome.startswith("hit rate 96.4 % -> 41.0 % -> 41.0 %, not back; ")
    assert body.ended == body.until
    assert at(after(hours=2), cold).ended == body.until, "nobody looked when it ended"


def test_compilations_have_five_minutes() -> None:
    busy = {(ORDERS, COMPILED): points(*every(5, -300, 0, 50.0), *every(5, 5, 1000, 140.0))}
    measures = tuple(of_a_server(ORDERS))
    assert at(after(minutes=4), busy, *measures).alarms == ()
    assert at(after(minutes=5), busy, *measures).alarms == (
        "orders-primary still compiles more than twice as much as before: 50/s before, 140/s now.",
    )


def test_of_a_server_it_is_said_when_it_compiled_as_before() -> None:
    done = {(ORDERS, COMPILED): points(*every(5, -300, 0, 50.0), *every(5, 5, 120, 400.0), *every(5, 120, 900, 60.0))}
    said = at(after(minutes=5), done, *of_a_server(ORDERS)).outcome
    assert said == "orders-primary compilations 50/s -> 400/s -> 60/s after 2 min"


def test_of_several_nodes_each_is_named_and_evictions_only_where_there_were_any() -> None:
    series = SERIES | {(OTHER, HITS): HIT_RATE, (CACHE, "redis.evictions"): points((-5, 0.0), (5, 0.0), (600, 0.0))}
    body = at(after(minutes=15), series, *of_a_cache([CACHE, OTHER], []))
    assert body.outcome == (
        "hit rate of sessions-001 96.4 % -> 3.1 % -> 95.8 % after 6 min 20 s; "
        "hit rate of sessions-003 96.4 % -> 3.1 % -> 95.8 % after 6 min 20 s"
    )
    pressed = series | {(CACHE, "redis.evictions"): points((-5, 0.0), (5, 40.0), (890, 30.0))}
    assert (
        "evictions of sessions-001 0/s -> 40/s -> 30/s"
        in at(after(minutes=15), pressed, *of_a_cache([CACHE, OTHER], [])).outcome
    )


def test_that_nobody_told_anything_is_said_too() -> None:
    body = at(after(minutes=15), {})
    assert body.outcome.startswith("Nobody told how it turned out")
    assert (body.figures, body.alarms) == ((), ())


def test_the_audit_has_the_figures_and_the_verdict() -> None:
    data = as_data(at(after(minutes=9)))
    assert str(data["said"]).startswith("hit rate 96.4 % -> 3.1 %")
    rows = data["figures"]
    assert isinstance(rows, list)
    assert rows[0] == {
        "what": "hit rate", "about": "sessions-001", "before": 96.4, "worst": 3.1, "now": 95.8,
        "back": points((380, None))[0][0], "is_as_before": True,
    }  # fmt: skip
    assert rows[1]["worst"] == 88.0


def test_one_that_failed_is_watched_all_the_same_and_says_so() -> None:
    failed = replace(FLUSHED, has_failed=True)
    now = SENT + timedelta(minutes=1)
    assert told(failed, (), now).failed
    assert not told(FLUSHED, (), now).failed
