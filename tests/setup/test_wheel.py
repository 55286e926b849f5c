"""The wheel alone, in a fresh environment, runs."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.guard.program import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    (built,) = folder.glob("dbconsole-*.whl")
    return built


def test_the_wheel_holds_the_four_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name.split("/")[0] for name in archive.namelist()}
        metadata = next(archive.read(n).decode() for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        licence = [name for name in archive.namelist() if name.endswith("/LICENSE")]
    packages = {name for name in names if not name.endswith(".dist-info")}
    assert packages == {"collectors", "console", "profiles", "widgets"}
    assert "\nRequires-Dist: textual" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert licence


def test_the_wheel_in_a_fresh_environment_runs(wheel: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    _run(sys.executable, "-m", "venv", "--without-pip", str(fresh))
    _run(sys.executable, "-m", "pip", "--python", str(fresh), "install", "-q", "--no-deps", "--no-index", str(wheel))
    (site,) = fresh.glob("lib/python*/site-packages")
    _lend_dependencies(site)
    said = _run(str(fresh / "bin/dbconsole"), "--version", cwd=tmp_path)
    assert said.startswith("dbconsole 0.1.0 ")
    where = _run(str(fresh / "bin/python"), "-c", "import console; print(console.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(site), "not the tree these tests are in"


def _lend_dependencies(site: Path) -> None:
    """Link the packages installed here into ``site``, all but our own: a test needs no network."""
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if not entry.name.startswith("dbconsole") and not (site / entry.name).exists():
            (site / entry.name).symlink_to(entry)


def _run(*command: str, cwd: Path | None = None) -> str:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
