import re
import tomllib
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from console.demo.estates import ESTATES, machines_of
from console.demo.inventory import REGION
from console.demo.model import Model
from console.profile_errors import profile_of
from console.profile_metrics import KnownMetrics
from profiles.load import load, parse, shipped
from profiles.model import Profile
from profiles.toml import written
from tests.profiles.schema_rules import misfits

EVERY = pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
EMBEDDED = pytest.mark.parametrize("name", tuple(ESTATES))
SCHEMA = Profile.model_json_schema(by_alias=True)
MONDAY = datetime(2026, 11, 16, 11, tzinfo=UTC).timestamp()


@EVERY
def test_every_shipped_profile_is_right_and_called_as_its_file(path: Path) -> None:
    assert profile_of(str(path), {}).name == path.stem


@EVERY
def test_without_the_table_of_metrics_it_comes_to_the_same(path: Path) -> None:
    assert load(str(path), {}) == profile_of(str(path), {})


@EVERY
def test_what_is_shown_is_the_same_profile_again(path: Path) -> None:
    profile = profile_of(str(path), {})
    shown = "\n".join(written(profile, KnownMetrics()))
    again = parse(shown, "shown", metrics=KnownMetrics())
    assert again == profile
    assert "\n".join(written(profile, KnownMetrics())) == shown
    assert written_without_marks(again) == written_without_marks(profile)


def written_without_marks(profile: Profile) -> list[str]:
    return [line.removesuffix("  # default") for line in written(profile, KnownMetrics())]


@EVERY
def test_its_json_is_the_same_profile_again(path: Path) -> None:
    profile = profile_of(str(path), {})
    assert Profile.model_validate_json(profile.model_dump_json(by_alias=True)) == profile


@EVERY
def test_the_file_and_what_it_comes_to_fit_the_schema(path: Path) -> None:
    assert list(misfits(tomllib.loads(path.read_text()), SCHEMA, SCHEMA)) == []
    whole = profile_of(str(path), {}).model_dump(mode="json", by_alias=True)
    assert list(misfits(whole, SCHEMA, SCHEMA)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 5},
        {"thresholds": [{"metric": "cloudwatch.CPUUtilization", "above": {"medium": 5}}]},
        {"refresh": {"inventry": 5}},
        {"alerts": [{"id": "x"}]},
        {"channels": [{"name": "x", "kind": "pager", "target": "x"}]},
    ],
)
def test_the_schema_refuses_what_the_check_does(wrong: dict[str, Any]) -> None:
    assert list(misfits(wrong | {"name": wrong.get("name", "x")}, SCHEMA, SCHEMA))


def test_every_key_is_explained_where_an_editor_looks() -> None:
    for name, part in ({"Profile": SCHEMA} | SCHEMA["$defs"]).items():
        assert part.get("description"), name
        for key, field in part["properties"].items():
            assert field.get("description"), f"{name}.{key}"


NUMBER = re.compile(r'(above|below|for|target|[a-z_]+(?= = "?[0-9])) = ')
SOURCES = ("[doc", "[triage]", "[aws]", "[ours]")


@EMBEDDED
def test_every_number_says_where_it_is_from(name: str) -> None:
    """On its own line, or in the comment just above it."""
    lines = profiles_text(name).splitlines()
    numbers = 0
    for index, line in enumerate(lines):
        if NUMBER.match(line):
            above = takewhile(lambda each: each.startswith("#"), reversed(lines[:index]))
            said = " ".join((line.partition("#")[2], *above))
            assert any(source in said for source in SOURCES), f"{index + 1}: {line}"
            numbers += 1
    assert numbers > 30


def profiles_text(name: str) -> str:
    (path,) = (path for path in shipped() if path.stem == name)
    return path.read_text()


@EMBEDDED
def test_the_profile_of_an_embedded_estate_selects_it(name: str) -> None:
    estate = profile_of(name, {}).estate
    assert estate.accounts[0].regions == (REGION,)
    assert estate.select[0].tags == {"estate": name}
    assert {machine.estate for machine in machines_of(name)} == {name}


@EMBEDDED
def test_what_is_declared_by_name_is_a_machine_there_is(name: str) -> None:
    names = {machine.id for machine in machines_of(name)}
    for part in profile_of(name, {}).declared:
        assert set(part.ids) <= names


@pytest.mark.parametrize("name", ["resilient-database", "default"])
def test_nothing_of_the_embedded_estate_is_critical_in_a_busy_hour(name: str) -> None:
    profile, model = profile_of(name, {}), Model(1, MONDAY)
    judged = 0
    for minute in range(0, 60, 5):
        for about, machine in model.machines.items():
            at = MONDAY + 60 * minute
            values: dict[str, float | None] = {f"cloudwatch.{key}": v for key, v in model.metrics(about, at).items()}
            values["replica.lag_s"] = model.lag(about, at)
            for threshold in profile.thresholds:
                value = values.get(threshold.metric)
                bound = (threshold.above or threshold.below or {}).get("critical")
                engines, kinds = threshold.engines or ("*",), threshold.kinds or (machine.kind,)
                fits = machine.kind in kinds and any(fnmatchcase(machine.engine, engine) for engine in engines)
                if value is None or bound is None or not fits:
                    continue
                judged += 1
                assert value < bound if threshold.above else value > bound, (about, threshold.metric, value)
    assert judged > 50
