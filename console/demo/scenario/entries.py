"""What does each entry of a scenario do, at the times of one play, and can the machines that are there do that?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.redis.info import is_text
from collectors.safe import sanitise
from console.demo import ways
from console.demo.inventory import Machine
from console.demo.mysql import set_keys as mysql
from console.demo.scenario import keys, postgres_fields, session_fields
from console.demo.scenario.causes import CAUSES
from console.demo.scenario.fields import NUMBERS, fields, wrong
from console.demo.scenario.file import COLLECTORS, At
from console.demo.scenario.script import Entry, Given, Missing, Ramp, Setting, Times
from console.demo.scenario.statement_fields import FAMILY, TEXT, fault_of_text
from console.demo.scenario.told import TELLERS
from console.demo.sqlserver.agent import OUTCOMES

TIME = "is no time: write 2026-01-31T12:00:00Z or @now-3h"
RELATIVE = ("AllocatedStorage", "BackupRetentionPeriod", "Iops")  # whose usual value the model tells
TEXTS = (  # last parts of keys whose values are words
    *("state_desc", "recovery_model_desc", "log_reuse_wait_desc"),
    *("connected_state_desc", "suspend_reason_desc", "synchronization_state_desc"),
)
FLAGS = ("is_suspended", "is_log_chain_broken")  # last parts of keys whose values are yes or no
_AGO = re.compile(r"@now(?:([+-])(\d{1,5})(s|m|h|d))?")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def faulty(path: Path | str, what: str, mend: str = "", *, seen: str = "") -> Trouble:
    return Trouble(sanitise(f"{path}: {what}."), seen=sanitise(seen, 200), mend=sanitise(mend))


def entry(n: int, at: At, start: float, there: Mapping[ResourceId, Machine], path: str) -> Entry:
    t = start + at.seconds
    place = f"at, entry {n}"
    about = None if at.resource is None else ResourceId(sanitise(at.resource))
    machine = None if about is None else there.get(about)
    if about is not None and machine is None:
        near = get_close_matches(about, [str(name) for name in there], n=3)
        mend = f"Did you mean {', '.join(near)}?" if near else f"There are {', '.join(there)}."
        raise faulty(path, f"{place}, resource: there is no {about!r}", mend)
    if at.deployment:
        raise faulty(path, f"{place}, deployment: has no collector yet", "Leave it out until there is one.")
    _check_clear(at, place, path)
    sets = {}
    if machine is not None:
        _check_machine(at, machine, place, path)
        sets = {name: _set(name, setting, machine, t, (place, path)) for name, setting in at.set.items()}
    return Entry(
        t=t,
        resource=about,
        sets=sets,
        cause=at.cause,
        event=at.event,
        fault=at.fault,
        collector=at.collector,
        clears=tuple(at.clear) if isinstance(at.clear, list) else at.clear,
    )


def _check_clear(at: At, place: str, path: str) -> None:
    """A name that nothing could have would clear nothing, and say nothing."""
    for name in at.clear if isinstance(at.clear, list) else ():
        if name not in CAUSES and name not in COLLECTORS and not keys.is_observable(name):
            near = get_close_matches(name, (*CAUSES, *COLLECTORS, *keys.table()), n=3)
            mend = f"Did you mean {', '.join(near)}?" if near else "Name what was set, a cause or a fault's collector."
            raise faulty(path, f"{place}, clear: {name!r} is no observable, cause or collector", mend)


def _check_machine(at: At, machine: Machine, place: str, path: str) -> None:
    if at.cause and not CAUSES[at.cause].fits(machine):
        needs = CAUSES[at.cause].needs
        but = f": it has not {needs.says}" if not needs.met(machine) else ""
        words = f"{at.cause} does not happen to {machine.id}, a {machine.engine} {machine.kind}{but}"
        fits = [name for name, cause in CAUSES.items() if cause.fits(machine)]
        raise faulty(path, f"{place}, cause: {words}", f"What can: {', '.join(fits)}." if fits else "")
    if at.event and machine.kind not in TELLERS:
        raise faulty(path, f"{place}, event: {machine.id} is a {machine.kind}, and AWS tells no events of one")


def _set(name: str, setting: Setting, machine: Machine, t: float, where: tuple[str, str]) -> Setting:
    place, path = where
    try:
        keys.check(name, machine)
    except keys.Unknown as unknown:
        mend = f"Did you mean {', '.join(unknown.near)}?" if unknown.near else ""
        raise faulty(path, f"{place}, set: {unknown}", mend) from None
    timed = Given(_times(setting.value, t)) if isinstance(setting, Given) else setting
    fault = _fault(name, timed, machine)
    if fault:
        seen = repr(setting.value) if isinstance(setting, Given) else ""
        raise faulty(path, f"{place}, set, {name}: {fault}", seen=seen)
    return timed


def _fault(name: str, setting: Setting, machine: Machine) -> str:
    """What is wrong with a value of that observable; empty where nothing is."""
    if isinstance(setting, Missing):
        return ""
    family, _, field = name.partition(".")
    match family:
        case "api":
            found = _fault_of_field(field, setting, fields(machine.kind)[field])
        case "job":
            is_one = isinstance(setting, Given) and setting.value in OUTCOMES
            found = "" if is_one else f"is none of {', '.join(OUTCOMES)}"
        case ways.FAMILY:
            found = ways.fault_of(field, setting)
        case "mysql":
            found = mysql.fault_of(field, setting)
        case "session":
            found = session_fields.fault_of(field.partition(".")[2], setting)
        case postgres_fields.FAMILY:
            found = postgres_fields.fault_of(name, setting)
        case _ if family == FAMILY and field.rpartition(".")[2] == TEXT:
            found = fault_of_text(setting)
        case _:
            found = _fault_of_value(name, setting)
    return found


def _fault_of_value(name: str, setting: Setting) -> str:
    family, _, field = name.partition(".")
    if family == "backup" or name == "server.sqlserver_start_time":
        return "" if isinstance(setting, Given) and isinstance(setting.value, datetime) else TIME
    is_word = field.rpartition(".")[2] in TEXTS or (family == "redis" and is_text(field))
    if name == "server.ComputerNamePhysicalNetBIOS" or is_word:
        is_given = isinstance(setting, Given) and isinstance(setting.value, str) and bool(setting.value)
        return "" if is_given else "is no text"
    if field.rpartition(".")[2] in FLAGS:
        is_flag = isinstance(setting, Given) and setting.value in (0, 1)
        return "" if is_flag else "is neither true nor false"
    is_number = not isinstance(setting, Given) or (
        isinstance(setting.value, int | float) and not isinstance(setting.value, bool)
    )
    return "" if is_number else "is not a number"


def _fault_of_field(field: str, setting: Setting, shape: Any) -> str:
    match setting:
        case Given(value):
            return wrong(shape, value)
        case _ if shape.type_name not in NUMBERS:
            return "is nothing that moves"
        case Times() | Ramp(start=None) if field not in RELATIVE:
            return f"has no usual value to begin from: give {{ to, over, from }}, or set one of {', '.join(RELATIVE)}"
    return ""


def _times(value: object, t: float) -> object:
    """With the times in it as times: `"@now-3h"`, ISO or TOML's own; one without a zone is UTC."""
    match value:
        case list():
            return [_times(each, t) for each in value]
        case dict():
            return {name: _times(each, t) for name, each in value.items()}
        case str() if found := _AGO.fullmatch(value):
            sign, count, unit = found.groups()
            span = timedelta(seconds=float(count) * _UNITS[unit]) if count else timedelta()
            now = datetime.fromtimestamp(t, UTC)
            return now - span if sign == "-" else now + span
        case str() if value[:4].isdigit() and "-" in value and ":" in value:
            return _zoned(_iso(value))
    return _zoned(value)


def _zoned(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _iso(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
