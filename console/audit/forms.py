"""The forms in which records leave: JSON lines, Markdown, CSV, HTML. In none can a record do anything to its reader."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from collectors.safe import sanitise
from console.audit.record import body, canonical
from console.audit.redact import Leaving
from console.audit.told import HEADINGS, Told, told

_LONGEST = 4096  # characters of a cell
_OF_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    "time",
    "host",
    "session",
    "op",
    "who",
    "arn",
    "role",
    "event",
    "action",
    "resource",
    "outcome",
    "plan",
    "h",
)


def as_jsonl(leaving: Iterable[Leaving]) -> Iterator[str]:
    """As they stand in the trail, where nothing was masked: the hash of each can be checked, and what it follows."""
    for each in leaving:
        mark = {"redacted": True} if each.is_redacted else {}
        yield (canonical(body(each.record) | {"h": each.record.h} | mark) + b"\n").decode("ascii")


def as_markdown(leaving: Iterable[Leaving]) -> Iterator[str]:
    yield f"| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}\n"
    for each in leaving:
        cells = [_OF_MARKDOWN.sub(r"\\\1", cell) for cell in _told(each).cells()]
        yield f"| {' | '.join(cells)} |\n"


def as_csv(leaving: Iterable[Leaving]) -> Iterator[str]:
    """A cell that a spreadsheet would reckon with has a `'` before it."""
    yield _csv_line(_COLUMNS)
    for each in leaving:
        record, row, who = each.record, _told(each), each.record.who
        whose = (row.who, who.arn, who.role, record.ev, record.act, record.res)
        cells = (record.ts, record.host, record.sess, record.op, *whose, row.outcome, record.plan, record.h)
        yield _csv_line(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in map(_shown, cells))


def as_html(leaving: Iterable[Leaving]) -> Iterator[str]:
    """One page without a script and without anything from elsewhere."""
    head = "".join(f"<th>{name}</th>" for name in HEADINGS)
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    style = "<style>table{border-collapse:collapse}td,th{border:1px solid;padding:2px 6px;text-align:left}</style>"
    yield f'<!doctype html><meta charset="utf-8">{policy}<title>dbconsole audit</title>{style}\n'
    yield f"<table><thead><tr>{head}</tr></thead><tbody>\n"
    for each in leaving:
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in _told(each).cells())
        yield f'<tr title="{html.escape(each.record.h)}">{cells}</tr>\n'
    yield "</tbody></table>\n"


Form = Callable[[Iterable[Leaving]], Iterator[str]]
FORMS: Mapping[str, Form] = {"jsonl": as_jsonl, "md": as_markdown, "csv": as_csv, "html": as_html}


def _csv_line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _shown(text: str) -> str:
    return sanitise(text, _LONGEST)


def _told(each: Leaving) -> Told:
    return told(each.record, is_whole=each.is_whole, most=_LONGEST)
