"""A file system with an end that is soon reached. Only root may make one: see `as_root`."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path

import pytest

from tests.rig.dbconsole import ROOT

BALLAST = "ballast"


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        options = f"size={megabytes}m,mode=700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", place], check=True)
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", "-l", place], check=True)


def fill(disk: Path) -> None:
    """To the last byte."""
    with (disk / BALLAST).open("wb", buffering=0) as ballast, suppress(OSError):
        while ballast.write(b"\0" * 4096):
            pass


def make_room(disk: Path) -> None:
    (disk / BALLAST).unlink(missing_ok=True)


def as_root(test: Callable[[], None]) -> Callable[[], None]:
    """Runs it as it stands where we are root, else in a namespace where we are; skipped where there may be none."""

    @wraps(test)
    def run() -> None:
        if os.geteuid() == 0:
            test()
            return
        if subprocess.run(["unshare", "-rm", "true"], check=False).returncode and os.environ.get("CI") != "true":
            pytest.skip("nobody but root may mount anything here")
        name = f"{inspect.getfile(test)}::{test.__name__}"
        command = ["unshare", "-rm", sys.executable, "-m", "pytest", "-p", "no:cacheprovider", name]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)

    return run
