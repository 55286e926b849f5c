"""Which jobs does the agent of the demo's SQL Servers have, and how may one have ended?"""

from __future__ import annotations

from collections.abc import Mapping

JOBS = (
    ("IndexOptimize", "Rebuilds what is fragmented", "Database Maintenance"),
    ("Backup check", "Looks whether each database was backed up", "Database Maintenance"),
    ("Purge history", "Deletes what is older than it has to be kept", "Database Maintenance"),
    ("Nightly load", "Fills the tables that reports read", "Data Collector"),
)
"""Name, description and category."""

OUTCOMES: Mapping[str, int | None] = {"failed": 0, "succeeded": 1, "never": 5, "missing": None}
"""As sp_help_job numbers them; a job that is missing is not listed."""
