"""What a viewer believes of an environment that somebody else may have sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import Trouble
from console.believed import PATH, believe_no_more, believed
from tests.rig.dbconsole import environment, run

NEEDED = {
    "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "de_DE.UTF-8", "LC_CTYPE": "C.UTF-8", "HOME": "/home/a",
    "XDG_RUNTIME_DIR": "/run/user/1000", "SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22", "TZ": "Europe/Berlin",
    "DBCONSOLE_RUNTIME_DIR": "/run/dbconsole",
}  # fmt: skip
HOSTILE = (
    "TEXTUAL_DRIVER", "TEXTUAL_LOG", "TEXTUAL_SCREENSHOT", "TEXTUAL_PRESS", "TEXTUAL_DEVTOOLS_HOST", "TEXTUAL",
    "PYTHONPATH", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT", "PYTHONWARNINGS", "PYTHONHOME", "LD_PRELOAD",
    "LD_LIBRARY_PATH", "LD_AUDIT", "SSLKEYLOGFILE", "OPENSSL_CONF", "GCONV_PATH", "LOCPATH", "TERMINFO", "BASH_ENV",
    "TERMINFO_DIRS", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "EDITOR", "BROWSER", "COLUMNS", "SSH_ORIGINAL_COMMAND",
    "ODBCSYSINI", "PGSERVICEFILE", "HTTPS_PROXY",
)  # fmt: skip


def test_what_a_viewer_needs_is_kept_and_nothing_else() -> None:
    environ = NEEDED | dict.fromkeys(HOSTILE, "/tmp/evil")
    believe_no_more(environ)
    assert environ == NEEDED | {"PATH": PATH}


@pytest.mark.parametrize("value", ["../../etc/passwd", "/tmp/x", "a b", "C\nX", "a;b", "$(id)", "", "x" * 65])
def test_what_should_be_a_word_and_is_none_is_dropped(value: str) -> None:
    assert believed({"LANG": value, "LC_ALL": value, "COLORTERM": value, "TZ": value}) == {"PATH": PATH}


@given(st.dictionaries(st.text(min_size=1), st.text()).filter(lambda found: "TERM" not in found))
def test_whatever_was_sent_it_is_safe_to_read_and_asking_twice_changes_nothing(environ: dict[str, str]) -> None:
    once = believed(environ)
    assert believed(once) == once
    assert not [name for name in once if name.startswith(("TEXTUAL", "PYTHON", "LD_", "AWS_"))]


@pytest.mark.parametrize("term", ["../../../etc/passwd", "\x1b]0;x\x07", "xterm;id", "-x", "x" * 80])
def test_a_hostile_term_is_refused(term: str) -> None:
    with pytest.raises(Trouble, match="TERM is not the name of a terminal"):
        believed({"TERM": term})


def test_it_is_told_in_one_line_that_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    said = run("view", "nowhere", env=environment(tmp_path, TERM="\x1b]0;x\x07"))
    assert said.returncode == 3
    assert said.stderr.startswith("dbconsole: TERM is not the name of a terminal.")
    assert said.stderr.count("\n") == 1
    assert "\x1b" not in said.stderr
