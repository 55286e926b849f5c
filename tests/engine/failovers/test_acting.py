"""A failover that a person asks for at a console: watched from its countdown to its proof, which the audit has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.audit.record import Record
from console.protocol.failover import Failover
from console.specs import Play
from tests.rig.acting.console import Console, Person, comes, past
from tests.rig.emulated import emulated

ORDERS = "orders-primary"
SPEED = 10.0


@contextmanager
def started(folder: Path, play: Play) -> Iterator[Console]:
    """A console whose engine looks into its databases."""
    console = Console(folder, play, module="tests.rig.acting.whole_engine")
    console.start()
    try:
        yield console
    finally:
        console.kill()


async def failover(person: Person, op: str, *phases: str, seconds: float = 60) -> Failover:
    """Once it is in one of these phases."""

    def there() -> bool:
        known = person.client.mirror.failovers
        return op in known and known[op].phase in phases

    await person.until(there, f"{op} is {' or '.join(phases)}", seconds)
    return person.client.mirror.failovers[op]


def knocks(person: Person, op: str) -> int:
    return person.client.mirror.failovers[op].probe.knocks


def verified(console: Console, op: str) -> list[Record]:
    return [record for record in console.records(op) if record.ev == "VERIFIED"]


async def test_it_is_watched_and_its_end_is_in_the_audit_with_the_outage(tmp_path: Path) -> None:
    with emulated("admin", speed=SPEED) as world, started(tmp_path, world.play) as console:
        async with console.joined() as person:
            op = await person.plan(ORDERS, "fail-over")
            await person.confirmed(op, **past(op))
            told = await failover(person, op.id, "down", "recovering")
            await person.until(lambda: knocks(person, op.id) > told.probe.knocks + 5, "time to keep it")
            assert (told.by, told.planned, told.resource) == (op.by, True, ORDERS)
        console.kill()
        console.start()
        async with console.joined() as person:
            done = await failover(person, op.id, "done")
            assert done.down == told.down, "the outage goes on from where it was"
            assert "Nobody looked from" in done.outcome
            assert await comes(lambda: bool(verified(console, op.id)))
            await person.op(op.id, "done")
            await person.did("failover.tick", id=op.id, step="redirect")
            await person.did("failover.acknowledge", id=op.id)
            rows = (await person.did("failover.formers", id=ORDERS)).rows
        (record,) = verified(console, op.id)
        assert done.up is not None
        assert done.down is not None
        assert record.data["outage_ms"] == done.up - done.down
        events = [record.ev for record in console.records()]
        assert "ACK" in events
        assert any(r.ev == "NOTE" and r.data.get("step") == "redirect" for r in console.records())
        assert rows[1][1] == "failover"
        assert set(rows[1][4].split(", ")) >= {"our knocks", "AWS's events"}
        assert len(rows) == 2
