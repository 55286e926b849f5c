"""What keeps others away while something is under way: said where it is not all of them, and free when it is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import orjson

from profiles.load import shipped
from tests.engine.acting.conftest import Stage, staged
from tests.rig.acting.console import comes, past

IN_AWS = '\n[access.lock]\nkind = "ssm"\nparameters = "/dbconsole/locks"\n'


async def test_a_lock_that_covers_this_machine_only_is_said_to(operator: Stage) -> None:
    async with operator.console.joined() as person:
        op = await person.plan("carts")
        await person.confirmed(op)
        assert (await person.op(op.id, "intent", "sent", "accepted", "in-flight")).lock == (
            "lock covers this user on this host only"
        )


async def test_a_lock_in_aws_is_given_back_by_the_engine_that_finds_it(tmp_path: Path) -> None:
    profile = tmp_path / "profile.toml"
    named = next(path for path in shipped() if path.stem == "resilient-database")
    profile.write_text(named.read_text() + IN_AWS)
    with staged(tmp_path / "console", "operator", profile=profile, countdown_s=5.0) as stage:
        async with stage.console.joined() as person:
            op = await person.plan("billing")
            await person.confirmed(op, **past(op))
            assert (await person.op(op.id, "intent")).lock == "/dbconsole/locks: all consoles of this account"
        await asyncio.to_thread(stage.console.kill)
        locked = len(stage.proxy.mutations("PutParameter"))
        stage.console.later(timedelta(minutes=5))
        await asyncio.to_thread(stage.console.start)
        assert await comes(lambda: len(stage.proxy.mutations("PutParameter")) >= locked + 2)  # taken, and given back
        last = orjson.loads(stage.proxy.wait_for("PutParameter", locked + 2, answered=True)[-1].said["Value"])
        assert (last["op"], last["ended"]) == (op.id, True)
        assert stage.console.told(op.id)[-1] == "ABANDONED"
        assert stage.proxy.mutations("Create*") == []
