"""Restores that a team has written down: in the profile, or in a file beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.aws.known import Found
from collectors.aws.place import Account, Place
from collectors.inside.backups import Proof
from collectors.readings import ResourceId
from collectors.safe import Safe
from console.profile_metrics import KnownMetrics
from console.profiles import KeptProofs
from profiles.load import load, parse
from profiles.toml import written
from profiles.wrong import WrongProfile
from tests.profiles.saying import fault, profile

WHOLE = """[[restore_proof]]
when = 2026-11-03T09:30:00+01:00
resource = "orders"
from = "rds:orders-2026-11-02"
minutes = 47.5
held = false
by = "Ada, runbook 12"
"""
TOLD = Proof(
    datetime(2026, 11, 3, 8, 30, tzinfo=UTC),
    Safe("by hand"),
    Safe("rds:orders-2026-11-02"),
    took_s=2850.0,
    held=False,
    told_by=Safe("Ada, runbook 12"),
)


def found(about: str, name: str) -> Found:
    return Found(ResourceId(Safe(about)), Place(Account(), "eu-west-1"), "instance", "x", name, "", "AWS/RDS", ())


def test_all_that_is_written_down_is_told_of_the_resource_it_is_of() -> None:
    kept = KeptProofs(profile(WHOLE))
    assert list(kept(found("orders", "orders"))) == [TOLD]
    assert list(kept(found("orders@eu-west-1.shop", "orders"))) == [TOLD]
    assert list(kept(found("billing", "billing"))) == []


@pytest.mark.parametrize("when", ["2026-11-03", '"2026-11-03"', "2026-11-03T00:00:00", '"2026-11-03T01:00:00+01:00"'])
def test_a_day_is_its_beginning_and_a_time_without_a_zone_is_utc(when: str) -> None:
    (proof,) = profile(f'[[restore_proof]]\nwhen = {when}\nresource = "orders"\n').restore_proof
    assert proof.when == datetime(2026, 11, 3, tzinfo=UTC)
    assert (proof.held, proof.minutes, proof.from_) == (True, None, None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('when = "yesterday"\nresource = "x"', "restore_proof#1.when is no time"),
        ('when = 7\nresource = "x"', "restore_proof#1.when is no time"),
        ("when = 2026-11-03", "restore_proof#1.resource"),
        ('when = 2026-11-03\nresource = "x"\nminutes = -1', "restore_proof#1.minutes is out of range"),
        ('when = 2026-11-03\nresource = "x"\nheld = "yes"', "restore_proof#1.held is not a yes or no"),
        ('when = 2026-11-03\nresource = "x"\nwho = "Ada"', "restore_proof#1.who is not a key that is known here"),
    ],
)
def test_a_slip_is_named(line: str, words: str) -> None:
    assert words in fault(f"[[restore_proof]]\n{line}\n")


def test_what_is_shown_is_the_same_again() -> None:
    said = profile(WHOLE)
    again = parse("\n".join(written(said, KnownMetrics())), "shown", stem="mine")
    assert again == said


def test_a_file_beside_the_profile_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "restores.toml").write_text(WHOLE, encoding="utf-8")
    own = WHOLE.replace("orders", "billing")
    (tmp_path / "mine.toml").write_text(f'proofs = "restores.toml"\n{own}', encoding="utf-8")
    said = load(str(tmp_path / "mine.toml"))
    assert [proof.resource for proof in said.restore_proof] == ["billing", "orders"]
    assert parse("\n".join(written(said, KnownMetrics())), "shown", stem="mine") == said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "restores.toml: cannot be read"),
        ("[[restore_proof]]\nwhen = 1\n", "restores.toml:2: restore_proof#1.when is no time"),
        ('name = "x"\n', "restores.toml:1: name is not a key that is known here"),
        ("=", "restores.toml:1:1: is not TOML"),
    ],
)
def test_what_is_wrong_with_that_file_is_told_by_its_own_name(tmp_path: Path, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / "restores.toml").write_text(text, encoding="utf-8")
    (tmp_path / "mine.toml").write_text('proofs = "restores.toml"\n', encoding="utf-8")
    with pytest.raises(WrongProfile) as wrong:
        load(str(tmp_path / "mine.toml"))
    assert any(words in str(each) for each in wrong.value.faults), wrong.value.faults
