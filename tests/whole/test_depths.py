"""What is really written to a terminal of few colours, and what becomes of a looks file there?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig.battery import some
from tests.rig.terminal import Terminal
from tests.whole.running import console, demo, said_at_the_end

SGR = re.compile(rb"\x1b\[([\d;]*)m")
BASIC = {*range(30, 38), *range(40, 48)}
BRIGHT = {*range(90, 98), *range(100, 108)}


def colours(output: bytes) -> Iterator[tuple[int, ...]]:
    """Each colour that was asked for: (31,), (38, 5, 203), (38, 2, 255, 0, 0)."""
    for match in SGR.finditer(output):
        codes = iter([int(code or 0) for code in match[1].split(b";")])
        for code in codes:
            if code in (38, 48):
                kind = next(codes)
                yield (code, kind, *(next(codes) for _ in range(1 if kind == 5 else 3)))
            elif code in BASIC | BRIGHT:
                yield (code,)


def walk(terminal: Terminal) -> bytes:
    """All that is written while somebody looks at several screens and leaves."""
    for key, words in (("3", "VALUE"), ("2", "BACKUPS"), ("5", "COLLECTOR"), ("1", "RESOURCE")):
        terminal.press(key)
        terminal.wait_for(words)
    terminal.press("q")
    assert terminal.status() == 0
    return terminal.output


CASES: list[tuple[dict[str, str | None], tuple[str, ...], str]] = [
    ({"TERM": "linux"}, (), "8"),
    ({"TERM": "linux"}, ("--theme", "high-contrast"), "8"),
    ({}, ("--color", "8", "--theme", "tritanopia"), "8"),
    ({}, ("--color", "16", "--theme", "high-contrast"), "16"),
    ({}, ("--theme", "dark"), "256"),
    ({}, ("--theme", "high-contrast"), "256"),
    ({"COLORTERM": "truecolor"}, ("--theme", "deuteranopia"), "true"),
    ({"NO_COLOR": "1"}, ("--theme", "high-contrast"), "none"),
    ({"NO_COLOR": "1"}, ("--color", "16", "--theme", "high-contrast"), "16"),
    ({"TERM": "vt100"}, (), "none"),
    ({"COLORTERM": "truecolor"}, (), "16"),  # the terminal's own theme needs no more
]


@pytest.mark.parametrize(("env", "arguments", "allowed"), some(CASES, 7))
def test_a_terminal_is_sent_only_colours_that_it_has(
    folder: Path, env: dict[str, str | None], arguments: tuple[str, ...], allowed: str
) -> None:
    with demo(folder, *arguments, env=env) as terminal:
        sent = set(colours(walk(terminal)))
    single = {colour[0] for colour in sent if len(colour) == 1}
    kinds = {colour[1] for colour in sent if len(colour) > 1}
    assert single <= {"none": set(), "8": BASIC}.get(allowed, BASIC | BRIGHT), sent
    assert kinds == {"256": {5}, "true": {2}}.get(allowed, set()), sent
    assert bool(sent) == (allowed != "none")
    if allowed == "16" and "high-contrast" in arguments:
        assert single & BRIGHT, "or the 8 above would prove nothing"


@pytest.mark.parametrize("switch", [{"DBCONSOLE_THRIFT": "0"}])
def test_without_our_own_painting_the_colours_are_the_same(folder: Path, switch: dict[str, str | None]) -> None:
    with demo(folder, "--color", "8", "--theme", "high-contrast", env=switch) as terminal:
        sent = set(colours(walk(terminal)))
    assert {colour[0] for colour in sent} <= BASIC
    assert sent


def looks(folder: Path, text: str) -> Path:
    path = folder / "config" / "console.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_wrong_looks_file_is_one_line_and_status_3(folder: Path) -> None:
    path = looks(folder, '# mine\ntheme = "drak"\n')
    with console(folder, "demo") as terminal:
        assert terminal.status() == 3
        said = "".join(said_at_the_end(terminal).split())
    assert f"dbconsole:{path}:2:themeisnotawordknownhere.('drak')Didyoumeandark?" in said
    assert b"\x1b[?1049h" not in terminal.output, "the terminal was not even taken"


def test_a_looks_file_is_read_from_xdgs_folder_and_again_while_it_runs(folder: Path) -> None:
    home = folder / "elsewhere"
    looks(folder, 'theme = "drak"\n')  # not this one
    mine = home / "dbconsole" / "console.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text('[keys]\n"app.help" = "x"\n', encoding="utf-8")
    with demo(folder, env={"XDG_CONFIG_HOME": str(home), "DBCONSOLE_CONFIG_DIR": None}) as terminal:
        terminal.wait_for("x:Help")
        mine.write_text('[keys]\n"app.help" = "W"\n', encoding="utf-8")
        terminal.wait_for("W:Help")
        terminal.press("W")
        terminal.wait_for("Everywhere")


MOUSE_ON, MOUSE_OFF = b"\x1b[?1000h", b"\x1b[?1000l"


@pytest.mark.parametrize(
    ("env", "arguments", "taken"),
    [
        ({}, (), True),
        ({"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, (), False),
        ({"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, ("--mouse",), True),
        ({}, ("--no-mouse",), False),
    ],
)
def test_the_mouse_is_not_taken_over_ssh_unless_it_is_asked_for(
    folder: Path, env: dict[str, str | None], arguments: tuple[str, ...], *, taken: bool
) -> None:
    with demo(folder, *arguments, env=env) as terminal:
        assert (MOUSE_ON in terminal.output) is taken


def test_the_mouse_is_given_back_as_soon_as_the_file_says_so(folder: Path) -> None:
    with demo(folder) as terminal:
        looks(folder, "mouse = false\n")
        terminal.wait_for("read again")
        assert MOUSE_OFF in terminal.output
