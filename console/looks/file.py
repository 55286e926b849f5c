"""What does the looks file say now, and is it in order? Every fault is one line, as of a profile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from collectors.errors import Trouble
from collectors.safe import sanitise

if TYPE_CHECKING:  # pydantic is loaded only where there is a file
    from console.looks.model import LooksFile
    from profiles.wrong import Fault

Place = tuple[str | int, ...]
CheckKeys = Callable[[Mapping[str, str]], "Iterable[Fault]"]


class WrongLooks(Trouble):
    """A looks file that cannot be used."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first, more = faults[0], len(faults) - 1
        self.faults = faults
        others = f"{more} more in this file." if more else ""
        words = f"{first.where()}: {first.place}{' ' if first.place else ''}{first.what}."
        mend = " ".join(filter(None, (first.mend(), others)))
        super().__init__(sanitise(words), seen=sanitise(first.found), mend=sanitise(mend))


def read(path: Path, check_keys: CheckKeys) -> LooksFile:
    """What it says; `WrongLooks` where that cannot be. ``check_keys`` knows which bindings there are."""
    from profiles.load import read_text  # noqa: PLC0415 - brings pydantic
    from profiles.wrong import WrongProfile  # noqa: PLC0415

    try:
        return parse(read_text(path), str(path), check_keys)
    except WrongProfile as wrong:
        raise WrongLooks(wrong.faults) from None


def parse(text: str, file: str, check_keys: CheckKeys) -> LooksFile:
    """What the text says; ``file`` is for messages. `WrongProfile` where it is wrong."""
    from pydantic import ValidationError  # noqa: PLC0415

    from console.looks.model import LooksFile  # noqa: PLC0415
    from profiles.faults import dotted, faults  # noqa: PLC0415
    from profiles.load import tables_of  # noqa: PLC0415
    from profiles.places import line_of, lines  # noqa: PLC0415
    from profiles.wrong import WrongProfile  # noqa: PLC0415

    tables, where = tables_of(text, file), _with_ids(lines(text.replace("\r\n", "\n")))
    try:
        said = LooksFile.model_validate(tables)
    except ValidationError as error:
        raise WrongProfile(faults(error, LooksFile, file, where)) from None
    wrong = [
        replace(fault, file=file, place=dotted(path), line=line_of(where, path))
        for fault in check_keys(said.keys)
        for path in [("keys", fault.place)]
    ]
    if wrong:
        raise WrongProfile(sorted(wrong, key=lambda fault: fault.line or 0))
    return said


def _with_ids(where: Mapping[Place, int]) -> Mapping[Place, int]:
    """An id that is written without quotes is a path of its own there, and one word in what is said of it."""
    return {
        **where,
        **{
            ("keys", ".".join(map(str, path[1:]))): line
            for path, line in where.items()
            if path[1:] and path[0] == "keys"
        },
    }
