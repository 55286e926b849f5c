"""The screen of backups: what is wrong comes first, every list is reached, a day is chosen, at every size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from collectors.errors import Denied
from collectors.inside.backups import Copy, Kind, Outcome
from collectors.job import Job
from collectors.readings import Described, ResourceId
from collectors.safe import Safe, sanitise
from console.environment import SymbolSet
from console.protocol.meta import Objective, Tier
from console.screen.inside.backup_sections import Section
from console.screen.trail import Place
from tests.rig.counted import CountedApp, cost, cost_of_nothing
from tests.rig.screens import SIZES, SPLIT
from tests.rig.stage import Seen, screen
from tests.screen.inside.backed_up import AT, FROZEN, HOUR, MINUTE, ORDERS, copy, inside, status, well
from tests.screen.test_bytes import KEY, OPENED
from tests.screen.test_collectors import Broken
from tests.screen.test_snapshots import compare_in, sheet

SNAPSHOTS = Path(__file__).parent / "snapshots"
TIERS = (
    Tier(name="daily", every_s=86_400, keep_s=7 * 86_400, source="automated", engines=("sqlserver-*",)),
    Tier(name="weekly", every_s=7 * 86_400, keep_s=84 * 86_400, source="any"),
    Tier(name="monthly", every_s=None, keep_s=366 * 86_400, source="aws-backup"),
    Tier(name="caches", every_s=86_400, keep_s=86_400, source="any", engines=("redis",)),
)
OBJECTIVES = (
    Objective(name="rpo", value="backup.rpo_s", bound=900, above=True, engines=("sqlserver-*",)),
    Objective(name="rto", value="rto", bound=1800, above=True),
    Objective(name="tried", value="restore-proof-age", bound=14 * 86_400, above=True),
)


async def opened(seen: Seen, about: str = ORDERS) -> str:
    seen.app.go(Place("backups", sanitise(about)))
    return await seen.until(lambda text: "Backups" in strip_of(text) and about in strip_of(text))


def strip_of(text: str) -> str:
    """The line that names the screens; a screen that is just being opened has none yet."""
    return "".join(text.split("\n")[1:2])


def declare(seen: Seen) -> None:
    """As the profile would have it."""
    core = seen.engine.core
    core._identity = replace(core._identity, tiers=TIERS, objectives=OBJECTIVES)
    core.publisher.want_meta()


async def to(seen: Seen, section: Section) -> str:
    """By its key, until its name is marked."""
    for _ in Section:
        shown = seen.app.screen._section  # type: ignore[attr-defined]
        if shown is section:
            return seen.text
        await seen.press("o")
    raise AssertionError(f"no key leads to {section}")


@pytest.mark.parametrize("size", [*SIZES, SPLIT])
async def test_it_can_be_read_at_each_size(size: tuple[int, int], tmp_path: Path) -> None:
    async with screen(tmp_path, size) as seen:
        declare(seen)
        seen.engine.say(*FROZEN, status(behind=47 * MINUTE))
        await opened(seen)
        await seen.until(lambda text: "objective 15m: missed" in text and "[11]" in text)
        await seen.until_still()
        compare_in(SNAPSHOTS, f"backups-frozen-{size[0]}x{size[1]}", await sheet(seen))


@pytest.mark.parametrize("section", [each for each in Section if each is not Section.DAYS])
async def test_each_list_at_the_usual_size(section: Section, tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        declare(seen)
        seen.engine.say(*FROZEN, status(behind=47 * MINUTE))
        await opened(seen)
        await seen.until(lambda text: "Tiers 3" in text and "objective 15m: missed" in text)
        await to(seen, section)
        await seen.until_still()
        compare_in(SNAPSHOTS, f"backups-{section.value.lower()}-80x24", await sheet(seen))


async def test_without_any_sign_but_ascii(tmp_path: Path) -> None:
    async with screen(tmp_path, SPLIT, symbols="ascii", colours="none") as seen:
        seen.engine.say(*FROZEN)
        await opened(seen)
        text = await seen.until(lambda text: "xF!D" in text)
        assert text.isascii()
        assert "archive is OFFLINE" in text


@pytest.mark.parametrize("symbols", ["braille", "block", "ascii"])
async def test_where_all_is_well_nothing_is_said_to_be_wrong(symbols: SymbolSet, tmp_path: Path) -> None:
    async with screen(tmp_path, symbols=symbols) as seen:
        declare(seen)
        core = seen.engine.core
        core._identity = replace(core._identity, tiers=TIERS[:2], objectives=OBJECTIVES[:1])
        seen.engine.say(well(), inside(), status())
        await opened(seen)
        text = await seen.until(lambda text: "objective 15m: held" in text and "Tiers 2" in text)
        assert "4m would be lost by restoring now (achieved RPO)" in text
        assert " Wrong  " in text
        assert not [line for line in seen.lines if line.startswith((" !", "!"))]
        assert "restore proved 20d ago, took 41m" in text


async def test_a_day_is_chosen_and_its_copies_are_told(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        seen.engine.say(*FROZEN)
        await opened(seen)
        await seen.until(lambda text: "job-2026-03-11" in text)
        await seen.press("h")
        await seen.until(lambda text: "rds:orders-2026-03-10" in text and "job-2026-03-11" not in text)
        await seen.press("h", "h")
        await seen.until(lambda text: "2026-03-08: a snapshot was due in its window, and none was taken." in text)
        await seen.press("k", "k")
        await seen.until(lambda text: "2026-02-22: no copy is kept of it, and none was expected." in text)
        await seen.press("G")
        await seen.until(lambda text: "job-2026-03-11" in text)


async def test_the_keys_go_through_every_list_and_back(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        seen.engine.say(*FROZEN)
        await opened(seen)
        await seen.until(lambda text: "Wrong 8" in text)
        was = []
        for _ in Section:
            was.append(seen.app.screen._section)  # type: ignore[attr-defined]
            await seen.press("o")
        assert was == list(Section)
        await seen.until(lambda text: "[11]" in text)
        await seen.press("O")
        await seen.until(lambda text: "backup.rpo_s" in text and "[11]" not in text)


async def test_tab_goes_on_to_the_next_screen_about_it_and_a_cache_has_only_its_own(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        await opened(seen)
        await seen.press("tab")
        await seen.until(lambda text: "Signal" in text or "ms/s waited" in text)
        await seen.press("shift+tab")
        await seen.until(lambda text: "Days" in text and "would be lost by restoring" in text)
        await opened(seen, "sessions-001")
        text = await seen.until(lambda text: "sessions-001" in text and "Memory" not in strip_of(text))
        assert "Databases" not in text


async def test_it_is_reached_by_name_and_from_the_tile(tmp_path: Path) -> None:
    async with screen(tmp_path, (120, 40)) as seen:
        seen.engine.say(*FROZEN)
        seen.app.go(Place("board", ORDERS))
        await seen.until(lambda text: "archive is OFFLINE" in text and "BACKUPS" in text)
        await seen.press("colon", *"backups", "enter")
        await seen.until(lambda text: "Wrong 8" in text)
        await seen.press("escape")
        await seen.until(lambda text: "BACKUPS" in text)
        await seen.press("tab", "tab", "tab", "enter")
        await seen.until(lambda text: "Wrong 8" in text)


async def test_what_is_not_known_is_said_to_be_so_and_a_proxy_is_not_backed_up(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        proxy = ResourceId(Safe("front"))
        words = (Safe(""), Safe("active"), Safe(""), Safe("eu-west-1"), Safe("111122223333"))
        seen.engine.say(Described(proxy, AT, Safe("balancer"), Safe("alb"), *words))
        await seen.until(lambda text: "front" in text)
        seen.app.go(Place("backups", Safe("front")))
        await seen.until(lambda text: "Not applicable to a balancer: nothing of it is backed up." in text)
        seen.app.go(Place("backups", Safe("orders-replica-1")))
        await seen.until(lambda text: "orders-replica-1" in text)
        seen.engine.say(well(about=ResourceId(Safe("orders-replica-1")), kept_by=Safe("orders-primary"), copies=()))
        await seen.until(lambda text: "Backed up in its stead: orders-primary." in text)
        assert not [line for line in seen.lines if line.startswith(" !")]


class Refused(Broken):
    name = "backups-inside"


async def test_what_the_database_refuses_is_said_above_what_aws_told(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        schedule = seen.engine.core.schedule
        schedule.drop("backups-inside", ORDERS)
        schedule.add(Refused(Denied("It may not ask.", grant="SELECT on msdb.dbo.backupset", mend="Grant it.")), ORDERS)
        await schedule.one_pass(Job("backups-inside", ORDERS))
        seen.engine.say(well())
        await opened(seen)
        text = await seen.until(lambda text: "backups-inside is denied" in text and "SELECT on msdb" in text)
        assert "would be lost by restoring now" in text


async def test_until_the_lists_are_told_nothing_is_said_to_be_well(tmp_path: Path) -> None:
    async with screen(tmp_path, (80, 24)) as seen:
        await opened(seen)
        await seen.until(lambda text: "which copies there are of it has not been told" in text)
        await to(seen, Section.WRONG)
        text = await seen.until(lambda text: "whether anything is wrong" in text)
        assert "Nothing is wrong" not in text


async def test_an_engine_that_is_lost_leaves_what_it_told_and_says_so(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        seen.engine.say(*FROZEN)
        await opened(seen)
        await seen.until(lambda text: "Wrong 8" in text)
        (tmp_path / "control.sock").unlink()
        await seen.engine.vanish()
        text = await seen.until(lambda text: "The engine is lost" in text)
        assert "archive is OFFLINE" in text


async def test_a_name_made_to_do_harm_is_shown_as_text(tmp_path: Path) -> None:
    async with screen(tmp_path) as seen:
        evil = replace(copy(AT - HOUR, Kind.MANUAL, Outcome.FAILED), name=sanitise("[red]a\x1b[2J\u202e"))
        seen.engine.say(well(copies=(replace(evil, why=sanitise("[b]no\x07")),)))
        await opened(seen)
        text = await seen.until(lambda text: "[red]a" in text and "[b]no" in text)
        assert "\x1b" not in text


async def test_it_keeps_to_its_budget_of_bytes_with_all_that_it_may_show(tmp_path: Path) -> None:
    many: tuple[Copy, ...] = tuple(copy(AT - n * HOUR, Kind.NATIVE, database=Safe("orders")) for n in range(35 * 24))
    async with screen(tmp_path, (120, 40), make=CountedApp) as seen:
        declare(seen)
        aws, own = FROZEN
        seen.engine.say(aws, replace(own, copies=many), status(behind=47 * MINUTE))
        await seen.until_still()
        assert 0 < await cost(seen, "colon", *"backups", "enter") < OPENED
        for key in ("h", "k", "o", "j", "O"):
            typed = await cost(seen, key)
            assert typed < KEY, f"{key}: {typed} bytes"
        assert await cost_of_nothing(seen) == 0
