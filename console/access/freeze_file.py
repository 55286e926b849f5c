"""What does the file beside the profile say of freezes? Read anew each time: somebody may just have written it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from collectors.safe import Safe, sanitise
from console.access.freeze import Said, State, of_windows
from console.owned_file import NotOurs, read_owned
from profiles.access import FreezeFile
from profiles.faults import faults
from profiles.load import tables_of
from profiles.places import lines
from profiles.wrong import WrongProfile


def of_file(path: Path, now: datetime) -> Said:
    """One that is not there freezes nothing; of one that cannot be read it is not known. Blocks."""
    source = sanitise(f"the file {path}")
    try:
        raw = read_owned(path)
    except NotOurs as trouble:
        return Said(source, State.UNKNOWN, seen=sanitise(trouble.line()))
    if raw is None:
        return Said(source, State.OPEN)
    try:
        return of_windows(_parsed(raw, str(path)), source, now)
    except WrongProfile as wrong:
        return Said(source, State.UNKNOWN, seen=sanitise(str(wrong.first)))
    except UnicodeDecodeError:
        return Said(source, State.UNKNOWN, seen=Safe("it is not UTF-8"))


def _parsed(raw: bytes, file: str) -> FreezeFile:
    text = raw.decode()
    try:
        return FreezeFile.model_validate(tables_of(text, file))
    except ValidationError as error:
        raise WrongProfile(faults(error, FreezeFile, file, lines(text.replace("\r\n", "\n")))) from None
