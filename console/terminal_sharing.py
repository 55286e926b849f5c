"""How many people see this terminal? tmux, GNU screen, tmate and upterm can show one to several, whose keys are one's.

What is read of it is judged by functions without any I/O; asking is thin: a fixed command, or a folder of /proc.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ALONE, SOME = 1, 0  # SOME: others may see it, and nobody says how many
FOLDERS = ("/usr/bin", "/usr/local/bin", "/bin", "/opt/homebrew/bin")  # never what PATH says
PATIENCE_S = 2.0
LISTED = ("list-panes", "-a", "-F", "P #{pane_id} #{session_id}", ";", "list-clients", "-F", "C #{session_id}")
_SCREEN = re.compile(r"([1-9][0-9]{0,9})\..*")  # STY: the process, then a name
_PANE = re.compile(r"%[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Shown:
    """By what the terminal is drawn that this one is in; empty where nothing of the sort is known of."""

    tmux: str = ""  # its socket
    pane: str = ""
    screen: int = 0  # its process
    others: bool = False  # something that exists to let others in: tmate, upterm

    @property
    def may_be_shared(self) -> bool:
        return bool(self.tmux or self.screen or self.others)


def shown_by(environ: Mapping[str, str]) -> Shown:
    socket, pane = environ.get("TMUX", "").split(",")[0], environ.get("TMUX_PANE", "")
    in_tmux = socket.startswith("/") and _PANE.fullmatch(pane) is not None
    found = _SCREEN.fullmatch(environ.get("STY", ""))
    lets_in = bool(environ.get("UPTERM_ADMIN_SOCKET")) or "/tmate" in socket
    screen = int(found[1]) if found else 0
    return Shown(socket, pane, screen, lets_in) if in_tmux else Shown(screen=screen, others=lets_in)


def of_tmux(listed: str, pane: str) -> int:
    """Clients whose session has the pane's window, whether it is in front of them or not: one key brings it there.

    Those that may only look count as well. While it is detached nobody is there, which is as if one were.
    """
    rows = [line.split(" ") for line in listed.splitlines()]
    sessions = {row[2] for row in rows if row[0] == "P" and row[1:2] == [pane]}
    if not sessions:
        return SOME  # an answer that does not know us
    return max(ALONE, sum(row[0] == "C" and row[1] in sessions for row in rows))


def of_screen(opened: Iterable[str]) -> int:
    """Each display is a terminal that GNU screen has open; its windows' own terminals it knows by their other end."""
    return max(ALONE, len({path for path in opened if re.fullmatch(r"/dev/(pts/[0-9]+|tty[A-Za-z]*[0-9]+)", path)}))


def together(counts: Iterable[int]) -> int:
    """Of several around each other; whoever is here counts once."""
    found = tuple(counts)
    return SOME if SOME in found else ALONE + sum(count - ALONE for count in found)


def watchers(shown: Shown, run: Callable[[Shown], str], opened: Callable[[int], Iterable[str]]) -> int:
    """How many see it, with whoever is here. ``run`` and ``opened`` raise OSError where they cannot tell: SOME."""
    if shown.others:
        return SOME
    try:
        of_tmuxs = [of_tmux(run(shown), shown.pane)] if shown.tmux else []
        of_screens = [of_screen(opened(shown.screen))] if shown.screen else []
    except OSError:
        return SOME
    return together([*of_tmuxs, *of_screens])


def ask_tmux(shown: Shown) -> str:
    """Blocks, for two seconds at most. No shell, no PATH, and of the environment nothing."""
    program = next((path for folder in FOLDERS if os.access(path := f"{folder}/tmux", os.X_OK)), None)
    if program is None:
        raise OSError("there is no tmux where programs are")
    try:
        asked = subprocess.run(
            [program, "-S", shown.tmux, *LISTED],
            env={"LC_ALL": "C"}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
            timeout=PATIENCE_S,
        )  # fmt: skip
    except (subprocess.SubprocessError, UnicodeError) as failed:
        raise OSError(str(failed)) from failed
    return asked.stdout


def open_files(pid: int) -> tuple[str, ...]:
    """Of a process, by what they are called."""
    folder = Path(f"/proc/{pid}/fd")
    return tuple(os.readlink(folder / name) for name in os.listdir(folder))
