"""`dbconsole profile`: what may a profile say, is this one right, and what does it come to?"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping

from collectors.safe import DETAIL_LIMIT, sanitise
from console.profile_errors import profile_of
from console.profile_metrics import KnownMetrics
from profiles.load import find, load, names, shipped
from profiles.model import Profile
from profiles.toml import written
from profiles.wrong import WrongProfile

WRONG = 3


def schema(_options: argparse.Namespace) -> int:
    """The JSON schema, for an editor that completes and explains."""
    return _say([json.dumps(Profile.model_json_schema(by_alias=True), indent=2, ensure_ascii=False)])


def check(options: argparse.Namespace) -> int:
    """A line for each profile that is right and for each fault of those that are not."""
    status = 0
    known = KnownMetrics()
    for name in options.profiles or names(os.environ):
        try:
            profile = load(name, os.environ, metrics=known)
        except WrongProfile as wrong:
            status = WRONG
            _say(str(fault) for fault in wrong.faults)
        else:
            _say([f"{find(name, os.environ)}: ok ({', '.join(_counts(profile))})"])
    return status


def show(options: argparse.Namespace) -> int:
    """The profile with its defaults filled in: as TOML that is a profile itself, or as JSON."""
    profile, path = profile_of(options.profile, os.environ), find(options.profile, os.environ)
    whose = "shipped" if path in shipped() else "one's own"
    if options.json:
        told = {"schema_version": 1, "file": str(path), "shipped": path in shipped()}
        return _say([json.dumps(told | {"profile": profile.model_dump(mode="json", by_alias=True)}, indent=2)])
    head = (f"# {path} ({whose}); a line marked `default` is not in the file", "")
    return _say((*head, *written(profile, KnownMetrics())))


def _counts(profile: Profile) -> Iterator[str]:
    counted: Mapping[str, int] = {
        "threshold": len(profile.thresholds),
        "alert": len(profile.alerts),
        "objective": len(profile.objectives),
        "declaration": len(profile.declared),
    }
    for word, count in counted.items():
        yield f"{count} {word}{'' if count == 1 else 's'}"


def _say(lines: Iterator[str] | list[str] | tuple[str, ...]) -> int:
    for line in lines:
        for part in line.split("\n"):
            sys.stdout.write(f"{sanitise(part, DETAIL_LIMIT)}\n")
    return 0
