"""How many see this terminal, judged from what tmux and /proc say."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.terminal_sharing import ALONE, SOME, Shown, of_screen, of_tmux, shown_by, together, watchers

TMUX = {"TMUX": "/tmp/tmux-1000/default,4711,0", "TMUX_PANE": "%3"}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, Shown()),
        (TMUX, Shown("/tmp/tmux-1000/default", "%3")),
        ({**TMUX, "TMUX_PANE": "%3;kill-server"}, Shown()),
        ({"TMUX": "-Lother,1,0", "TMUX_PANE": "%3"}, Shown()),
        ({"STY": "815.pts-0.bastion"}, Shown(screen=815)),
        ({"STY": "../1"}, Shown()),
        ({**TMUX, "STY": "815.x"}, Shown("/tmp/tmux-1000/default", "%3", 815)),
        ({"TMUX": "/tmp/tmate-1000/AbC,1,0", "TMUX_PANE": "%0"}, Shown("/tmp/tmate-1000/AbC", "%0", others=True)),
        ({"UPTERM_ADMIN_SOCKET": "/home/a/.upterm/x.sock"}, Shown(others=True)),
    ],
)
def test_what_shows_it_is_read_off_the_environment(environ: dict[str, str], expected: Shown) -> None:
    assert shown_by(environ) == expected


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("P %3 $0\nC $0\n", 1),
        ("P %3 $0\n", 1),
        ("P %3 $0\nC $0\nC $0\nC $0\n", 3),
        ("P %3 $0\nP %9 $1\nC $0\nC $1\n", 1),
        ("P %3 $0\nP %3 $1\nC $0\nC $1\n", 2),
        ("P %9 $0\nC $0\n", SOME),
        ("", SOME),
    ],
    ids=["one", "detached", "three", "another session", "a grouped session", "not ours", "nothing"],
)
def test_each_client_counts_whose_session_has_the_pane(listed: str, expected: int) -> None:
    assert of_tmux(listed, "%3") == expected


def test_a_display_of_gnu_screen_is_a_terminal_that_it_has_open() -> None:
    its = ["/dev/null", "/dev/null", "socket:[5]", "/dev/ptmx", "/dev/ptmx"]
    assert of_screen(its) == ALONE
    assert of_screen([*its, "/dev/pts/1"]) == ALONE
    assert of_screen([*its, "/dev/pts/1", "/dev/pts/1", "/dev/pts/20", "/dev/tty1"]) == 3


def test_one_in_the_other_counts_whoever_is_here_once() -> None:
    assert together([]) == ALONE
    assert together([2, 3]) == 4
    assert together([2, SOME]) == SOME


def test_who_cannot_be_asked_may_show_it_to_others() -> None:
    def fails(*_: object) -> str:
        raise OSError

    def lists(*_: object) -> str:
        return "P %3 $0\nC $0\nC $0\n"

    def opened(pid: int) -> Iterable[str]:
        return ("/dev/pts/1",) * pid

    assert watchers(Shown(), fails, fails) == ALONE
    assert watchers(Shown("/s", "%3"), fails, opened) == SOME
    assert watchers(Shown(screen=1), lists, fails) == SOME
    assert watchers(Shown("/s", "%3", 1), lists, opened) == 2
    assert watchers(Shown("/s", "%3", others=True), lists, opened) == SOME


@given(st.text(), st.dictionaries(st.sampled_from(["TMUX", "TMUX_PANE", "STY", "UPTERM_ADMIN_SOCKET"]), st.text()))
def test_whatever_is_said_it_is_a_number(listed: str, environ: dict[str, str]) -> None:
    shown = shown_by(environ)
    assert watchers(shown, lambda _: listed, lambda _: [listed]) >= SOME
