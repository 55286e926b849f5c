"""A console that deletes a prefix and is killed on the way: it tells its plan, and how far it has come."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import orjson

from tests.actions.flushes.stage import listed, staged, target


async def deletes(port: int, folder: Path) -> None:
    async with staged(folder, {"alone": port}, listed([])) as stage:
        planned = await stage.person.plan("flush.prefix", target("alone", "prefix:0:session:"))
        stage.person.confirm(planned)
        await stage.person.until(planned.id, lambda o: o.percent is not None)
        assert planned.plan is not None
        sys.stdout.buffer.write(orjson.dumps(planned.plan.told()) + b"\n")
        sys.stdout.flush()
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(deletes(int(sys.argv[1]), Path(sys.argv[2])))
