"""What is too long for a line: kept in a file that is named for its hash, which the line holds."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from collectors.errors import Trouble
from console.audit import folder
from console.audit.plain import Plain
from console.audit.record import EVIDENCE, Record, aside, canonical

MISSING = "is missing"
_REFERENCE = re.compile(r"sha256:([0-9a-f]{64})")


def put_aside(parent: int, path: Path, record: Record) -> Record:
    """The same with its data in a file, which is on disk before the line is written. `OSError` where it cannot be."""
    reference = aside(record.data)
    below = folder.open_below(parent, path, folder.EVIDENCE)
    try:
        _write(below, digest_of(reference), canonical(record.data))
        os.fsync(below)
    finally:
        os.close(below)
    return replace(record, data=reference)


def keep(path: Path, told: bytes) -> str:
    """What is to be lost elsewhere: on disk when its reference is returned. Raises `Trouble` where it cannot be."""
    digest = hashlib.sha256(told).hexdigest()
    parent = folder.open_own(path)
    try:
        below = folder.open_below(parent, path, folder.EVIDENCE)
        try:
            _write(below, digest, told)
            os.fsync(below)
        finally:
            os.close(below)
    except OSError as error:
        seen, mend = error.strerror or str(error), "Make room in the folder of the audit."
        raise Trouble("The evidence cannot be written.", seen=seen, mend=mend) from error
    finally:
        os.close(parent)
    return f"sha256:{digest}"


def _write(below: int, digest: str, told: bytes) -> None:
    """Under its name only once it is whole: a crash leaves a piece that nothing refers to."""
    piece = f"{digest}.{os.getpid()}"
    fd = os.open(piece, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=below)
    try:
        left = memoryview(told)
        while left:
            if not (written := os.write(fd, left)):
                raise OSError(errno.ENOSPC, "only a part of the evidence was written")
            left = left[written:]
        os.fsync(fd)
    finally:
        os.close(fd)
    os.rename(piece, digest, src_dir_fd=below, dst_dir_fd=below)


def digest_of(data: Any) -> str:
    """Of the file where the data lies; empty where it lies in the record."""
    told = data.get(EVIDENCE) if isinstance(data, dict) and set(data) == {EVIDENCE, "bytes"} else None
    found = _REFERENCE.fullmatch(told) if isinstance(told, str) else None
    return found[1] if found else ""


def fault(path: Path, digest: str) -> str:
    """What is wrong with one file of evidence; empty where it is what the record says."""
    try:
        with (path / folder.EVIDENCE / digest).open("rb") as file:
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == digest else "has been changed"
    except FileNotFoundError:
        return MISSING


def brought_back(path: Path, record: Record) -> Record:
    """With its data, where that lies in a file which is what it should be."""
    if not (digest := digest_of(record.data)) or fault(path, digest):
        return record
    data: dict[str, Plain] = orjson.loads((path / folder.EVIDENCE / digest).read_bytes())
    return replace(record, data=data)
