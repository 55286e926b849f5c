"""Freezes, locks and approvals of a profile: what may be said of them, and what is refused with the right words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.profile_metrics import KnownMetrics
from profiles.load import load, parse
from profiles.model import Profile
from profiles.toml import written
from tests.profiles.saying import fault, faults, profile
from tests.profiles.schema_rules import misfits

WHOLE = """
[access]
passive = true
freeze_file = "freeze.toml"
calendars = ["arn:aws:ssm:eu-west-1:111122223333:document/quarter-end"]
allowed_signers = "/etc/dbconsole/allowed_signers"
cool_downs = { "fail over" = "2h" }

[access.lock]
kind = "dynamodb"
table = "dbconsole-locks"
region = "eu-west-1"

[[access.approvals]]
actions = ["promote*"]
ids = ["orders-*"]
needed = 2

[[access.freezes]]
name = "Q4 close"
from = 2026-12-20T18:00:00+01:00
until = "2027-01-02T06:00Z"

[[access.freezes]]
name = "nights"
days = ["sat", "sun"]
from = 22:00:00
until = "06:00"
"""


def window(**fields: str) -> str:
    said = {"name": '"x"'} | {key.strip("_"): value for key, value in fields.items()}
    return "[[access.freezes]]\n" + "".join(f"{key} = {value}\n" for key, value in said.items())


def test_a_profile_that_says_nothing_freezes_nothing_and_locks_by_a_file() -> None:
    access = profile("").access
    assert (access.passive, access.freezes, access.calendars, access.approvals) == (False, (), (), ())
    assert (access.lock.kind, access.lock.folder, access.allowed_signers) == ("file", None, None)


def test_all_that_may_be_said_is_read() -> None:
    access = profile(WHOLE).access
    once, weekly = access.freezes
    assert (once.start, once.end) == (datetime(2026, 12, 20, 17, tzinfo=UTC), datetime(2027, 1, 2, 6, tzinfo=UTC))
    assert (weekly.days, weekly.from_, weekly.until) == (("sat", "sun"), "22:00", "06:00")
    assert (access.lock.kind, access.lock.table, access.lock.region) == ("dynamodb", "dbconsole-locks", "eu-west-1")
    assert (access.approvals[0].actions, access.approvals[0].needed) == (("promote*",), 2)
    assert (access.passive, access.cool_downs) == (True, {"fail over": 7200})


def test_what_is_shown_and_its_json_are_the_same_profile_again() -> None:
    said = profile(WHOLE)
    assert parse("\n".join(written(said, KnownMetrics())), "shown") == said
    assert Profile.model_validate_json(said.model_dump_json(by_alias=True)) == said
    schema = Profile.model_json_schema(by_alias=True)
    assert list(misfits(said.model_dump(mode="json", by_alias=True), schema, schema)) == []


def test_its_files_are_looked_for_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(WHOLE)
    access = load(str(tmp_path / "mine.toml"), {}).access
    assert access.freeze_file == str(tmp_path / "freeze.toml")
    assert access.allowed_signers == "/etc/dbconsole/allowed_signers"
    (tmp_path / "mine.toml").write_text('[access.lock]\nfolder = "locks"\n')
    assert load(str(tmp_path / "mine.toml"), {}).access.lock.folder == str(tmp_path / "locks")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (window(until='"2027-01-02"'), "mine.toml:1: access.freezes#1.from is missing"),
        (window(from_='"2027-01-02"'), "mine.toml:1: access.freezes#1.until is missing"),
        (window(from_='"18:00"', until='"2027-01-02"'), "mine.toml:3: access.freezes#1.from goes with days"),
        (window(days='["sat"]', until='"2027-01-02"'), "mine.toml:4: access.freezes#1.until does not go with days"),
        (window(from_='"2027-01-02"', until='"2027-01-01"'), "access.freezes#1.until is not after from"),
        (window(from_='"2027-02-30"', until='"2027-03-01"'), "access.freezes#1.from is no time"),
        (window(from_='"0001-01-01T00:00:00+14:00"', until='"2027-03-01"'), "access.freezes#1.from is no time"),
        (window(from_="0001-01-01T00:00:00+14:00", until='"2027-03-01"'), "access.freezes#1.from is no time"),
        (window(from_='"tonight"', until='"2027-03-01"'), "access.freezes#1.from is not of the right form"),
        (window(from_="5", until='"2027-03-01"'), "access.freezes#1.from is not text"),
        (window(days='["saturday"]'), "Allowed: mon, tue, wed, thu, fri, sat, sun"),
        (window(days='"sat"'), "is not an array"),
        ('[access.lock]\nkind = "dynamodb"\n', "access.lock.table is missing: a lock of dynamodb needs it"),
        ('[access.lock]\nkind = "ssm"\n', "access.lock.parameters is missing"),
        ('[access.lock]\ntable = "locks"\n', "mine.toml:2: access.lock.table has no meaning for a lock of file"),
        ('[access.lock]\nkind = "redis"\n', "Allowed: file, dynamodb, ssm."),
        ('[access.lock]\nkind = "ssm"\nparameters = "locks"\n', "a path such as /dbconsole/locks"),
        ("[[access.approvals]]\n", "access.allowed_signers is missing: without it nobody can approve"),
        (
            '[access]\ncool_downs = { "fail over" = "8d" }\n',
            "mine.toml:2: access.cool_downs.'fail over' is out of range",
        ),
        ("[access]\npasive = true\n", "Did you mean passive?"),
    ],
)
def test_what_cannot_hold_is_refused_in_one_line(text: str, words: str) -> None:
    assert words in fault(text)


def test_an_approval_by_nobody_is_refused() -> None:
    text = '[access]\nallowed_signers = "x"\n[[access.approvals]]\n'
    assert "needed is out of range" in fault(text + "needed = 0\n")
    assert "actions is empty" in fault(text + "actions = []\n")
    assert faults(text) == []
