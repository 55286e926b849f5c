"""Properties have no deadline: how fast a machine is at the moment is nothing that a test is about."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("dbconsole", deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("dbconsole")
