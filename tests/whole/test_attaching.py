"""A second console of the same user uses the engine that runs, and says so; one that wants another has its own."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.rig.terminal import wait_until
from tests.whole.collecting import NOWHERE
from tests.whole.running import console

ESTATE = "resilient-database"
WATCH = ("watch", "-e", ESTATE)


def test_of_two_consoles_that_start_at_once_one_has_the_engine_which_stays_for_the_last(folder: Path) -> None:
    with console(folder, *WATCH, env=NOWHERE) as one, console(folder, *WATCH, env=NOWHERE) as two:
        for each in (one, two):
            each.wait_for("LIVE")
        both = [{process.name for process in each.processes()} for each in (one, two)]
        first, second = (one, two) if "dbc-engine" in both[0] else (two, one)
        assert sorted(map(len, both)) == [2, 3]
        assert [path.name for path in (folder / "runtime").iterdir()] == [ESTATE]
        file = folder / "runtime" / ESTATE / "engine.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        engine = first.pid("engine")
        assert "Attached to the engine of " in second.text()
        assert "Attached" not in first.text()
        with console(folder, *WATCH, "--read-only", env=NOWHERE) as reader:
            reader.wait_for("READ-ONLY")
            reader.wait_for(f"Attached to the engine of pid {engine}, started")
            reader.press("q")
            assert reader.status() == 0
        first.press("q")
        assert first.status() == 0
        second.wait_for_change()
        assert first.pid("engine") == engine, "the other console has a lease"
        assert "ENGINE LOST" not in second.text()
        second.press("q")
        assert second.status() == 0
        first.wait_until_alone()


def test_a_console_that_reads_elsewhere_has_its_own_engine_and_says_why(folder: Path) -> None:
    with console(folder, *WATCH, env=NOWHERE) as first:
        first.wait_for("LIVE")
        with console(folder, *WATCH, "--region", "us-east-1", env=NOWHERE) as other:
            other.wait_for("It has an engine of its own beside the engine of pid ")
            other.wait_for("another --region")
            assert other.pid("engine") != first.pid("engine")
            wait_until((folder / "runtime" / f"{ESTATE}-2" / "view.sock").is_socket, "a second socket")
