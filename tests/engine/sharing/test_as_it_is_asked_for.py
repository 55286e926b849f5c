"""What is wrong with how it is to be shared is said before a screen is there, in one line."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.mqtt.test_signing import key
from tests.rig.dbconsole import COMMAND, environment

PROFILE = """
[share]
url = "mqtts://broker.example"
ca_file = "/none.pem"
"""


def refused(folder: Path, *words: str) -> str:
    """What a terminal's user is told, who gets no screen."""
    leader, follower = pty.openpty()
    try:
        ran = subprocess.run(
            [*COMMAND, *words], env=environment(folder), stdin=follower, stdout=follower, stderr=subprocess.PIPE,
            timeout=60, check=False, text=True,
        )  # fmt: skip
    finally:
        os.close(leader)
        os.close(follower)
    assert ran.returncode == 3, ran.stderr
    assert ran.stderr.count("\n") == 1
    return ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--share", "mqtts://kim:hunter2@broker"), "put it into DBCONSOLE_SHARE_PASSWORD"),
        (("--share", "mqtts://localhost", "--identity", "none"), "There is no key at none"),
        (("--identity", "key"), "does nothing where nothing is shared"),
    ],
)
def test_a_demo_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    key(tmp_path)
    told = refused(tmp_path, "demo", *words)
    assert said in told
    assert "hunter2" not in told


def test_a_profile_says_the_rest(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(PROFILE)
    words = ("watch", "-e", str(tmp_path / "shop.toml"), "--identity", str(key(tmp_path)))
    assert "/none.pem holds no certificates" in refused(tmp_path, *words)
