"""What is played under a name: an estate on an ordinary day, a shipped scenario, or one that somebody wrote?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.demo.inventory import ESTATE, Machine, machines
from console.demo.scenario import keys
from console.demo.scenario.causes import CAUSES
from console.demo.scenario.file import At, Expect, ScenarioFile
from console.demo.scenario.script import NOTHING, Entry, Given, Script, Setting

SHIPPED = Path(__file__).parent / "shipped"
ESTATES: Mapping[str, str] = {str(ESTATE): "SQL Server, Aurora, a cache and a table on an ordinary day"}
MOST_BYTES = 1 << 20
AFTER_LAST_S = 300.0
ORDINARY_S = 300.0
_RELATIVE = re.compile(r"@now(?:([+-])(\d+)(s|m|h|d))?")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What to play. ``file`` is None for an estate on an ordinary day."""

    name: str | None  # of the scenario
    estate: str
    title: str
    seconds: float
    file: ScenarioFile | None = None
    path: str = ""

    @property
    def expect(self) -> Expect | None:
        return self.file.expect if self.file else None

    def script(self, start: float, there: Mapping[ResourceId, Machine]) -> Script:
        """At the times of a play that begins at ``start``; Trouble for what none of its machines can do."""
        if self.file is None:
            return NOTHING
        return Script(_entry(n, at, start, there, self.path) for n, at in enumerate(self.file.at, 1))


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    kind: str  # estate or scenario
    title: str
    seconds: float


def load(name_or_path: str) -> Loaded:
    """By the name of an estate or a shipped scenario, or the path of a file."""
    if name_or_path in ESTATES:
        return Loaded(None, name_or_path, ESTATES[name_or_path], ORDINARY_S)
    path = _find(name_or_path)
    file = _parsed(path)
    last = max((at.seconds for at in file.at), default=0.0)
    loaded = Loaded(file.name, file.estate, file.title, file.lasts_seconds or last + AFTER_LAST_S, file, str(path))
    loaded.script(0.0, {machine.id: machine for machine in machines(12)})
    return loaded


def listing() -> list[Listed]:
    """Everything that is shipped, estates first."""
    estates = [Listed(name, "estate", title, ORDINARY_S) for name, title in ESTATES.items()]
    played = [load(str(path)) for path in sorted(SHIPPED.glob("*.toml"))]
    return [*estates, *(Listed(each.name or "", "scenario", each.title, each.seconds) for each in played)]


def _find(name: str) -> Path:
    if "/" in name or name.endswith(".toml"):
        return Path(name)
    known = {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}
    if name in known:
        return known[name]
    names = (*ESTATES, *known)
    near = get_close_matches(name, names, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    mend = f"{meant}There are {', '.join(names)}; or name a file."
    raise Trouble("There is no such estate or scenario.", seen=sanitise(name, 100), mend=mend)


def _parsed(path: Path) -> ScenarioFile:
    try:
        with path.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise _wrong(path, f"cannot be read: {why}", "Name a file that is there.") from None
    if len(raw) > MOST_BYTES:
        raise _wrong(path, "is larger than 1 MiB", "A scenario is a page or two.")
    try:
        return ScenarioFile.model_validate(tomllib.loads(raw.decode()))
    except UnicodeDecodeError as error:
        raise _wrong(path, f"is not UTF-8 at byte {error.start}", "Write it in UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _wrong(path, f"is not TOML: {error}", "Mend it there.") from None
    except ValidationError as error:
        raise _fault(path, error) from None


def _fault(path: Path, error: ValidationError) -> Trouble:
    """The first, with its place and what is allowed."""
    first = error.errors()[0]
    place = [str(each) for each in first["loc"] if not str(each).startswith("function-")]
    fields = sorted(At.model_fields if "at" in place else ScenarioFile.model_fields)
    said = first["msg"].removeprefix("Value error, ")
    mend = f"{len(error.errors()) - 1} more faults follow." if len(error.errors()) > 1 else ""
    if first["type"] == "extra_forbidden":
        near = get_close_matches(place[-1], fields, n=1)
        said = "is not known here" + (f"; did you mean {near[0]}?" if near else f"; there are {', '.join(fields)}")
    seen = "" if isinstance(first["input"], dict | list) else repr(first["input"])
    return _wrong(path, f"{_place(place)}: {said}", mend, seen=seen)


def _place(parts: list[str]) -> str:
    """`at, entry 2, set, cloudwatch.X`: entries are counted from one, as people do."""
    return ", ".join(f"entry {int(part) + 1}" if part.isdigit() else part for part in parts) or "the file"


def _wrong(path: Path | str, what: str, mend: str, *, seen: str = "") -> Trouble:
    return Trouble(sanitise(f"{path}: {what}."), seen=sanitise(seen, 200), mend=sanitise(mend))


def _entry(n: int, at: At, start: float, there: Mapping[ResourceId, Machine], path: str) -> Entry:
    t = start + at.seconds
    about = None if at.resource is None else ResourceId(sanitise(at.resource))
    machine = None if about is None else there.get(about)
    if about is not None and machine is None:
        near = get_close_matches(about, [str(name) for name in there], n=3)
        mend = f"Did you mean {', '.join(near)}?" if near else f"There are {', '.join(there)}."
        raise _wrong(path, f"at, entry {n}, resource: there is no {about!r}", mend)
    if at.deployment:
        raise _wrong(path, f"at, entry {n}, deployment: has no collector yet", "Leave it out until there is one.")
    if machine is not None:
        _check(n, at, machine, path)
    return Entry(
        t=t,
        resource=about,
        sets={name: _timed(setting, t) for name, setting in at.set.items()},
        cause=at.cause,
        event=at.event,
        fault=at.fault,
        collector=at.collector,
        clears=tuple(at.clear) if isinstance(at.clear, list) else at.clear,
    )


def _check(n: int, at: At, machine: Machine, path: str) -> None:
    if at.cause and not CAUSES[at.cause].fits(machine):
        fits = [name for name, cause in CAUSES.items() if cause.fits(machine)]
        words = f"at, entry {n}, cause: {at.cause} does not happen to {machine.id}, a {machine.engine} {machine.kind}"
        raise _wrong(path, words, f"What can: {', '.join(fits)}." if fits else "")
    for name, setting in at.set.items():
        try:
            keys.check(name, machine)
        except keys.Unknown as unknown:
            mend = f"Did you mean {', '.join(unknown.near)}?" if unknown.near else ""
            raise _wrong(path, f"at, entry {n}, set: {unknown}", mend) from None
        if name.startswith(("cloudwatch.", "wait.")) and isinstance(setting, Given) and not _is_number(setting.value):
            raise _wrong(path, f"at, entry {n}, set, {name}: is not a number", "", seen=repr(setting.value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _timed(setting: Setting, t: float) -> Setting:
    """`"@now-3h"` is a time."""
    if not isinstance(setting, Given) or not isinstance(setting.value, str):
        return setting
    found = _RELATIVE.fullmatch(setting.value)
    if found is None:
        return setting
    sign, count, unit = found.groups()
    span = timedelta(seconds=float(count) * _UNITS[unit]) if count else timedelta()
    now = datetime.fromtimestamp(t, UTC)
    return Given(now - span if sign == "-" else now + span)

