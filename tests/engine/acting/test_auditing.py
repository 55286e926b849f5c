"""Who did what, as an engine tells its screen: its own records and CloudTrail's of the same resource in one list."""

from __future__ import annotations

import asyncio
import time

from tests.engine.acting.conftest import Stage

TRAIL_S = 60.0  # CloudTrail is minutes late, of the estate's time


async def test_what_was_done_is_in_both_views_and_the_newest_stands_first(operator: Stage) -> None:
    async with operator.console.joined() as person:
        op = await person.plan("carts")
        await person.confirmed(op)
        await person.op(op.id, "done")
        deadline = time.monotonic() + TRAIL_S
        while True:
            titles, *rows = ([str(cell) for cell in row] for row in (await person.did("audit")).rows)
            told = [dict(zip(titles, row, strict=True)) for row in rows]
            if any(each["BY"] == "CloudTrail" for each in told):
                break
            assert time.monotonic() < deadline, told
            await asyncio.sleep(0.5)
    assert [each["TIME"] for each in told] == sorted((each["TIME"] for each in told), reverse=True)
    ours = [each["WHAT"].split()[0] for each in told if each["BY"] == "console" and each["RESOURCE"] == "carts"]
    steps = [each for each in ours if each != "PROGRESS"]
    assert steps == ["DONE", "ACCEPTED", "SENT", "INTENT", "CONFIRM", "CHECK"]
    assert "ANCHOR" not in {each["WHAT"] for each in told}
    (theirs,) = (each for each in told if each["BY"] == "CloudTrail" and each["WHAT"] == "CreateBackup")
    assert theirs["RESOURCE"] == "carts"
    assert theirs["WHO"].endswith(op.id)
