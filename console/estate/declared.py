"""Is a resource as it was meant to be? Each declared fact beside the one that was found. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from collectors.safe import Safe, sanitise
from console.estate.levels import EVERYTHING, Concern
from console.estate.resource import Resource
from console.protocol.res import Declaration
from console.times import span

DAY_S = 86_400.0
YES, NO = "yes", "no"
FLAGS: Mapping[str, tuple[str, ...]] = {  # by which of AWS's own names the inventory tells each
    "multi_az": ("MultiAZ",),
    "encrypted": ("StorageEncrypted", "AtRestEncryptionEnabled", "StorageEncryption"),
    "tls": ("TransitEncryptionEnabled",),
    "public_access": ("PubliclyAccessible",),
    "iam_authentication": ("IAMDatabaseAuthenticationEnabled",),
    "deletion_protection": ("DeletionProtection", "DeletionProtectionEnabled"),
}
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "engine_version": ("EngineVersion",),
    "instance_class": ("DBInstanceClass", "CacheNodeType", "DBClusterInstanceClass"),
}
RETENTION = ("BackupRetentionPeriod", "SnapshotRetentionLimit")


@dataclass(frozen=True, slots=True)
class Intent:
    """What one table of a profile declares of the resources that it is about; what it leaves out is not compared."""

    concern: Concern = EVERYTHING
    flags: Mapping[str, bool] = field(default_factory=dict)
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    port: int | None = None
    retention_s: float | None = None


def declarations(resource: Resource, intents: Iterable[Intent]) -> tuple[Declaration, ...]:
    """In the order of the profile; what two tables declare alike, once."""
    described = resource.described
    fitting = (each for each in intents if each.concern.fits(resource.id, described.engine, described.kind))
    found = (declaration for intent in fitting for declaration in _compared(resource, intent))
    return tuple(dict.fromkeys(found))


def _compared(resource: Resource, intent: Intent) -> Iterator[Declaration]:
    facts = dict(resource.described.facts)
    for fact, wanted in intent.flags.items():
        is_so = _flag(facts, fact)
        words = None if is_so is None else YES if is_so else NO
        yield _declaration(fact, YES if wanted else NO, words, holds=is_so is wanted)
    for fact, patterns in intent.patterns.items():
        told = _first(facts, PATTERNS[fact])
        holds = any(fnmatchcase(told or "", pattern) for pattern in patterns)
        yield _declaration(fact, " or ".join(patterns), told, holds=holds)
    if intent.port is not None:
        port = facts.get(Safe("Endpoint"), "").rpartition(":")[2]
        found = port if port.isdecimal() else None
        yield _declaration("port", str(intent.port), found, holds=port == str(intent.port))
    if intent.retention_s is not None:
        kept = _retention_s(resource, facts)
        words = None if kept is None else span(kept)
        holds = kept is not None and kept >= intent.retention_s
        yield _declaration("retention_at_least", span(intent.retention_s), words, holds=holds)


def _declaration(fact: str, wanted: str, found: str | None, *, holds: bool) -> Declaration:
    """What could not be seen is neither so nor otherwise."""
    return Declaration(
        fact=sanitise(fact),
        wanted=sanitise(wanted),
        found=None if found is None else sanitise(found),
        holds=None if found is None else holds,
    )


def _flag(facts: Mapping[Safe, Safe], fact: str) -> bool | None:
    told = _first(facts, FLAGS[fact])
    if told is None:
        return None
    if fact == "tls" and facts.get(Safe("TransitEncryptionMode")) == "preferred":
        return False  # who does not ask for it is let in without
    return told != NO  # of a table it is said with which key


def _first(facts: Mapping[Safe, Safe], names: Iterable[str]) -> Safe | None:
    return next((told for name in names if (told := facts.get(Safe(name)))), None)


def _retention_s(resource: Resource, facts: Mapping[Safe, Safe]) -> float | None:
    told = _first(facts, RETENTION)
    if told is not None and told.isdecimal():
        return int(told) * DAY_S
    return resource.backup.retention.total_seconds() if resource.backup else None
