"""Can each database of a SQL Server be brought back? What the server itself shows of its chains and jobs."""

from __future__ import annotations

from collections.abc import Iterator

from collectors.inside.backups import DatabaseBackups
from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.triage.finding import Finding
from console.triage.frame import Frame


def hindered(frame: Frame) -> Iterator[Finding]:
    """3: a single database that is offline, or for one user, stops the restorable time of the whole server."""
    fact = frame.fact(DatabaseBackups)
    for chain in fact.chains if fact else ():
        if not chain.why or chain.broken:
            continue
        yield Finding(
            id=Safe("restore-point-stuck"),
            severity=Severity.HIGH,
            cause=sanitise(f"The database {chain.database} cannot be backed up: {chain.why}."),
            evidence=(sanitise(f"{chain.state} {chain.access} {chain.recovery}"),),
            next=Safe("Set it online, multi-user and to full recovery; then take a snapshot."),
            about=chain.database,
        )


def torn(frame: Frame) -> Iterator[Finding]:
    """4 and 12: the chain has a gap, and nothing after it can be restored."""
    fact = frame.fact(DatabaseBackups)
    for chain in fact.chains if fact else ():
        if not chain.broken:
            continue
        until = f"restorable to {chain.log_until:%Y-%m-%d %H:%M}Z" if chain.log_until else "to when is not known"
        yield Finding(
            id=Safe("backup-chain-broken"),
            severity=Severity.CRITICAL,
            cause=sanitise(f"The log chain of {chain.database} is broken: what came after cannot be restored."),
            evidence=tuple(map(sanitise, filter(None, (str(chain.why), until, f"recovery {chain.recovery}")))),
            next=Safe("Take a snapshot now: it begins a new chain. Then find who changed the recovery model."),
            about=chain.database,
        )


def jobs(frame: Frame) -> Iterator[Finding]:
    """10: a job of the agent that backs up has failed."""
    fact = frame.fact(DatabaseBackups)
    for job in fact.failed_jobs if fact else ():
        yield Finding(
            id=Safe("agent-job-failed"),
            severity=Severity.WARNING,
            cause=sanitise(f"The agent's job {job} failed, and it backs up."),
            evidence=(Safe("its last outcome is a failure"),),
            next=Safe("Look at its history, mend it and run it again; after a failover jobs may be missing."),
            about=job,
        )


RULES = (hindered, torn, jobs)
