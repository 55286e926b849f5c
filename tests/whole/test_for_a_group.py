"""Sharing on one host: whoever is in the group may look, once two commands have said so, and nobody else may."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console import __version__
from console.protocol.client import Client, Mode
from console.protocol.sockets import connect
from tests.whole.collecting import NOWHERE, collecting

ESTATE = "resilient-database"
GROUP, OTHERS, SOMEBODY = 54_321, 54_322, 65_534
DOCUMENTED = "chgrp {group} {runtime} && chmod 2750 {runtime}"  # as docs/collect.md has it


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_member_of_the_group_looks_and_may_do_no_more_and_others_may_not_even_look(folder: Path) -> None:
    folder.chmod(0o711)
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    subprocess.run(DOCUMENTED.format(group=GROUP, runtime=runtime), shell=True, check=True)  # noqa: S602 - as it stands
    assert "chgrp dba" in Path("docs/collect.md").read_text()
    with collecting(folder, "-e", ESTATE, "--share", "embedded", **NOWHERE) as service:
        assert service.line()
        session = runtime / ESTATE
        assert as_another(GROUP, lambda: joined(session / "view.sock", "view")) == f"sees {ESTATE}"
        assert as_another(GROUP, lambda: joined(session / "view.sock", "control")) == "This socket is for viewers."
        for name in ("control.sock", "broker.sock", "engine.json", "viewer.password"):
            assert as_another(GROUP, partial(opened, session / name)) == "PermissionError"
        for name in ("view.sock", "control.sock"):
            assert as_another(OTHERS, partial(opened, session / name)) == "PermissionError"


def joined(path: Path, mode: Mode) -> str:
    async def join() -> str:
        async with Client(await connect(path), mode, __version__) as client:
            assert client.mirror.meta is not None
            return f"sees {client.mirror.meta.estate}"

    try:
        return asyncio.run(join())
    except Trouble as trouble:
        return trouble.what


def opened(path: Path) -> str:
    import socket  # noqa: PLC0415 - beside what the child has anyway

    try:
        if path.suffix != ".sock":
            return path.read_text()
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(os.fspath(path))
    except OSError as error:
        return type(error).__name__
    return "open"


def as_another(group: int, ask: Callable[[], str]) -> str:
    """The answer in a process of a user who is in this group and in no other."""
    answer, say = os.pipe()
    if os.fork() == 0:
        said = "failed"
        try:
            os.setgroups([])
            os.setgid(group)
            os.setuid(SOMEBODY)
            said = ask()
        finally:
            os.write(say, said.encode())
            os._exit(0)
    os.close(say)
    with open(answer, encoding="utf-8") as told:
        return told.read()
