"""Lag and backups as they are told: the state before the number, and what was never proved is said."""

from __future__ import annotations

from typing import Any

from collectors.readings import Severity
from console.protocol.bodies import Backup, Declaration, Replication
from tests.screen.bodies import MINUTE, NOW, ORDERS, res, value
from tests.screen.tiles.scenes import scene, seen, tell, words

DAY_S = 86_400


def behind(source: str, lag: float, **fields: Any) -> Any:
    return res(
        replication=Replication(source=source, state="replicating"),
        values={"replica.lag_s": value(lag, "Seconds", **fields)},
    )


def test_a_replica_says_how_far_behind_whom_it_is() -> None:
    (line,) = words(tell("lag", scene(seen({ORDERS: behind("billing", 7.0)}), rows=4)))
    assert "behind billing: replicating" in line
    assert line.startswith("7")


def test_a_source_is_as_grave_as_its_worst_follower_and_charts_the_farthest_behind() -> None:
    estate = {
        ORDERS: res(),
        "close": behind(ORDERS, 1.0),
        "far": behind(ORDERS, 90.0, b=Severity.HIGH),
        "elsewhere": behind("billing", 500.0, b=Severity.CRITICAL),
    }
    told = tell("lag", scene(seen(estate)))
    assert [line.split()[0] for line in words(told)] == ["close", "far"]
    assert told.level == Severity.HIGH
    assert told.chart is not None
    assert told.chart.title.startswith("far ")


def test_one_that_replicates_from_nobody_says_so() -> None:
    assert words(tell("lag", scene(seen({ORDERS: res()})))) == ["It replicates from nobody that is known here."]


def test_what_would_be_lost_comes_first_and_an_unproved_restore_is_said_to_be_one() -> None:
    kept = Backup(retention_s=7 * DAY_S, restorable=NOW - 5 * MINUTE, snapshot=NOW - 60 * MINUTE)
    said = words(tell("backups", scene(seen({ORDERS: res(backup=kept)}))))
    assert said[0] == "5m would be lost by restoring now (achieved RPO)"
    assert [line.split() for line in said if line.startswith("restore proved")] == [["restore", "proved", "never"]]


def test_a_backup_of_which_nothing_is_known_is_not_said_to_lose_nothing() -> None:
    said = words(tell("backups", scene(seen({ORDERS: res(backup=Backup(retention_s=DAY_S))}))))
    assert said[0] == "What could be restored is not known."


def test_backups_that_are_off_or_not_as_declared_are_a_warning() -> None:
    off = tell("backups", scene(seen({ORDERS: res(backup=Backup(retention_s=0))})))
    assert off.level == Severity.WARNING
    assert "not at all" in " ".join(words(off))
    short = Declaration(fact="retention_at_least", wanted="14d", found="7d", holds=False)
    told = tell("backups", scene(seen({ORDERS: res(backup=Backup(retention_s=7 * DAY_S), declared=(short,))})))
    assert told.level == Severity.WARNING
    assert words(told)[-1] == "not as declared: kept for 7d, should be at least 14d"
