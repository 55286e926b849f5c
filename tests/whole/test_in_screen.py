"""Inside GNU screen: is it drawn there, does it go on while detached, and does it fit the size it comes back to?"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rig.dbconsole import COMMAND, ROOT, environment
from tests.rig.needs import need
from tests.rig.terminal import Terminal, wait_until
from tests.whole.away import until_time_has_passed
from tests.whole.running import ROWS, rows

ROLES = {"dbc-guard", "dbc-engine", "dbc-screen"}


class GnuScreen:
    """A session of the test's own."""

    def __init__(self, folder: Path) -> None:
        need("screen")
        sessions = folder / "screens"
        sessions.mkdir(mode=0o700)
        self.env = environment(folder, SCREENDIR=str(sessions))
        self.copy = folder / "hardcopy"

    def tell(self, *words: str) -> None:
        command = ["screen", "-S", "test", "-p", "0", "-X", *words]
        subprocess.run(command, env=self.env, check=True, timeout=10)

    @contextmanager
    def client(self, *words: str, size: tuple[int, int]) -> Iterator[Terminal]:
        with Terminal(["screen", "-U", *words], env=self.env, cwd=ROOT, size=size) as terminal:
            yield terminal

    def what_it_shows(self) -> list[str]:
        """A command that prints what is in its window, whether someone sees it or not."""
        return ["sh", "-c", f"screen -S test -p 0 -X hardcopy {self.copy} && cat {self.copy}"]


def shows_all_rows(terminal: Terminal) -> None:
    wait_until(lambda: len(rows(terminal.text())) == ROWS, lambda: f"the rows in\n{terminal.text()}", 30)


def test_it_goes_on_while_detached_and_fits_the_size_it_comes_back_to(folder: Path) -> None:
    gnu = GnuScreen(folder)
    with gnu.client("-c", "/dev/null", "-S", "test", *COMMAND, "demo", size=(120, 40)) as first:
        shows_all_rows(first)
        pids = {process.pid for process in first.processes() if process.name in ROLES}
        gnu.tell("detach")
        assert first.status() == 0
        until_time_has_passed(gnu.what_it_shows(), gnu.env)
        for size in ((80, 26), (132, 43)):
            with gnu.client("-r", "test", size=size) as again:
                again.wait_for(re.compile(rf"\A.{{{size[0] - 20},{size[0]}}}\n"))
                shows_all_rows(again)
                again.press("j", "enter")
                again.wait_for("VALUE")
                again.press("q")
                shows_all_rows(again)
                gnu.tell("detach")
                assert again.status() == 0
        assert {process.pid for process in first.processes() if process.name in ROLES} == pids


def test_q_ends_it_and_its_session(folder: Path) -> None:
    gnu = GnuScreen(folder)
    with gnu.client("-c", "/dev/null", "-S", "test", *COMMAND, "demo", size=(80, 24)) as terminal:
        shows_all_rows(terminal)
        terminal.press("q")
        assert terminal.status() == 0
        terminal.wait_until_alone()
