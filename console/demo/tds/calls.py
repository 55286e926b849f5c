"""What is called? The procedures by which drivers prepare and run statements with arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from console.demo.tds.answering import TdsError
from console.demo.tds.arguments import Argument, argument_of
from console.demo.tds.fields import Fields, Garbled

BY_NUMBER = 0xFFFF
SEPARATORS = (0x80, 0xFF, 0xFE)  # between two calls of one message; the last means: do not run it


UNKNOWN = "procedure by number"


class Procedure(StrEnum):
    EXECUTESQL = "sp_executesql"
    PREPARE = "sp_prepare"
    EXECUTE = "sp_execute"
    PREPEXEC = "sp_prepexec"
    UNPREPARE = "sp_unprepare"
    DATATYPE_INFO = "sp_datatype_info_100"


_NUMBERED = {
    10: Procedure.EXECUTESQL,
    11: Procedure.PREPARE,
    12: Procedure.EXECUTE,
    13: Procedure.PREPEXEC,
    15: Procedure.UNPREPARE,
}
_PREFIX = re.compile(r"^(\[?\w*\]?\.)*\[?(\w+)\]?$")


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What a call comes to: a statement to be run, a handle to be told, either or none.

    ``returns`` is the name of the output parameter by which the handle is told.
    """

    text: str | None = None
    values: tuple[object, ...] = ()
    handle: int | None = None
    returns: str = ""


def calls_of(fields: Fields) -> Iterator[Call]:
    """Those of one message, after its headers."""
    while fields:
        length = fields.number(2)
        name = _NUMBERED.get(fields.number(2), UNKNOWN) if length == BY_NUMBER else fields.text(length)
        fields.take(2)  # options: recompile, without metadata
        arguments = []
        while fields and fields.peek() not in SEPARATORS:
            arguments.append(argument_of(fields))
        if fields:
            fields.take(1)
        yield Call(_bare(name), tuple(arguments))


class Prepared:
    """The statements of one connection, by handle."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._last = 0

    def run_of(self, call: Call) -> Run:
        """Raises `TdsError` for a procedure that is not there, or a handle that is none, as a server does."""
        match call.name:
            case Procedure.EXECUTESQL:
                text, *values = self._values(call, skip_second=True)
                return Run(_statement(text), tuple(values))
            case Procedure.PREPARE | Procedure.PREPEXEC:
                out, _declared, text, *values = self._values(call)
                handle = self._keep(_statement(text), out)
                runs = call.name == Procedure.PREPEXEC
                returns = call.arguments[0].name
                return Run(_statement(text), tuple(values), handle, returns) if runs else Run(None, (), handle, returns)
            case Procedure.EXECUTE:
                kept, *values = self._values(call)
                return Run(self._kept(kept), tuple(values))
            case Procedure.UNPREPARE:
                self._texts.pop(_handle(self._values(call)[0]), None)
                return Run()
        raise TdsError(2812, f"Could not find stored procedure '{call.name}'.", state=62)

    def _values(self, call: Call, *, skip_second: bool = False) -> list[object]:
        values = [argument.value for argument in call.arguments]
        if skip_second:  # the declaration, which is left out where there is nothing to declare
            del values[1:2]
        least = {Procedure.PREPARE: 3, Procedure.PREPEXEC: 3}.get(Procedure(call.name), 1)
        if len(values) < least:
            raise TdsError(201, f"Procedure or function '{call.name}' expects a parameter, which was not supplied.")
        return values

    def _keep(self, text: str, replaced: object) -> int:
        if isinstance(replaced, int):
            self._texts.pop(replaced, None)
        self._last += 1
        self._texts[self._last] = text
        return self._last

    def _kept(self, handle: object) -> str:
        try:
            return self._texts[_handle(handle)]
        except KeyError:
            raise TdsError(8179, f"Could not find prepared statement with handle {handle}.") from None


def _bare(name: str) -> str:
    """Without the schema, in lower case."""
    found = _PREFIX.match(name)
    return found[2].lower() if found else name


def _statement(value: object) -> str:
    if not isinstance(value, str):
        raise Garbled("a statement that is no text")
    return value


def _handle(value: object) -> int:
    return value if isinstance(value, int) else -1
