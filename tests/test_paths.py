"""Files go where XDG says, and never into a directory that another user could have laid out."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console import paths
from tests.guard.program import ROOT

KINDS = ("CONFIG", "STATE", "CACHE", "RUNTIME")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [*(f"DBCONSOLE_{kind}_DIR" for kind in KINDS), "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    (tmp_path / "run").mkdir(mode=0o700)


def test_without_any_setting_files_go_below_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert paths.state_dir() == (home / ".local/state/dbconsole", "")
    assert paths.runtime_dir() == tmp_path / "run/dbconsole"


def test_xdg_moves_them_and_our_own_variables_have_the_last_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    assert paths.state_dir() == (tmp_path / "xdg/dbconsole", "")
    monkeypatch.setenv("DBCONSOLE_STATE_DIR", str(tmp_path / "own"))
    assert paths.state_dir() == (tmp_path / "own", "")


def test_a_relative_xdg_directory_is_ignored_as_the_standard_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "state")
    assert paths.state_dir() == (tmp_path / "home/.local/state/dbconsole", "")


def test_without_home_the_password_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    assert paths.state_dir() == (Path(pwd.getpwuid(os.getuid()).pw_dir) / ".local/state/dbconsole", "")


def test_without_home_or_an_entry_one_line_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)  # a container's user that nobody knows
    path, why = paths.state_dir()
    assert path is None
    assert why.startswith("There is no home directory.")
    assert "user 4000000" in why
    assert why.endswith("Set HOME or XDG_STATE_HOME.")


def test_a_state_directory_that_cannot_be_made_is_told_and_not_thrown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DBCONSOLE_STATE_DIR", str(tmp_path / "file" / "state"))
    path, why = paths.state_dir()
    assert path is None
    assert re.fullmatch(r"State and logs cannot be kept\. \(.*Not a directory\) Set DBCONSOLE_STATE_DIR to .*\.", why)


def test_a_read_only_state_directory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        monkeypatch.setenv("DBCONSOLE_STATE_DIR", folder)
        assert "is not writable" in by_who_is_not_root(lambda: paths.state_dir()[1])


def by_who_is_not_root(ask: Callable[[], str]) -> str:
    """The answer in a process that may not write anywhere: root may."""
    answer, say = os.pipe()
    if os.fork() == 0:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        os.write(say, ask().encode())
        os._exit(0)
    os.close(say)
    with open(answer, encoding="utf-8") as said:
        return said.read()


def test_a_runtime_directory_that_others_may_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    monkeypatch.setenv("DBCONSOLE_RUNTIME_DIR", str(shared))
    with pytest.raises(Trouble, match="cannot be used") as caught:
        paths.runtime_dir()
    assert caught.value.seen == "others may write to it: mode 0777"
    assert caught.value.mend == f"Run `chmod 700 {shared}`."


def test_a_runtime_directory_behind_a_symbolic_link_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv("DBCONSOLE_RUNTIME_DIR", str(tmp_path / "link"))
    with pytest.raises(Trouble) as caught:
        paths.runtime_dir()
    assert caught.value.seen == "it is a symbolic link"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_runtime_directory_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 65534, 65534)
    monkeypatch.setenv("DBCONSOLE_RUNTIME_DIR", str(tmp_path / "theirs"))
    with pytest.raises(Trouble) as caught:
        paths.runtime_dir()
    assert caught.value.seen == f"it belongs to {pwd.getpwuid(65534).pw_name}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_after_sudo_the_callers_runtime_directory_is_not_used(tmp_path: Path) -> None:
    os.chown(tmp_path / "run", 65534, 65534)
    assert paths.runtime_dir() == Path("/tmp/dbconsole-0")


def test_two_engines_of_an_estate_get_two_directories_and_a_dead_ones_is_used_again(tmp_path: Path) -> None:
    runtime = tmp_path / "run/dbconsole"
    with _claimed() as first, _claimed() as second:
        assert (first, second) == (runtime / "shop", runtime / "shop-2")
        assert paths.sessions() == (runtime / "shop", runtime / "shop-2")
        assert (runtime / "shop").stat().st_mode & 0o777 == 0o700
    assert paths.sessions() == ()
    assert paths.claim_session("shop").path == runtime / "shop"


def test_a_claim_outlives_the_process_that_made_it_in_its_forks(tmp_path: Path) -> None:
    """So the engine keeps its directory when the guard has gone."""
    with _claimed(then="if os.fork(): os._exit(0)"):
        assert paths.sessions() == (tmp_path / "run/dbconsole/shop",)
    assert paths.sessions() == ()


@pytest.mark.parametrize("name", ["../../etc", ".", "..", "", "a/b", "prod eu", "für", "x\x00y"])
def test_no_name_of_an_estate_leads_out_of_the_runtime_directory(name: str, tmp_path: Path) -> None:
    path = paths.claim_session(name).path
    assert path.parent == tmp_path / "run/dbconsole"
    assert path.resolve() == path


def test_a_socket_path_that_is_too_long_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBCONSOLE_RUNTIME_DIR", str(tmp_path / ("long" * 20)))
    with pytest.raises(Trouble, match="too long") as caught:
        paths.claim_session("shop")
    assert "107" in caught.value.seen
    assert "DBCONSOLE_RUNTIME_DIR" in caught.value.mend


@contextmanager
def _claimed(then: str = "") -> Iterator[Path]:
    """The directory that another process has claimed, for as long as the context lasts."""
    script = (
        "import os, sys\nfrom console.paths import claim_session\n"
        f"path = claim_session('shop').path\n{then}\nprint(path, flush=True)\nsys.stdin.read()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Path(process.stdout.readline().strip())
        process.stdin.close()
        assert process.stdout.read() == "", "read to the end: until each fork of it is gone"
