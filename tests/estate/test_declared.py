"""What was declared stands beside what was found; what nobody could see is neither so nor otherwise."""

from __future__ import annotations

from dataclasses import replace

from collectors.safe import Safe
from console.estate.declared import FLAGS, PATTERNS, Intent, declarations
from console.estate.fold import fold
from console.estate.levels import Concern
from console.estate.resource import Resource, undescribed
from profiles.declared import facts
from tests.estate.builders import ORDERS, backup, described

Row = tuple[str, str, str | None, bool | None]


def compared(intent: Intent, *others: Intent, backed_up: bool = False, **found: str) -> list[Row]:
    resource = Resource(ORDERS, undescribed(ORDERS))
    told = tuple((Safe(name), Safe(value)) for name, value in found.items())
    fold(resource, replace(described(), facts=told))
    if backed_up:
        fold(resource, backup(0))
    return [(each.fact, each.wanted, each.found, each.holds) for each in declarations(resource, (intent, *others))]


def test_a_flag_holds_where_aws_says_the_same() -> None:
    intent = Intent(flags={"multi_az": True, "public_access": False})
    assert compared(intent, MultiAZ="yes", PubliclyAccessible="yes") == [
        ("multi_az", "yes", "yes", True),
        ("public_access", "no", "yes", False),
    ]


def test_what_aws_does_not_say_is_unknown_and_not_false() -> None:
    intent = Intent(flags={"tls": True}, patterns={"engine_version": ("16.*",)}, port=5432, retention_s=7 * 86_400)
    assert [holds for _, _, _, holds in compared(intent)] == [None] * 4


def test_a_cache_that_prefers_encryption_lets_others_in() -> None:
    intent = Intent(flags={"tls": True})
    assert compared(intent, TransitEncryptionEnabled="yes", TransitEncryptionMode="required")[0][3] is True
    assert compared(intent, TransitEncryptionEnabled="yes", TransitEncryptionMode="preferred")[0][3] is False


def test_a_table_is_encrypted_with_whichever_key() -> None:
    assert compared(Intent(flags={"encrypted": True}), StorageEncryption="KMS") == [("encrypted", "yes", "yes", True)]


def test_one_of_the_patterns_must_fit() -> None:
    intent = Intent(patterns={"instance_class": ("db.r6i.*", "db.r7i.*"), "engine_version": ("15.*",)})
    assert compared(intent, DBInstanceClass="db.r7i.large", EngineVersion="14.2") == [
        ("instance_class", "db.r6i.* or db.r7i.*", "db.r7i.large", True),
        ("engine_version", "15.*", "14.2", False),
    ]


def test_a_port_is_that_of_the_endpoint() -> None:
    assert compared(Intent(port=1433), Endpoint="orders.rds.amazonaws.com:1433") == [("port", "1433", "1433", True)]
    assert compared(Intent(port=1433), Endpoint="orders.rds.amazonaws.com") == [("port", "1433", None, None)]


def test_backups_are_kept_as_long_as_was_meant() -> None:
    week = Intent(retention_s=7 * 86_400)
    assert compared(week, BackupRetentionPeriod="6") == [("retention_at_least", "7d", "6d", False)]
    assert compared(week, BackupRetentionPeriod="7") == [("retention_at_least", "7d", "7d", True)]
    assert compared(week, backed_up=True) == [("retention_at_least", "7d", "14d", True)]


def test_only_what_is_about_the_resource_counts_and_each_thing_once() -> None:
    other = Intent(Concern(ids=("billing",)), flags={"tls": True})
    twice = Intent(Concern(engines=("sqlserver-*",)), flags={"multi_az": True})
    assert len(compared(other, twice, twice)) == 1


def test_everything_that_can_be_declared_is_compared() -> None:
    assert {*FLAGS, *PATTERNS, "port", "retention_at_least"} == set(facts())
