"""How much do properties try? Less in a run of everything, more by `DBCONSOLE_EXAMPLES=500`; no machine is too slow."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "dbconsole",
    max_examples=int(os.environ.get("DBCONSOLE_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow,),
)
settings.load_profile("dbconsole")
