"""May a test that needs a program of the machine's be skipped where it is missing? Not in CI."""

from __future__ import annotations

import os
import shutil

import pytest


def need(command: str, beside: str = "") -> None:
    """Skip the running test where there is no such command; fail it in CI, where `./dev test` brings them all.

    ``beside``: folders that are searched beside those of PATH.
    """
    if shutil.which(command, path=os.pathsep.join(filter(None, (os.environ.get("PATH"), beside)))) is None:
        reason = f"{command} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
