"""A real primary, its replica and the replica's replica: what is said of the links is right, whatever befalls them."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta
from typing import LiteralString

import pytest

from collectors.errors import CannotCollect
from collectors.inside.replication import DEAD, Link, LinkState
from collectors.postgres.silence import SLACK_S
from tests.collectors.postgres.looking import Looks, Seen
from tests.rig.postgres import TIMEOUT_MS, Family, Server
from tests.rig.terminal import wait_until

APPLIED: LiteralString = "pg_last_xact_replay_timestamp()"
LONGEST_QUIET_S = TIMEOUT_MS / 2000 + SLACK_S


def write(server: Server, rows: int = 2000) -> None:
    server.sql("INSERT INTO filled SELECT n, repeat('x', 200) FROM generate_series(1, %s) AS n", rows)


def quiet_s(server: Server) -> float:
    asked = server.sql("SELECT extract(epoch FROM clock_timestamp() - last_msg_receipt_time) FROM pg_stat_wal_receiver")
    return float(asked[0][0])


def has_receiver(server: Server) -> bool:
    return bool(server.sql("SELECT 1 FROM pg_stat_wal_receiver WHERE status = 'streaming'"))


def is_in_step(seen: Seen) -> bool:
    assert seen.lag is not None
    found = (seen.upstream.state, seen.lag.lag, seen.upstream.lag.seconds, seen.upstream.lag.bytes)
    return found == (LinkState.IN_STEP, timedelta(0), 0.0, 0)


def assert_dead(seen: Seen, state: LinkState) -> None:
    """Never a zero, and no lag where nobody can know it."""
    assert seen.lag is not None
    assert (seen.upstream.state, seen.lag.lag, str(seen.lag.state)) == (state, None, str(state))
    assert_no_zero(seen.upstream)


def assert_no_zero(link: Link) -> None:
    assert link.state in DEAD
    assert link.lag.seconds is None or (link.lag.seconds > 0 and link.lag.at_least)
    assert link.lag.bytes is None


async def test_a_copy_that_has_all_is_in_step_at_both_ends(pg: Family, looks: Looks) -> None:
    write(pg.primary)
    pg.until_applied()
    seen = await looks.at(pg.replica)
    assert is_in_step(seen)
    assert (seen.replication.role, seen.upstream.told, seen.upstream.mode) == ("both", "streaming", "physical")
    assert seen.copy("cascade").state is LinkState.IN_STEP
    top = await looks.at(pg.primary)
    assert (top.replication.role, top.lag, top.replication.role_changes) == ("primary", None, 0)
    link = top.copy("replica")
    assert (link.source, link.state, link.mode) == ("primary", LinkState.IN_STEP, "physical, asynchronous")
    assert (link.unsent.bytes, link.unapplied.bytes, link.lag.seconds) == (0, 0, 0.0)
    assert is_in_step(await looks.at(pg.cascade))


async def test_idle_for_longer_than_any_threshold_is_no_lag(pg: Family, looks: Looks) -> None:
    write(pg.primary, 1)
    pg.until_applied()
    until = time.monotonic() + LONGEST_QUIET_S + 1
    while time.monotonic() < until:
        assert is_in_step(await looks.at(pg.replica))
        assert is_in_step(await looks.at(pg.cascade))
        assert (await looks.at(pg.primary)).copy("replica").lag.seconds == 0.0
        await asyncio.sleep(0.5)


async def test_under_load_it_is_behind_by_little_and_then_in_step(pg: Family, looks: Looks) -> None:
    working = threading.Thread(target=write, args=(pg.primary, 150_000))
    working.start()
    states = set()
    while working.is_alive():
        seen = await looks.at(pg.replica)
        assert seen.lag is not None
        assert seen.lag.lag is not None
        assert seen.lag.lag < timedelta(seconds=20)
        states.add(seen.upstream.state)
        states.add((await looks.at(pg.primary)).copy("replica").state)
    working.join()
    assert states <= {LinkState.IN_STEP, LinkState.BEHIND}
    assert LinkState.BEHIND in states
    pg.until_applied()
    assert is_in_step(await looks.at(pg.replica))


async def test_a_replay_that_was_paused_is_said_to_be(pg: Family, looks: Looks) -> None:
    pg.replica.sql("SELECT pg_wal_replay_pause()")
    try:
        wait_until(lambda: pg.replica.sql("SELECT pg_get_wal_replay_pause_state()")[0][0] == "paused", "the pause")
        write(pg.primary)
        wait_until(lambda: pg.replica.sql("SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()")[0][0], "WAL")
        first, second = await looks.at(pg.replica), await looks.at(pg.replica)
    finally:
        pg.replica.sql("SELECT pg_wal_replay_resume()")
    assert first.upstream.state is LinkState.PAUSED
    assert (first.upstream.unapplied.bytes or 0) > 0
    assert 0 < (first.upstream.lag.seconds or 0) < (second.upstream.lag.seconds or 0)
    pg.until_applied()
    assert is_in_step(await looks.at(pg.replica))


async def test_a_replica_that_applies_nothing_falls_behind_from_when_it_was_in_step(pg: Family, looks: Looks) -> None:
    """The last commit that it applied is older than that: so long the primary was idle."""
    write(pg.primary, 1)
    pg.until_applied()
    wait_until(lambda: pg.replica.sql(f"SELECT clock_timestamp() - {APPLIED} > '1 s'")[0][0], "idle time")
    before = time.monotonic()
    assert is_in_step(await looks.at(pg.replica))
    with pg.replica.frozen("startup"):
        write(pg.primary)
        wait_until(lambda: pg.replica.sql("SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()")[0][0], "WAL")
        first, top = await looks.at(pg.replica), await looks.at(pg.primary)
        second = await looks.at(pg.replica)
        longest = time.monotonic() - before
    assert (first.upstream.state, top.copy("replica").state) == (LinkState.BEHIND, LinkState.BEHIND)
    assert 0 < (first.upstream.lag.seconds or 0) < (second.upstream.lag.seconds or 0) < longest
    assert (top.copy("replica").unapplied.bytes or 0) > 0
    pg.until_applied()
    assert is_in_step(await looks.at(pg.replica))


async def test_a_link_that_was_cut_is_broken_at_both_ends(pg: Family, looks: Looks) -> None:
    assert is_in_step(await looks.at(pg.replica))
    await looks.at(pg.primary)
    pg.line.cut()
    wait_until(lambda: not has_receiver(pg.replica), "the receiver's end")
    wait_until(lambda: not pg.primary.sql("SELECT 1 FROM pg_stat_replication"), "the sender's end")
    write(pg.primary)
    assert_dead(await looks.at(pg.replica), LinkState.BROKEN)
    again = await looks.at(pg.replica)
    assert_dead(again, LinkState.BROKEN)
    assert again.upstream.heard is not None
    top = await looks.at(pg.primary)
    assert_no_zero(top.copy("replica"))
    (slot,) = (each for each in top.replication.slots if each.name == "replica")
    assert (slot.active, (slot.kept or 0) > 0) == (False, True)
    pg.line.mend()
    pg.until_applied()
    assert is_in_step(await looks.at(pg.replica))
    assert (await looks.at(pg.primary)).copy("replica").state is LinkState.IN_STEP


async def test_a_line_that_passes_nothing_is_found_out(pg: Family, looks: Looks) -> None:
    pg.until_applied()
    await looks.at(pg.replica)
    await looks.at(pg.primary)
    pg.line.stall()
    write(pg.primary)
    wait_until(lambda: not has_receiver(pg.replica), "the receiver's end")
    wait_until(lambda: not pg.primary.sql("SELECT 1 FROM pg_stat_replication"), "the sender's end")
    for _ in range(2):
        assert_dead(await looks.at(pg.replica), LinkState.BROKEN)
        assert_no_zero((await looks.at(pg.primary)).copy("replica"))
    pg.line.mend()
    pg.until_applied()
    assert is_in_step(await looks.at(pg.replica))


async def test_a_receiver_that_hangs_is_silent(pg: Family, looks: Looks) -> None:
    """It is there, and says `streaming` for ever."""
    pg.until_applied()
    with pg.replica.frozen("walreceiver"):
        write(pg.primary)
        wait_until(lambda: quiet_s(pg.replica) > LONGEST_QUIET_S, "a silence")
        seen = await looks.at(pg.replica)
        assert_dead(seen, LinkState.SILENT)
        assert seen.upstream.told == "streaming"
        assert (seen.upstream.lag.seconds or 0) > LONGEST_QUIET_S
    pg.until_applied()
    assert is_in_step(await looks.at(pg.replica))


async def test_behind_on_purpose_is_no_alarm(pg: Family, looks: Looks) -> None:
    pg.replica.sql("ALTER SYSTEM SET recovery_min_apply_delay = '1h'")
    pg.replica.sql("SELECT pg_reload_conf()")
    wait_until(lambda: pg.replica.sql("SHOW recovery_min_apply_delay")[0][0] == "1h", "the delay")
    try:
        write(pg.primary)
        wait_until(lambda: pg.replica.sql("SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()")[0][0], "WAL")
        seen = await looks.at(pg.replica)
    finally:
        pg.replica.sql("ALTER SYSTEM RESET recovery_min_apply_delay")
        pg.replica.sql("SELECT pg_reload_conf()")
    assert seen.upstream.state is LinkState.DELAYED
    assert "3600 s" in seen.upstream.why
    pg.until_applied()


async def test_a_login_without_pg_monitor_knows_nothing_and_says_so(pg: Family, plain_looks: Looks) -> None:
    pg.until_applied()
    seen, top = await plain_looks.at(pg.replica), await plain_looks.at(pg.primary)
    assert seen.lag is not None
    assert (seen.upstream.state, seen.lag.lag, seen.lag.state) == (LinkState.UNKNOWN, None, "unknown")
    assert top.copy("replica").state is LinkState.UNKNOWN
    for each in (seen.replication, top.replication):
        assert any("pg_monitor" in note for note in each.notes)
    assert not top.copy("replica").lag.is_known


async def test_a_slot_that_nobody_comes_for_keeps_more_and_more(pg: Family, looks: Looks) -> None:
    pg.primary.sql("SELECT pg_create_physical_replication_slot('forgotten', true)")
    kept = []
    for _ in range(2):
        write(pg.primary)
        slots = (await looks.at(pg.primary)).replication.slots
        (slot,) = (each for each in slots if each.name == "forgotten")
        assert (slot.active, slot.state) == (False, "reserved")
        kept.append(slot.kept or 0)
    assert 0 < kept[0] < kept[1]
    pg.primary.sql("SELECT pg_drop_replication_slot('forgotten')")


async def test_a_server_that_was_stopped_is_asked_anew_when_it_is_back(pg: Family, looks: Looks) -> None:
    assert is_in_step(await looks.at(pg.cascade))
    pg.cascade.stop()
    with pytest.raises(CannotCollect):
        await looks.at(pg.cascade)
    with pytest.raises(CannotCollect, match="refuses connections"):
        await looks.at(pg.cascade)
    pg.cascade.start()
    wait_until(lambda: has_receiver(pg.cascade), "a receiver")
    pg.until_applied()
    assert is_in_step(await looks.at(pg.cascade))


async def test_one_that_was_promoted_is_a_primary_and_its_own_copy_follows_it(pg: Family, looks: Looks) -> None:
    """The last of the file: it is no replica any more."""
    pg.until_applied()
    await looks.at(pg.primary)
    assert is_in_step(await looks.at(pg.replica))
    pg.replica.sql("SELECT pg_promote()")
    seen = await looks.at(pg.replica)
    assert (seen.replication.role, seen.replication.upstream) == ("primary", ())
    assert seen.lag is not None, "what was told of it as a copy is true no more"
    assert (seen.lag.lag, seen.lag.source, seen.lag.follows) == (None, None, False)
    assert seen.replication.role_changes == 1
    wait_until(lambda: not pg.primary.sql("SELECT 1 FROM pg_stat_replication"), "the sender's end")
    assert_no_zero((await looks.at(pg.primary)).copy("replica"))
    write(pg.replica)
    at = pg.replica.sql("SELECT pg_current_wal_flush_lsn()::text")[0][0]
    wait_until(lambda: pg.cascade.sql("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", at)[0][0], "what was written")
    assert is_in_step(await looks.at(pg.cascade))
