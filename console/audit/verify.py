"""Is the audit trail in a folder what was written? Reads it once more from its start, and says where it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from console.audit import evidence, folder
from console.audit.anchors import Known
from console.audit.beginning import Beginning, Recovery, beginning, open_segment
from console.audit.folder import Place
from console.audit.record import NO_HASH
from console.audit.walk import Fault, Link, Walk, rest


class Kind(IntEnum):
    """What is wrong, by the exit status that says so."""

    TAMPERED = 1
    TORN = 2
    GAP = 4
    ANCHOR = 5
    UNREAD = 6


_WORST_FIRST = (Kind.TAMPERED, Kind.ANCHOR, Kind.GAP, Kind.UNREAD, Kind.TORN)


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    segment: str
    what: str
    record: int | None = None
    byte: int | None = None
    good: int | None = None  # records before it that are

    def line(self) -> str:
        """`FAIL segment … record 412 line 413 byte 180221: … - first bad; 412 good before`"""
        where = "" if self.record is None else f" record {self.record} line {self.record + 1} byte {self.byte}"
        before = "" if self.good is None else f" – first bad; {self.good} good before"
        return f"{'TORN' if self.kind == Kind.TORN else 'FAIL'} segment {self.segment}{where}: {self.what}{before}"


@dataclass(slots=True)
class Verdict:
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what is as it may be, and worth a line
    segments: int = 0
    records: int = 0
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)  # of each segment: its last good record

    @property
    def exit_code(self) -> int:
        kinds = {finding.kind for finding in self.findings}
        return next((int(kind) for kind in _WORST_FIRST if kind in kinds), 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """That somewhere else says which hash one record of a segment has."""

    kind: Kind
    by: str
    hashes: frozenset[str]


Claims = dict[int, list[Claim]]


def verify(path: Path, anchors: Known | None = None) -> Verdict:
    """In memory that does not grow with the records. `CannotRead` where the folder cannot be listed."""
    return _Verifier(path, anchors).judged()


class _Verifier:
    def __init__(self, path: Path, anchors: Known | None) -> None:
        self._path = path
        self._anchors = anchors
        self._found = Verdict()
        self._claims: dict[str, Claims] = defaultdict(lambda: defaultdict(list))
        self._recoveries: dict[str, list[Recovery]] = defaultdict(list)

    def judged(self) -> Verdict:
        places = folder.places(self._path)
        self._found.remarks += [f"{name}: no part of an audit trail" for name in folder.strangers(self._path)]
        begun = {each.name: told for each in places if (told := self._beginning(each))}
        self._claim(places, begun)
        for each in places:
            self._found.segments += 1
            try:
                self._check(each)
            except OSError as error:
                self._find(Kind.UNREAD, each.name, f"it cannot be read: {error.strerror}")
        return self._found

    def _find(self, kind: Kind, segment: str, what: str, at: Fault | None = None, good: int | None = None) -> None:
        record, byte = (at.record, at.byte) if at else (None, None)
        self._found.findings.append(Finding(kind, segment, what, record, byte, good))

    def _beginning(self, place: Place) -> Beginning | None:
        try:
            return beginning(self._path, place.name)
        except OSError:  # said when it is checked
            return None

    def _claim(self, places: list[Place], begun: dict[str, Beginning]) -> None:
        """What segments and anchors say of others, and who says what of one that is not there."""
        missing: dict[str, str] = {}
        first: dict[str, str] = {}
        names = {each.name for each in places}
        for each in places:
            told = begun.get(each.name)
            if told is None:
                continue
            for name, seq, head in told.former:
                self._claims[name][seq].append(Claim(Kind.TAMPERED, f"segment {each.name}", frozenset({head})))
                missing.setdefault(name, f"segment {each.name} goes on from its record {seq}")
            for recovery in told.recovered:
                self._recoveries[recovery.file].append(recovery)
                claim = Claim(Kind.TAMPERED, f"segment {each.name}, which recovered it,", frozenset({recovery.head}))
                self._claims[recovery.file][recovery.seq].append(claim)
                missing.setdefault(recovery.file, f"segment {each.name} recovered it")
            self._judge_prev(each, told, first)
        for name, of_file in (self._anchors or {}).items():
            for seq, hashes in of_file.items():
                self._claims[name][seq].append(Claim(Kind.ANCHOR, "an anchor", hashes))
            missing.setdefault(name, f"an anchor knows its record {max(of_file)}")
        for name in sorted(missing.keys() - names):
            self._find(Kind.GAP, name, f"the segment is missing: {missing[name]}")

    def _judge_prev(self, place: Place, told: Beginning, first: dict[str, str]) -> None:
        if told.prev == NO_HASH:
            if (other := first.setdefault(place.writer, place.name)) != place.name:
                self._find(
                    Kind.GAP, place.name, f"it follows no segment, and so does {other}: one of them is not whole"
                )
        elif not told.former or told.former[0][2] != told.prev:
            self._find(Kind.GAP, place.name, "it follows a segment and does not say which")

    def _check(self, place: Place) -> None:
        claims, recoveries = self._claims.get(place.name, {}), self._recoveries.get(place.name, [])
        is_held = folder.is_held(self._path / place.name)  # before it is read: what is written meanwhile is good
        ends: dict[int, Link] = {}
        with open_segment(self._path, place.name) as file:
            walk = Walk(file)
            for link in walk:
                self._found.records += 1
                if not self._keeps(place, link, claims.get(link.seq, ())):
                    return
                if any(link.seq == each.seq for each in recoveries):
                    ends[link.seq] = link
            is_explained = self._is_recovered(place, walk, recoveries, ends)
        if walk.last is not None:
            self._found.heads[place.name] = (walk.last.seq, walk.last.h)
        if not is_explained:
            self._judge_end(place, walk, is_held=is_held, is_recovered=bool(recoveries))
        if is_explained or not walk.fault:
            self._judge_rest(place, walk, claims)
        if self._anchors is not None and place.name not in self._anchors:
            self._found.remarks.append(f"{place.name}: no anchor knows of it")

    def _keeps(self, place: Place, link: Link, claims: Sequence[Claim]) -> bool:
        """Whether a good record is the one that others know; and its evidence with it."""
        at = Fault(link.seq, link.byte, "")
        for claim in claims:
            if claim.hashes != {link.h}:
                told = ", ".join(sorted(each[:8] for each in claim.hashes))
                what = f"its hash is {link.h[:8]}, and {claim.by} says {told}"
                self._find(claim.kind, place.name, what, at, link.seq)
                return False
        if (digest := evidence.digest_of(link.data)) and (wrong := evidence.fault(self._path, digest)):
            kind = Kind.GAP if wrong == evidence.MISSING else Kind.TAMPERED
            self._find(kind, place.name, f"its evidence {digest[:8]}… {wrong}", at, link.seq)
        return True

    def _is_recovered(self, place: Place, walk: Walk, recoveries: list[Recovery], ends: dict[int, Link]) -> bool:
        """Whether what is behind the last good record is just what another process found there when it began."""
        for each in recoveries:
            link = ends.get(each.seq)
            if link is None and each.seq >= 0:
                continue
            if rest(walk.file, link.end if link else 0) == (each.torn_bytes, each.torn_sha256):
                if each.torn_bytes:
                    kept = f"{each.torn_bytes} bytes behind record {each.seq} are no part of it"
                    self._found.remarks.append(f"{place.name}: recovered without its seal; {kept}")
                return True
        return False

    def _judge_end(self, place: Place, walk: Walk, *, is_held: bool, is_recovered: bool) -> None:
        end = Fault(walk.good, walk.end, "")
        if walk.fault:
            self._find(Kind.TAMPERED, place.name, walk.fault.what, walk.fault, walk.good)
        elif is_recovered:
            what = "its end is not what it was when it was recovered"
            self._find(Kind.TAMPERED, place.name, what, end, walk.good)
        elif is_held:
            self._found.remarks.append(f"{place.name}: being written; {walk.good} records so far")
        elif walk.torn:
            what = f"{walk.torn} bytes of a record that was not written to its end"
            self._find(Kind.TORN, place.name, what, end, walk.good)
        elif not walk.is_sealed:
            what = "it has no seal, and nobody writes it: what may have stood behind is not known"
            self._find(Kind.TORN, place.name, what, end, walk.good)

    def _judge_rest(self, place: Place, walk: Walk, claims: Mapping[int, Sequence[Claim]]) -> None:
        """What others know of records that are not there: the end was cut off."""
        for kind in (Kind.TAMPERED, Kind.ANCHOR):
            known = [(seq, claim.by) for seq, each in claims.items() for claim in each if claim.kind == kind]
            seq, by = max(known, default=(-1, ""))
            if seq >= walk.good:
                what = f"records {walk.good} to {seq} were cut off: {by} knows record {seq}"
                self._find(kind, place.name, what, Fault(walk.good, walk.end, ""), walk.good)
