"""What is kept is kept once for several looks, on disk and for its owner alone; what cannot be kept is tried again."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console.actions.flushes.plan_saving import BAD_FOR, GOOD_FOR, Survey, Surveys, nowhere
from console.actions.flushes.scope import scope
from console.audit import evidence
from console.audit.folder import strangers
from tests.actions.flushes.plan_cases import InProcess, server
from tests.actions.given import NOW, TARGET

ALL = replace(TARGET, scope="all-plans")


class Kept:
    """What was kept, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[bytes] = []

    async def keep(self, told: bytes) -> str:
        self.told.append(told)
        return evidence.keep(self.folder, told)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "audit")


async def survey(surveys: Surveys, after: timedelta = timedelta(0), **otherwise: object) -> Survey:
    return await surveys.of(InProcess(server(**otherwise)), ALL, scope("all-plans"), NOW + after)


async def test_several_looks_of_a_few_minutes_keep_it_once(kept: Kept) -> None:
    surveys = Surveys(kept.keep)
    first = await survey(surveys)
    assert (first.plans, first.saved, first.unsaved) == (3, 3, None)
    assert await survey(surveys, GOOD_FOR - timedelta(seconds=1)) is first
    assert surveys.known(ALL) is first
    assert await survey(surveys, GOOD_FOR) is not first
    assert len(kept.told) == 2


async def test_what_could_not_be_kept_is_tried_again_soon() -> None:
    surveys = Surveys(nowhere)
    first = await survey(surveys)
    assert first.unsaved is not None
    assert await survey(surveys, BAD_FOR - timedelta(seconds=1)) is first
    assert await survey(surveys, BAD_FOR) is not first


async def test_plans_that_may_not_be_seen_are_not_kept_and_are_counted_all_the_same(kept: Kept) -> None:
    found = await survey(Surveys(kept.keep), knows_xml=False)
    assert found.unsaved is not None
    assert found.plans == 3


async def test_it_lies_beside_the_audit_under_its_hash_for_its_owner_alone(kept: Kept) -> None:
    found = await survey(Surveys(kept.keep))
    digest = found.evidence.removeprefix("sha256:")
    file = kept.folder / "evidence" / digest
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == kept.told[0]
    assert strangers(kept.folder) == []


def test_a_folder_that_others_may_enter_keeps_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(Trouble, match="cannot be kept"):
        evidence.keep(tmp_path, b"{}")


def test_a_disk_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "evidence").mkdir(mode=0o700)
    (tmp_path / "evidence" / hashlib.sha256(b"{}").hexdigest()).mkdir()
    with pytest.raises(Trouble, match="The evidence cannot be written") as met:
        evidence.keep(tmp_path, b"{}")
    assert met.value.seen
