"""Runs dbconsole as its user does: a process of its own, with directories of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COMMAND = (sys.executable, "-P", "-m", "console")
ROOT = Path(__file__).parents[2]


def environment(base: Path, **more: str) -> dict[str, str]:
    """A terminal's usual environment, with every directory of dbconsole below ``base``."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    ours = {f"DBCONSOLE_{kind}_DIR": str(base / kind.lower()) for kind in ("CONFIG", "STATE", "CACHE", "RUNTIME")}
    return {**kept, **ours, "LANG": "C.UTF-8", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **more}


def run(*arguments: str, env: Mapping[str, str], timeout: float = 180) -> subprocess.CompletedProcess[str]:
    """Run to the end without a terminal."""
    command = [*COMMAND, *arguments]
    return subprocess.run(
        command, env=env, text=True, capture_output=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL
    )
