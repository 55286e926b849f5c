"""Only what nobody else could have written is read: owners, modes, links, folders, and an exchange in between."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.owned_file import NotOurs, read_owned
from tests.rig.battery import battery


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    path = folder / "file"
    path.write_bytes(b"said")
    path.chmod(0o644)
    return path


def test_ones_own_file_is_read(path: Path) -> None:
    assert read_owned(path) == b"said"


def test_none_is_none(path: Path) -> None:
    path.unlink()
    assert read_owned(path) is None
    assert read_owned(path / "below" / "nothing") is None


def link(path: Path) -> None:
    path.rename(path.with_name("other"))
    path.symlink_to("other")


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize(
    ("spoil", "mend"),
    [
        (lambda path: path.chmod(0o664), "chmod go-w"),
        (lambda path: path.chmod(0o646), "chmod go-w"),
        (lambda path: path.parent.chmod(0o775), "folder`"),
        (lambda path: path.parent.chmod(0o757), "folder`"),
        (link, "a link is not followed"),
        (folder_instead, "Put a file there"),
        (pipe, "Put a file there"),
        (lambda path: path.write_bytes(b"x" * ((1 << 20) + 1)), "shorter"),
    ],
)
def test_one_that_others_could_have_written_or_that_is_none_is_refused(
    spoil: Callable[[Path], object], mend: str, path: Path
) -> None:
    spoil(path)
    with pytest.raises(NotOurs) as told:
        read_owned(path)
    assert mend in told.value.mend


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("which", ["file", "folder"])
def test_one_that_belongs_to_another_is_refused(which: str, path: Path) -> None:
    os.chown(path if which == "file" else path.parent, 4321, -1)
    with pytest.raises(NotOurs, match="belongs to somebody else"):
        read_owned(path)


def test_a_folder_in_which_all_may_write_their_own_is_one_to_have_a_file_in(path: Path) -> None:
    path.parent.chmod(0o1777)
    assert read_owned(path) == b"said"


def test_a_link_to_the_folder_is_followed_and_the_real_one_looked_at(path: Path, tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(path.parent)
    assert read_owned(tmp_path / "way" / "file") == b"said"
    path.parent.chmod(0o777)
    with pytest.raises(NotOurs):
        read_owned(tmp_path / "way" / "file")


def test_what_is_looked_at_is_what_was_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad one is opened, and before it is looked at a good one has its place."""
    good, really = path.with_name("good"), os.open
    good.write_bytes(b"said")
    path.write_bytes(b"forged")
    path.chmod(0o666)

    def opened(*args: Any) -> int:
        fd = really(*args)
        good.replace(path)
        return fd

    monkeypatch.setattr(os, "open", opened)
    with pytest.raises(NotOurs, match="Others may write"):
        read_owned(path)


def test_a_file_that_is_exchanged_meanwhile_is_never_believed(path: Path) -> None:
    """The bad one is open to all: whoever looked at one file and read another would return it."""
    good, bad, link = path.with_name("good"), path.with_name("bad"), path.with_name("link")
    stop = threading.Event()

    def exchange() -> None:
        while not stop.is_set():
            good.write_bytes(b"said")
            good.chmod(0o600)
            good.replace(path)
            bad.write_bytes(b"forged")
            bad.chmod(0o666)
            bad.replace(path)
            link.symlink_to("elsewhere")
            link.replace(path)

    path.with_name("elsewhere").write_bytes(b"forged")
    exchanging = threading.Thread(target=exchange)
    exchanging.start()
    read = refused = 0
    try:
        while min(read, refused) < battery(200):
            try:
                assert read_owned(path) == b"said"
                read += 1
            except NotOurs:
                refused += 1
    finally:
        stop.set()
        exchanging.join()
