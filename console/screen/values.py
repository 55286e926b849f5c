"""How a value is said: never a zero for what is not known, and its unit where the column does not say it.

`0` zero · `…` first sample pending · `—` not applicable · `? 3m` stale · `∅` no data · `✕` failing · `~` partial
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collectors.readings import Severity
from collectors.safe import Safe, sanitise
from console.numbers import number
from console.times import span
from widgets.tone import Tone

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.res import Value


@dataclass(frozen=True, slots=True)
class Signs:
    """What stands for a value that is not there."""

    pending: Safe
    inapplicable: Safe
    nothing: Safe
    error: Safe
    between: Safe  # two names on one line


SIGNS = Signs(Safe("…"), Safe("—"), Safe("∅"), Safe("✕"), Safe("·"))
TONES = {Severity.CRITICAL: Tone.BAD, Severity.HIGH: Tone.BAD, Severity.WARNING: Tone.WARN}
"""By how far it is beyond; whoever shows one says it in words too."""
ASCII_SIGNS = Signs(Safe(".."), Safe("-"), Safe("n/d"), Safe("x!"), Safe("/"))


def legend(signs: Signs) -> Safe:
    """What each of them means."""
    return sanitise(f"{signs.pending} not yet  {signs.inapplicable} not applicable  ? 3m stale  {signs.nothing} no data"
                    f"  {signs.error} failing")  # fmt: skip


def said(value: Value | None, now_ms: int, signs: Signs, *, pending: bool = False) -> tuple[Safe, Tone]:
    """A cell. ``pending``: the resource's first samples are still under way, so an absent value may yet come."""
    if value is None:
        return (signs.pending if pending else signs.inapplicable), Tone.DIM
    if value.s == "pending":
        return signs.pending, Tone.DIM
    if value.s == "error":
        return signs.error, Tone.BAD
    if value.s == "none" or value.v is None:
        return signs.nothing, Tone.DIM
    if value.s == "stale":
        return sanitise(f"? {span((now_ms - value.t) / 1000)}"), Tone.DIM
    return number(value.v, value.u), Tone.PLAIN if value.b is None else TONES.get(value.b, Tone.PLAIN)
