"""In which way does a failover go, where a scenario wants it otherwise than usual? By the keys `failover.*`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from console.demo.scenario.script import Given, Missing, Set, Setting, value_of

FAMILY = "failover"
Events = Literal["usual", "missing", "doubled", "disordered", "late"]
MODES: tuple[str, ...] = get_args(Events)
SECONDS = ("dark_s", "recovery_s", "read_only_s", "swap_s", "standby_sync_s")
FLAGS = ("never_ends", "not_attempted")
MOST_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Ways:
    """None: as long as usual. All in the estate's seconds."""

    dark_s: float | None = None
    recovery_s: float | None = None
    read_only_s: float | None = None
    swap_s: float | None = None
    standby_sync_s: float | None = None
    never_ends: bool = False
    not_attempted: bool = False
    events: Events = "usual"
    refused: str = ""


def ways(sets: Mapping[str, Set], t: float) -> Ways:
    """As they are set when it begins."""
    found = {name.partition(".")[2]: held for name, held in sets.items() if name.startswith(f"{FAMILY}.")}
    mode = _given(found.get("events"))
    dark, recovery, read_only, swap, sync = (
        value_of(name, found[name], t, lambda _: None) if name in found else None for name in SECONDS
    )
    never_ends, not_attempted = (bool(_given(found.get(name))) for name in FLAGS)
    return Ways(
        *(dark, recovery, read_only, swap, sync),
        never_ends=never_ends,
        not_attempted=not_attempted,
        events=next((each for each in get_args(Events) if each == mode), "usual"),
        refused=str(_given(found.get("refused")) or ""),
    )


def fault_of(field: str, setting: Setting) -> str:
    """What is wrong with a value of such a key; empty where nothing is."""
    value = setting.value if isinstance(setting, Given) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    match field:
        case _ if isinstance(setting, Missing) or not isinstance(setting, Given):
            return "is nothing that moves: a failover has it as it is when it begins"
        case "events":
            return "" if value in MODES else f"is none of {', '.join(MODES)}"
        case "refused":
            return "" if isinstance(value, str) and value else "is no text"
        case _ if field in FLAGS:
            return "" if value in (0, 1) else "is neither true nor false"
    return "" if is_number and 0 <= float(str(value)) <= MOST_S else "is no number of seconds up to a week"


def _given(held: Set | None) -> object:
    return held.setting.value if held is not None and isinstance(held.setting, Given) else None
