"""An engine without a screen: it says where it is, is attached to, outlives its terminal, and ends in order."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.rig.dbconsole import environment, run
from tests.rig.terminal import wait_until
from tests.whole.collecting import NOWHERE, collecting
from tests.whole.running import SHOWN, console, one_line

ESTATE = "resilient-database"


def test_a_console_attaches_to_what_collects_sees_its_engine_come_back_and_is_told_of_its_end(folder: Path) -> None:
    with collecting(folder, "--demo") as service:
        assert service.line() == f"dbconsole collects {ESTATE}: {folder / 'runtime' / ESTATE / 'view.sock'}\n"
        engine = service.engine()
        again = run("collect", "--demo", env=environment(folder))
        assert again.returncode == 3
        one_line(again.stderr, f"An engine of {ESTATE} runs already.", f"pid {engine}", "`dbconsole demo")
        with console(folder, "demo") as attached:
            attached.wait_for(f"Attached to the engine of pid {engine}, started")
            attached.wait_for(SHOWN)
            assert {each.name for each in attached.processes()} == {"dbc-guard", "dbc-screen"}
            os.kill(engine, signal.SIGKILL)
            said = service.complaint()
            assert said.startswith("dbconsole: The engine ended by SIGKILL; it is started again in 1 s. Its log is /")
            attached.wait_for("ENGINE LOST")
            service.engine(other_than=engine)
            wait_until(lambda: "ENGINE LOST" not in attached.text(), attached.text, 60)
            service.process.terminate()
            assert service.process.wait(20) == 0
            service.wait_until_alone()
            attached.wait_for("nobody will start it again")
            attached.press("q")
            assert attached.status() == 0


def test_it_outlives_its_terminal_and_ends_with_0_when_told(folder: Path) -> None:
    with console(folder, "collect", "-e", ESTATE, env=NOWHERE) as terminal:
        terminal.wait_for(f"dbconsole collects {ESTATE}: ")
        guard, engine = terminal.pid("collect"), terminal.pid("engine")
        terminal.hang_up()
        os.kill(guard, signal.SIGHUP)
        os.kill(guard, signal.SIGINT)
        assert terminal.status() == 0, "what follows INT would have come after HUP"
        terminal.wait_until_alone()
        log = (folder / "state" / "engines" / ESTATE / "engine.log").read_text()
        assert f"engine {engine} of {ESTATE}" in log


def test_a_collector_whose_keeper_was_killed_leaves_nothing_behind(folder: Path) -> None:
    with collecting(folder, "-e", ESTATE, **NOWHERE) as service:
        service.line()
        service.process.kill()
        service.wait_until_alone()


def test_what_is_not_heard_or_cannot_be_is_refused_in_a_line(folder: Path) -> None:
    for arguments, part in (
        (("--demo", "--profile", "x"), "`--profile` is about AWS"),
        (("--speed", "4"), "`--speed` is about the embedded estate"),
        (("-e", "nonexistent"), "nonexistent"),
    ):
        done = run("collect", *arguments, env=environment(folder))
        assert (done.returncode, done.stdout) == (3, "")
        one_line(done.stderr, part)
