"""What the demo's AWS keeps is told; each way in which backups fail in silence is seen, and none on ordinary days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from collectors.inside.backups import Backups, Copy, Kind, Outcome
from tests.collectors.aws.asked import one_pass
from tests.collectors.aws.backups.playing import Played, playing
from tests.demo.emulator.emulating import START
from tests.rig.battery import battery

FIVE_MINUTES, DAY = timedelta(minutes=5), timedelta(days=1)
TROUBLES = (  # at which second, to whom, and what
    (600, "reporting", 'cause = "snapshot-failed"'),
    (600, "billing", 'cause = "backup-job-failed"'),
    (600, "customers", 'cause = "recovery-point-expired"'),
    (600, "orders-primary", 'cause = "copy-behind"'),
    (600, "catalogue", 'cause = "key-disabled"'),
    (600, "carts", 'cause = "pitr-off"'),
    (600, "sessions-001", 'cause = "snapshot-empty"'),
    (600, "catalogue", 'cause = "restore-test-failed"'),
    (600, "customers", 'cause = "restore-unproved"'),
    (600, "carts", 'cause = "snapshot-empty"'),
    (9_000, "billing", 'set = { "api.LatestRestorableTime" = "@now-6m" }'),
    (9_000, "reporting", 'set = { "api.BackupRetentionPeriod" = 0 }'),
    (9_000, "sessions-001", 'set = { "api.SnapshottingClusterId" = "sessions-009" }'),
    (9_000, "carts", "clear = true"),
    (9_000, "orders-primary", 'set = { "backup.last_snapshot" = "@now-50h" }'),
)


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    path = tmp_path_factory.mktemp("scenario") / "mine.toml"
    entries = "".join(f'[[at]]\nseconds = {at}\nresource = "{name}"\n{said}\n' for at, name, said in TROUBLES)
    path.write_text(f'name = "mine"\nestate = "resilient-database"\n{entries}', encoding="utf-8")
    with playing(str(path)) as played:
        yield played


@pytest.fixture(scope="module")
def calm() -> Iterator[Played]:
    with playing() as played:
        yield played


def failed(fact: Backups) -> list[Copy]:
    return [copy for copy in fact.copies if copy.outcome is Outcome.FAILED]


def why_not_well(fact: Backups, now_s: float) -> list[object]:
    """Everything that anybody could find wrong with a fact."""
    wrong: list[object] = [*failed(fact), *fact.notes, *(proof for proof in fact.proofs if not proof.held)]
    wrong += [task for task in fact.tasks if task.outcome is Outcome.FAILED]
    wrong += [fact.key] if fact.key else []
    if fact.kept_by:
        return wrong
    nightly = [copy.taken.timestamp() for copy in fact.copies if copy.kind is Kind.AUTOMATED and copy.percent is None]
    wrong += ["off"] if not fact.retention_s else []
    wrong += ["stuck"] if fact.restorable_until and now_s - fact.restorable_until.timestamp() > 660 else []
    wrong += ["no point in time"] if fact.point_in_time is False else []
    wrong += ["no snapshot"] if fact.point_in_time is None and not nightly else []
    wrong += ["late"] if nightly and now_s - max(nightly) > 25 * 3600 else []
    wrong += ["empty" for copy in fact.copies if copy.bytes is not None and copy.bytes < 1 << 20]
    behind = (each.restorable_until for each in fact.elsewhere if each.restorable_until)
    return wrong + ["copy behind" for until in behind if now_s - until.timestamp() > 1200]


async def test_each_resource_is_told_and_what_can_be_restored_of_it(calm: Played) -> None:
    facts, status = await calm.look()
    assert facts.keys() == calm.world.model.machines.keys()
    assert {name: fact.kept_by for name, fact in facts.items() if fact.kept_by} == {
        **dict.fromkeys(("catalogue-1", "catalogue-2"), "catalogue"),
        **dict.fromkeys(("orders-replica-1", "orders-replica-2"), "orders-primary"),
        "sessions-002": "sessions-001",
    }
    assert status.keys() == {name for name, fact in facts.items() if not fact.kept_by}
    model, t = calm.world.model, calm.world.t
    for name, told in status.items():
        machine = model.machines[told.about]
        until = model.restorable_until(machine.id, t)
        assert told.retention == timedelta(days=machine.retention_days), name
        assert (told.restorable_until.timestamp() if told.restorable_until else None) == until
        if machine.kind != "table":
            assert told.newest_snapshot is not None
            assert told.newest_snapshot.timestamp() == model.newest_snapshot(machine.id, t)
        proved = model.plan(machine.id).restore_proved
        assert (told.restore_proof.timestamp() if told.restore_proof else None) == proved


async def test_copies_are_of_all_kinds_and_sizes_only_where_aws_tells_them(calm: Played) -> None:
    facts, _ = await calm.look()
    billing, carts, sessions = facts["billing"], facts["carts"], facts["sessions-001"]
    kinds = [copy.kind for copy in billing.copies]
    assert kinds.count(Kind.AUTOMATED) == 14
    assert kinds.count(Kind.AWS_BACKUP) == 12 + 12  # of weeks and of months
    assert billing.bytes is None
    assert billing.usd_per_month is None
    assert carts.bytes == sum(copy.bytes or 0 for copy in carts.copies)
    assert carts.usd_per_month == pytest.approx((carts.bytes or 0) / 2**30 * 0.095, abs=1e-3)
    assert len(carts.copies) == len({copy.taken for copy in carts.copies})  # two services tell of each
    assert sessions.bytes
    assert sessions.point_in_time is None
    assert all(copy.expires for copy in billing.copies if copy.kind is Kind.AWS_BACKUP)
    (proof,) = billing.proofs
    assert proof.took_s is not None
    assert 1500 <= proof.took_s <= 4500
    assert (proof.how, proof.held) == ("AWS Backup restore test", True)


async def test_what_is_kept_in_another_region_is_asked_there(calm: Played) -> None:
    facts, _ = await calm.look()
    replicated = [each for each in facts["orders-primary"].elsewhere if each.state == "replicating"]
    (copy,) = replicated
    assert copy.region == "eu-central-1"
    assert copy.restorable_until is not None
    behind = calm.world.now - copy.restorable_until
    assert FIVE_MINUTES < behind < 4 * FIVE_MINUTES
    arrived = [each.newest for each in facts["billing"].elsewhere]
    assert all(arrived)
    assert facts["reporting"].elsewhere == ()


async def test_what_moves_slowly_is_asked_seldom_and_all_of_it_is_counted(calm: Played) -> None:
    await calm.look()
    counted = []
    for minutes in (1, 1, 16):
        calm.world.now += timedelta(minutes=minutes)
        before = calm.meter.spent().requests
        await calm.told()
        counted.append(calm.meter.spent().requests - before)
    assert counted[0] <= 10  # nothing of AWS Backup and KMS
    assert counted[2] > counted[0] + 8
    assert 0 < calm.meter.spent().usd < 0.001  # KMS alone is paid for


async def test_over_days_nothing_is_ever_wrong() -> None:
    seen_running = False
    with playing() as played:
        await one_pass(played.inventory, played.place)
        for step in range(battery(3, most=7) * 8):  # one of each day is in the night, while a snapshot is taken
            played.world.now = START + timedelta(hours=3 * step, minutes=12 + 3 * (step // 8))
            facts, status = await played.told()
            assert len(facts) == 12
            wrong = {name: why for name, fact in facts.items() if (why := why_not_well(fact, played.world.t))}
            assert wrong == {}, played.world.now
            assert all(told.rpo(played.world.now) is not None for told in status.values())
            seen_running |= any(copy.percent is not None for fact in facts.values() for copy in fact.copies)
    assert seen_running  # or the days have missed the nights


async def test_each_silent_failure_is_seen(troubled: Played) -> None:
    world = troubled.world
    facts, _ = await troubled.look()
    assert {name: why for name, fact in facts.items() if (why := why_not_well(fact, world.t))} == {}
    world.now = START + timedelta(hours=2)
    facts, status = await troubled.look()
    assert [copy.kind for copy in failed(facts["reporting"])] == [Kind.AUTOMATED]
    (job,) = [task for task in facts["billing"].tasks if task.outcome is Outcome.FAILED]
    assert (job.what, "permission" in job.why) == ("backup", True)
    assert [copy.why == job.why for copy in failed(facts["billing"])] == [True]
    lost, expired = sorted(failed(facts["customers"]), key=lambda copy: copy.taken, reverse=True)
    assert "no longer there" in lost.why
    assert expired.why == "expired"
    assert facts["customers"].proofs == ()
    (copy,) = [each for each in facts["orders-primary"].elsewhere if each.restorable_until]
    assert copy.restorable_until is not None
    assert world.now - copy.restorable_until > timedelta(hours=1, minutes=50)
    assert facts["catalogue"].key.endswith("disabled")
    assert [proof.held for proof in facts["catalogue"].proofs] == [False, True]
    assert status["catalogue"].restore_proof == facts["catalogue"].proofs[1].when
    assert (facts["carts"].point_in_time, facts["carts"].retention_s) == (False, 0)
    assert facts["carts"].restorable_until is None
    assert facts["carts"].copies[0].bytes == 4096
    assert facts["sessions-001"].copies[0].bytes == 0


async def test_what_a_scenario_sets_is_seen(troubled: Played) -> None:
    world = troubled.world
    world.now = START + timedelta(seconds=9_000 + 1_800)
    facts, status = await troubled.look()
    stuck = status["billing"].rpo(world.now)
    assert stuck is not None
    world.now += timedelta(seconds=60)
    facts, status = await troubled.look()
    assert status["billing"].rpo(world.now) == stuck + timedelta(seconds=60)
    assert (status["reporting"].retention, facts["reporting"].point_in_time) == (timedelta(0), False)
    assert not facts["reporting"].kept_by
    assert facts["reporting"].restorable_until is None
    assert not [copy for copy in facts["reporting"].copies if copy.kind is Kind.AUTOMATED]
    assert facts["carts"].point_in_time is True  # it is on again
    (task,) = facts["sessions-001"].tasks
    assert "sessions-009" in task.why
    newest = max(copy.taken for copy in facts["orders-primary"].copies if copy.kind is Kind.AUTOMATED)
    assert newest == status["orders-primary"].newest_snapshot == START + timedelta(seconds=9_000) - timedelta(hours=50)
