"""`./dev`: sets up once, survives what interrupts it, and becomes the program.

What it would download is a lock of one tiny package that is made here, so that no test needs a network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.guard.program import ROOT
from tests.rig.terminal import wait_until

SAY_WHERE = "import os, sys, tiny; print('ran', tiny.WORD, os.getcwd(), *sys.argv[1:])\n"


class Tree:
    """A copy of the project that is small: the script, locks of one package, and a `console` that says where it is."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.index = root.with_name("index")
        self.index.mkdir()
        for folder in ("locks", "console", "widgets", "collectors", "profiles", "tests/rig"):
            (root / folder).mkdir(parents=True)
        shutil.copy(ROOT / "dev", root / "dev")
        (root / "tests/rig/packages.txt").touch()
        (root / "console/__init__.py").touch()
        (root / "console/__main__.py").write_text(SAY_WHERE)
        self.lock("run", "first")
        self.lock("dev", "first")

    def lock(self, name: str, word: str) -> None:
        version = f"1.{len(word)}"
        wheel = self.index / f"tiny-{version}-py3-none-any.whl"
        if not wheel.exists():
            info = f"tiny-{version}.dist-info"
            with zipfile.ZipFile(wheel, "w") as archive:
                archive.writestr("tiny.py", f"WORD = {word!r}\n")
                archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
                archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                archive.writestr(f"{info}/RECORD", "")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.root / f"locks/{name}.txt").write_text(f"tiny=={version} --hash=sha256:{digest}\n")

    def environment(self) -> dict[str, str]:
        """A PATH without uv, on which `python3` is the one that runs the tests."""
        tools = self.root / "bin"
        tools.mkdir(exist_ok=True)
        python = tools / "python3"
        if not python.exists():
            python.symlink_to(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "PYTHON"))}
        own = {"PATH": f"{tools}:/usr/bin:/bin", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index)}
        return {**env, **own, "PIP_CONFIG_FILE": os.devnull}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.root / "dev"), *arguments], cwd=self.index, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=100)
        return process.returncode, out, err


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    if shutil.which("uv", path="/usr/bin:/bin"):
        pytest.skip("uv is installed for the whole system and would be used")
    if importlib.util.find_spec("ensurepip") is None:
        pytest.skip("this Python cannot make virtual environments, and a test installs nothing")
    return Tree(tmp_path / "a tree")


def test_the_first_run_sets_up_and_the_second_says_nothing(tree: Tree) -> None:
    ran = f"ran first {tree.index} hello world\n"
    assert tree.run("run", "hello", "world") == (0, ran, "dbconsole: setting up .venv from locks/run.txt\n")
    (tree.index / "console").mkdir()
    (tree.index / "console/__main__.py").write_text("print('shadowed')")
    assert tree.run("run", "hello", "world") == (0, ran, ""), "the directory one is in shadows nothing of ours"


def test_a_changed_lock_is_installed_and_a_moved_tree_is_set_up_again(tree: Tree) -> None:
    tree.run("run")
    tree.lock("run", "second")
    assert tree.run("run")[1].startswith("ran second ")
    moved = tree.root.with_name("moved")
    tree.root.rename(moved)
    tree.root = moved
    assert tree.run("run")[1].startswith("ran second "), "from the tree's new place"


def test_a_lock_whose_hash_is_wrong_is_refused_and_leaves_nothing_that_looks_finished(tree: Tree) -> None:
    good = (tree.root / "locks/run.txt").read_text()
    (tree.root / "locks/run.txt").write_text(good[:-9] + "00000000\n")
    status, out, err = tree.run("run")
    assert (status, out) == (3, "")
    assert "locks/run.txt could not be installed" in err
    (tree.root / "locks/run.txt").write_text(good)
    assert tree.run("run")[:2] == (0, f"ran first {tree.index}\n")


def test_a_set_up_that_was_killed_begins_anew(tree: Tree) -> None:
    process = tree.start("run")
    wait_until((tree.root / ".venv/unfinished").exists, "the set-up to be half done", 60)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    for package in tree.root.glob(".venv/lib/*/site-packages/pip"):
        shutil.rmtree(package)
    status, out, _ = tree.run("run")
    assert (status, out) == (0, f"ran first {tree.index}\n")


def test_of_two_at_once_one_sets_up_and_the_other_waits(tree: Tree) -> None:
    both = [tree.start("run"), tree.start("run")]
    said = [process.communicate(timeout=100) for process in both]
    assert [out for out, _ in said] == [f"ran first {tree.index}\n"] * 2
    assert sum("setting up" in err for _, err in said) == 1
    assert sum("waiting for another set-up to end" in err for _, err in said) == 1


def test_without_a_python_one_line_says_what_to_install(tree: Tree) -> None:
    tree.environment()
    for version in ("3", "3.13", "3.12", "3.11"):
        python = tree.root / f"bin/python{version}"
        python.unlink(missing_ok=True)
        python.write_text("#!/bin/sh\nexit 1\n")
        python.chmod(0o755)
    status, out, err = tree.run("run")
    assert (status, out) == (3, "")
    line = "dbconsole: Python 3.11 or newer is needed, and none was found. On Debian 12: `sudo apt-get install "
    assert err.splitlines()[-1].startswith(line)


def test_help_and_a_wrong_command_set_nothing_up(tree: Tree) -> None:
    status, out, err = tree.run("help")
    assert (status, err) == (0, "")
    assert "./dev demo" in out
    assert tree.run("dmeo")[0] == 3
    assert not (tree.root / ".venv").exists()


def test_no_lock_names_a_host_or_a_path() -> None:
    for lock in ("run", "dev"):
        text = (ROOT / "locks" / f"{lock}.txt").read_text()
        assert "://" not in text
        assert "file:" not in text
        assert "--index" not in text


def test_the_lock_for_development_holds_all_of_the_other() -> None:
    run, dev = (set(_pinned(ROOT / "locks" / name)) for name in ("run.txt", "dev.txt"))
    assert run < dev


def _pinned(lock: Path) -> list[str]:
    return [line.split(" ")[0] for line in lock.read_text().splitlines() if line[:1].isalpha()]
