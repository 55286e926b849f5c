"""Backups as they are told: what was never proved is said."""

from __future__ import annotations

from collectors.readings import Severity
from console.protocol.bodies import Backup, Declaration
from tests.screen.bodies import MINUTE, NOW, ORDERS, res
from tests.screen.tiles.scenes import scene, seen, tell, words

DAY_S = 86_400


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
