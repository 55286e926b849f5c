"""Whom is trusted: read once for many connections, and anew when the file is another."""

from __future__ import annotations

import os
from pathlib import Path

from collectors.mysql.wire.connection import _encryption
from collectors.mysql.wire.target import Encryption, Target
from tests.rig.certificates import certificates


def test_authorities_are_read_once_and_anew_when_their_file_has_changed(tmp_path: Path) -> None:
    ca_file = certificates(tmp_path).good.chain
    target = Target("db", ca_file=str(ca_file))
    first = _encryption(target)["ssl"]
    assert _encryption(target)["ssl"] is first
    assert _encryption(Target("db", encryption=Encryption.TRUST, ca_file=str(ca_file)))["ssl"] is not first
    os.utime(ca_file, (1, 1))
    assert _encryption(target)["ssl"] is not first
