"""`dbconsole audit`: is the record whole, what does it say, and does AWS agree?"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

from collectors.errors import CannotCollect, Trouble
from collectors.safe import DETAIL_LIMIT, sanitise
from console.audit.anchors import Known, default_file, known
from console.audit.folder import CannotRead
from console.audit.read import records
from console.audit.record import Event, body, canonical
from console.audit.told import table, told
from console.paths import audit_dir

DIFFERENT = 1


def verify(options: argparse.Namespace) -> int:
    """A line for each thing that is wrong, those that are worth knowing, and what it comes to."""
    from console.audit import verify as verifying  # noqa: PLC0415 - each answer brings what it needs

    folder = _folder(options)
    anchors = _anchors(folder, options.anchor)
    verdict = verifying.verify(folder, anchors)
    _say(finding.line() for finding in verdict.findings)
    _say(f"note: {remark}" for remark in verdict.remarks)
    if anchors is None:
        _say(["note: there are no anchors; whether the last records were cut off cannot be seen"])
    heads = ", ".join(head[:8] for _, (_, head) in list(verdict.heads.items())[-1:])
    whole = "ok" if not verdict.exit_code else "NOT WHOLE"
    _say([f"{whole}: {verdict.records} records in {verdict.segments} segments, last head {heads or '—'}"])
    return verdict.exit_code


def show(options: argparse.Namespace) -> int:
    """A line for each record."""
    found = records(_folder(options), op=options.op, since=options.since)
    if options.json:
        for record in found:
            line = body(record) | {"h": record.h, "whole": record.is_whole}
            sys.stdout.write(canonical(line).decode("ascii") + "\n")
        return 0
    deeds = (record for record in found if record.ev != Event.ANCHOR)
    rows = [told(record, is_whole=record.is_whole, is_brief=True).cells() for record in deeds]
    if not rows:
        _say(["No such record."])
    else:
        _say(table(rows))
    return 0


def export(options: argparse.Namespace) -> int:
    """Into a folder; what was left out and whether the whole is whole is said here too."""
    from console.audit.export import export as exported  # noqa: PLC0415

    folder = _folder(options)
    anchors = _anchors(folder, None)
    verdict, redactor = exported(
        folder, Path(options.out), options.format, since=options.since, until=options.until, anchors=anchors
    )
    _say(finding.line() for finding in verdict.findings)
    masked = redactor.masked
    _say([f"{options.out}: written; {masked} place{'' if masked == 1 else 's'} masked, see redactions.json"])
    return verdict.exit_code


def diff(options: argparse.Namespace) -> int:
    """What AWS and the trail know without each other."""
    from console.audit import cloudtrail  # noqa: PLC0415
    from console.audit.diff import compare  # noqa: PLC0415

    folder = _folder(options)
    asked = list(records(folder, op=options.op, since=options.since))
    span = cloudtrail.span(asked)
    if span is None:
        raise Trouble("There is no such record.", mend="`dbconsole audit show` lists them.")
    since, until = span
    regions = (options.region,) if options.region else cloudtrail.regions(asked)
    try:
        events = asyncio.run(cloudtrail.asked(options.profile, regions, since, until))
    except CannotCollect as trouble:
        raise CannotRead(trouble.what, seen=trouble.seen, mend=trouble.mend) from trouble
    difference = compare(records(folder, since=since, until=until), events, only=options.op or "")
    for op, each in difference.matched.items():
        _say(f"ok      {op} {event.line()}" for event in each)
    _say(f"UNSEEN  {op} was sent, and CloudTrail does not know it (it may take 15 minutes)" for op in difference.unseen)
    _say(f"TWICE   {op} was taken more than once" for op in difference.twice)
    _say(f"NOT OURS {event.line()}: no record tells of it" for event in difference.unrecorded)
    if difference.agrees:
        _say(["CloudTrail and the audit trail agree."])
    return 0 if difference.agrees else DIFFERENT


def _folder(options: argparse.Namespace) -> Path:
    if options.dir:
        return Path(options.dir)
    found, why = audit_dir(options.demo)
    if found is None:
        raise CannotRead(why)
    if not found.is_dir() and not default_file(found).exists():
        demos, _ = audit_dir(True)
        is_there = not options.demo and demos is not None and demos.is_dir()
        mend = "`--demo` is for the demo's." if is_there else "Name another folder with `--dir`."
        raise CannotRead(f"There is no audit trail in {found} yet.", mend=mend)
    return found


def _anchors(folder: Path, named: str | None) -> Known | None:
    """What is known elsewhere; None where nobody said where and nothing is there."""
    path = Path(named) if named else default_file(folder)
    if not named and not path.exists():
        return None
    try:
        return known(path)
    except OSError as error:
        raise CannotRead(f"The anchors in {path} cannot be read.", seen=error.strerror or str(error)) from error


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{sanitise(line, DETAIL_LIMIT)}\n")
