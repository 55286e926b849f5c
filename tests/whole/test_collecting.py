"""An engine without a screen: it says where it is, is attached to, outlives its terminal, and ends in order."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
from pathlib import Path

from tests.rig.dbconsole import environment, run
from tests.rig.terminal import wait_until
from tests.whole.collecting import NOWHERE, collecting
from tests.whole.running import SHOWN, console, one_line, said_at_the_end

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


def test_what_it_collects_is_viewed_by_its_own_broker_with_the_command_that_it_tells(folder: Path) -> None:
    with collecting(folder, "-e", ESTATE, "--share", "embedded", **NOWHERE) as service:
        told = re.search(r", shared at mqtt://viewer@127\.0\.0\.1:\d+/\S+ \(`dbconsole (view .*)`\)$", service.line())
        assert told is not None
        env = environment(folder)
        seen = wait_until(lambda: once(told[1], env), "the estate", 60)
        assert json.loads(seen)["estate"] == ESTATE
        with console(folder, "watch", "-e", ESTATE, "--share", "mqtt://localhost", env=NOWHERE) as other:
            assert other.status() == 3
            one_line(said_at_the_end(other), "`--share` changes nothing about it", "it shares at embedded")
        engine = service.engine()
        os.kill(engine, signal.SIGKILL)
        service.engine(other_than=engine)
        assert wait_until(lambda: once(told[1], env), "the same, by the same address and password", 60)
        service.process.terminate()
        assert service.process.wait(20) == 0
        assert {path.name for path in (folder / "runtime" / ESTATE).iterdir()} == {"engine.json"}


def once(command: str, env: dict[str, str]) -> str:
    done = run(*shlex.split(command), "--once", "--json", env=env)
    return done.stdout if done.returncode == 0 else ""
