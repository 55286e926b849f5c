"""What an engine of the demo tells whoever joins, beside the values."""

from __future__ import annotations

from console.protocol.mirror import Mirror
from tests.engine.engines import Engines

CPU = "cloudwatch.CPUUtilization"


async def test_whoever_joins_is_told_as_whom_it_looks_where_and_what_counts_as_grave(engines: Engines) -> None:
    engines.start()

    def is_told(mirror: Mirror) -> bool:
        return mirror.meta is not None and mirror.meta.caller is not None

    meta = (await engines.mirror_until(is_told)).meta
    assert meta is not None
    assert (meta.accounts, meta.caller, meta.regions) == (("111122223333",), "dbconsole-viewer", ("eu-west-1",))
    cpu = {t.severity: t.bound for t in meta.thresholds if t.value == CPU and t.kinds == ("instance",)}
    assert cpu == {"warning": 80, "high": 85, "critical": 95}
