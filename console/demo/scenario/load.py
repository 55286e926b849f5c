"""What is played under a name: an estate on an ordinary day, a shipped scenario, or one that somebody wrote?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from collectors.errors import Trouble
from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.demo.estates import ESTATES, machines_of
from console.demo.inventory import Machine
from console.demo.scenario.entries import entry, faulty
from console.demo.scenario.file import At, Expect, ScenarioFile
from console.demo.scenario.script import NOTHING, Script

SHIPPED = Path(__file__).parent / "shipped"
MOST_BYTES = 1 << 20
AFTER_LAST_S = 300.0
ORDINARY_S = 300.0


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
        return Script(entry(n, at, start, there, self.path) for n, at in enumerate(self.file.at, 1))


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    kind: str  # estate or scenario
    title: str
    seconds: float


def load(name_or_path: str) -> Loaded:
    """By the name of an estate or a shipped scenario, or the path of a file."""
    if name_or_path in ESTATES:
        return Loaded(None, name_or_path, ESTATES[name_or_path].title, ORDINARY_S)
    path = _find(name_or_path)
    file = _parsed(path)
    last = max((at.seconds for at in file.at), default=0.0)
    loaded = Loaded(file.name, file.estate, file.title, file.lasts_seconds or last + AFTER_LAST_S, file, str(path))
    loaded.script(0.0, {machine.id: machine for machine in machines_of(file.estate)})
    return loaded


def listing() -> list[Listed]:
    """Everything that is shipped, estates first."""
    estates = [Listed(name, "estate", estate.title, ORDINARY_S) for name, estate in ESTATES.items()]
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
        raise faulty(path, f"cannot be read: {why}", "Name a file that is there.") from None
    if len(raw) > MOST_BYTES:
        raise faulty(path, "is larger than 1 MiB", "A scenario is a page or two.")
    try:
        return ScenarioFile.model_validate(tomllib.loads(raw.decode()))
    except UnicodeDecodeError as error:
        raise faulty(path, f"is not UTF-8 at byte {error.start}", "Write it in UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise faulty(path, f"is not TOML: {error}", "Mend it there.") from None
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
    return faulty(path, f"{_place(place)}: {said}", mend, seen=seen)


def _place(parts: list[str]) -> str:
    """`at, entry 2, set, cloudwatch.X`: entries are counted from one, as people do."""
    return ", ".join(f"entry {int(part) + 1}" if part.isdigit() else part for part in parts) or "the file"
