"""Properties have no deadline: how fast a machine is at the moment is nothing that a test is about."""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

from console.__main__ import RARELY
from tests.rig.battery import battery

settings.register_profile(
    "dbconsole", deadline=None, max_examples=battery(25), suppress_health_check=(HealthCheck.too_slow,)
)
settings.load_profile("dbconsole")


def pytest_collection_finish() -> None:
    """Thousands of tests are looked through for garbage no more, which takes a fifth of the time."""
    gc.freeze()
    gc.set_threshold(*RARELY)
