"""Backups on the board: what would be lost, which database is worst, what runs, and that nobody proved it."""

from __future__ import annotations

from dataclasses import replace

from collectors.inside.backups import Backups, DatabaseBackups
from collectors.readings import Inside, Severity
from console.protocol.res import Backup, Declaration
from console.screen.picture import Picture
from tests.screen.bodies import MINUTE, NOW, ORDERS, res
from tests.screen.inside.backed_up import AT, FROZEN, well
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
    assert "not as declared: kept for 7d, should be at least 14d" in words(told)


def told_of(by_aws: Backups, inside: DatabaseBackups | None = None) -> Picture:
    facts: dict[str, dict[str, Inside]] = {Backups.part: {ORDERS: by_aws}}
    if inside is not None:
        facts[DatabaseBackups.part] = {ORDERS: inside}
    return replace(seen({ORDERS: res()}), inside=facts, now_ms=int(AT.timestamp() * 1000))


def test_the_worst_database_stands_above_the_figures_and_work_shows_how_far_it_is() -> None:
    told = tell("backups", scene(told_of(*FROZEN)))
    said = words(told)
    assert said[0] == "47m would be lost by restoring now (achieved RPO)"
    assert said[1].startswith("! archive is OFFLINE")
    (running,) = [line for line in said if line.startswith("BACKUP_DB of orders")]
    assert running.endswith("⣿⣿⣿⣿⣿⣿⣀⣀⣀⣀ 61%")
    assert told.level == Severity.WARNING


def test_where_all_is_well_nothing_is_wrong_and_the_proof_says_how_long_it_took() -> None:
    told = tell("backups", scene(told_of(well())))
    assert told.level is None
    assert not [line for line in words(told) if line.startswith("!")]
    assert "restore proved  20d ago, took 41m" in words(told)


def test_a_small_tile_says_how_much_more_is_wrong() -> None:
    said = words(tell("backups", scene(told_of(*FROZEN), columns=40, rows=8)))
    assert "and 7 more under Wrong" in said
    assert said[1].startswith("! archive")
