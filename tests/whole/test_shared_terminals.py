"""A terminal that several see, by a real tmux and a real GNU screen: does the head say how many?"""

from __future__ import annotations

from pathlib import Path

from tests.rig.dbconsole import COMMAND
from tests.rig.terminal import Terminal, wait_until
from tests.whole.test_in_screen import GnuScreen, shows_all_rows
from tests.whole.test_in_tmux import Tmux


def head(terminal: Terminal) -> str:
    return terminal.text().splitlines()[0]


def says(terminal: Terminal, words: str) -> None:
    wait_until(lambda: words in head(terminal), lambda: f"{words!r} in {head(terminal)!r}", 60)


def says_nothing(terminal: Terminal) -> None:
    wait_until(lambda: "SHARED" not in head(terminal), lambda: f"no sharing in {head(terminal)!r}", 60)


def test_in_tmux_each_client_counts_of_whatever_size_and_also_one_that_may_only_look(folder: Path) -> None:
    tmux = Tmux(folder)
    with tmux.demo() as first, tmux.client("attach-session", "-r", size=(100, 30)) as looks:
        says(first, "SHARED TTY: 2 watching")
        first.press("S")
        first.wait_for("Type billing shared")
        first.press("esc")
        with tmux.client("new-session", "-t", "0", "-s", "beside", size=(110, 35)) as beside:
            says(beside, "SHARED TTY: 3 watching")
            tmux.tell("kill-session", "-t", "beside")
            beside.status()
        clients = tmux.tell("list-clients", "-F", "#{client_readonly} #{client_name}").splitlines()
        (only_looks,) = (name for is_so, name in map(str.split, clients) if is_so == "1")
        tmux.tell("detach-client", "-t", only_looks)
        assert looks.status() == 0
        says_nothing(first)
        first.press("q")
        assert first.status() == 0


def test_in_gnu_screen_each_display_counts(folder: Path) -> None:
    gnu = GnuScreen(folder)
    with gnu.client("-c", "/dev/null", "-S", "test", *COMMAND, "demo", size=(120, 40)) as first:
        shows_all_rows(first)
        says_nothing(first)
        with gnu.client("-x", "test", size=(120, 40)) as second:
            says(second, "SHARED TTY: 2 watching")
            gnu.tell("quit")
            second.status()
        first.status()
