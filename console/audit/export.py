"""A part of the trail for somebody else: the records in one form, with what proves them and what was masked."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from collectors.errors import Trouble
from console.audit.anchors import Known
from console.audit.forms import FORMS
from console.audit.plain import Plain
from console.audit.read import records
from console.audit.record import Record
from console.audit.redact import Redactor
from console.audit.verify import Verdict, verify

SUMS = "SHA256SUMS"


def export(
    path: Path, out: Path, form: str, *, since: datetime | None, until: datetime | None, anchors: Known | None
) -> tuple[Verdict, Redactor]:
    """Writes `audit.<form>`, `chain.json`, `redactions.json` and `SHA256SUMS` into a new folder of its own."""
    verdict = verify(path, anchors)
    redactor, counted = Redactor(), Counter[str]()
    try:
        out.mkdir(mode=0o700, parents=True)
        told = _counted(records(path, since=since, until=until), counted)
        shown = (redactor.redacted(record) for record in told)
        sums = {f"audit.{form}": _write(out / f"audit.{form}", FORMS[form](shown))}
        proof = _proof(verdict, counted, anchors)
        for name, what in (("chain.json", proof), ("redactions.json", redactor.report())):
            sums[name] = _write(out / name, [json.dumps(what, indent=1, sort_keys=True) + "\n"])
        _write(out / SUMS, (f"{digest}  {name}\n" for name, digest in sorted(sums.items())))
    except FileExistsError:
        raise Trouble(f"{out} is there already.", mend="Name a folder that is not.") from None
    except OSError as error:
        raise Trouble(f"{out} cannot be written.", seen=error.strerror or str(error)) from error
    return verdict, redactor


def _counted(told: Iterable[Record], counted: Counter[str]) -> Iterator[Record]:
    for record in told:
        counted[record.sess] += 1
        yield record


def _proof(verdict: Verdict, counted: Counter[str], anchors: Known | None) -> dict[str, Plain]:
    """What the whole trail came to when this was taken from it."""
    return {
        "format": "dbconsole-audit-v1",
        "how": "h is SHA-256 of 'dbconsole-audit-v1\\n' and the record without h, keys sorted, ASCII, without spaces; "
        "prev is the h of the record before. Data that is longer than a line is {'bytes', 'evidence'} of it for that.",
        "exit_code": verdict.exit_code,
        "findings": [finding.line() for finding in verdict.findings],
        "remarks": list(verdict.remarks),
        "exported": dict(counted),
        "heads": {name: {"seq": seq, "h": h} for name, (seq, h) in sorted(verdict.heads.items())},
        "anchored": {name: max(of) for name, of in sorted((anchors or {}).items()) if name in verdict.heads},
    }


def _write(path: Path, parts: Iterable[str]) -> str:
    """Its SHA-256."""
    digest = hashlib.sha256()
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as file:
        for part in parts:
            told = part.encode("utf-8", "backslashreplace")
            digest.update(told)
            file.write(told)
    return digest.hexdigest()
