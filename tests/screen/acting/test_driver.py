"""What comes in one read has one time: however busy the program is, a paste cannot pass for typing."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from tests.rig.terminal import Terminal

PROGRAM = Path(__file__).with_name("keyed_app.py")
ROOT = Path(__file__).parents[3]


def test_all_keys_of_one_read_carry_the_same_time_and_typed_ones_do_not() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    with Terminal([sys.executable, str(PROGRAM)], env=env, cwd=ROOT, size=(60, 10)) as terminal:
        terminal.wait_for(re.compile("0 keys, 0 times"), 20)
        terminal.send("billing")
        terminal.wait_for(re.compile("7 keys, 1 times"), 20)
        terminal.press("x")
        terminal.wait_for(re.compile("8 keys, 2 times"), 20)
