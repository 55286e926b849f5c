"""Whatever is done to a trail is found, and the first bad place is named."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.audit import evidence
from console.audit.anchors import Head, default_file, known
from console.audit.folder import CannotRead
from console.audit.record import Event, line, linked, parse
from console.audit.verify import Kind, Verdict, verify
from tests.audit.keeping import BATTERY, BEGIN, copied, kept, segments, written

RECORDS = 1000


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand records in a sealed segment that nothing else knows of."""
    return written(tmp_path_factory.mktemp("trail") / "audit", RECORDS)


@pytest.fixture
def lines(trail: Path) -> list[bytes]:
    return trail.read_bytes().splitlines(keepends=True)


def of(file: Path, content: bytes, folder: Path) -> Verdict:
    """The verdict on a trail that holds this one segment with this content."""
    day = folder / "audit" / file.parent.name
    day.mkdir(parents=True, exist_ok=True)
    (day / file.name).write_bytes(content)
    return verify(folder / "audit")


def only(verdict: Verdict) -> tuple[Kind, int | None, int | None, int | None]:
    (found,) = verdict.findings
    return found.kind, found.record, found.byte, found.good


def rewritten(raw: bytes, **other: object) -> bytes:
    """The record changed by somebody who knows how hashes are made."""
    record = replace(parse(raw[:-1]), **other)  # type: ignore[arg-type]  # the names of its fields
    return line(linked(record, record.seq, record.prev))


def test_what_was_written_is_whole(trail: Path) -> None:
    verdict = verify(trail.parents[1])
    assert (verdict.exit_code, verdict.findings, verdict.remarks) == (0, [], [])
    assert (verdict.segments, verdict.records) == (1, RECORDS)
    last = parse(trail.read_bytes().splitlines()[-1])
    assert (last.seq, last.ev) == (RECORDS - 1, "SEAL")
    assert verdict.heads == {f"{trail.parent.name}/{trail.name}": (RECORDS - 1, last.h)}


def test_every_byte_counts(trail: Path, tmp_path: Path) -> None:
    """Each byte of the file changed to another, one at a time: found, and placed at the record that holds it."""
    content = trail.read_bytes()
    starts = [0, *(match.end() for match in re.finditer(b"\n", content))]
    chance = random.Random(7)
    edges = {0, len(content) - 1, starts[412], starts[413] - 1, starts[-2], starts[-2] + 20}
    sample = chance.sample(range(len(content)), min(200 * BATTERY, len(content)))
    for at in sorted(edges.union(sample)):
        other = chance.choice([byte for byte in (content[at] ^ 1, content[at] ^ 0x20, 10, 0) if byte != content[at]])
        verdict = of(trail, content[:at] + bytes([other]) + content[at + 1 :], tmp_path)
        record = next(number for number, start in enumerate(starts[1:]) if at < start)
        assert verdict.exit_code == Kind.TAMPERED, (at, other)
        assert only(verdict) == (Kind.TAMPERED, record, starts[record], record), (at, other)


def test_the_line_says_what_a_person_needs(trail: Path, lines: list[bytes], tmp_path: Path) -> None:
    lines[412] = lines[412].replace(b'"percent":12', b'"percent":13')
    byte = sum(map(len, lines[:412]))
    (found,) = of(trail, b"".join(lines), tmp_path).findings
    assert found.line() == (
        f"FAIL segment {trail.parent.name}/{trail.name} record 412 line 413 byte {byte}: "
        "hash of record does not match (prev ok, next broken) – first bad; 412 good before"
    )


def test_whose_hash_alone_was_changed_still_has_its_successor(trail: Path, lines: list[bytes], tmp_path: Path) -> None:
    digest = parse(lines[412][:-1]).h.encode()
    lines[412] = lines[412].replace(digest, b"0" * 64)
    (found,) = of(trail, b"".join(lines), tmp_path).findings
    assert "(prev ok, next ok)" in found.what


def test_a_record_written_anew_with_a_right_hash_is_named_itself(
    trail: Path, lines: list[bytes], tmp_path: Path
) -> None:
    for number in (0, 412):
        changed = [*lines]
        changed[number] = rewritten(lines[number], res="arn:aws:rds:eu-west-1:111122223333:db:another")
        verdict = of(trail, b"".join(changed), tmp_path)
        assert only(verdict)[:2] == (Kind.TAMPERED, number)
        assert only(verdict)[3] == number
        assert "written anew" in verdict.findings[0].what


Change = Callable[[list[bytes]], list[bytes]]


@pytest.mark.parametrize(
    ("change", "record", "what"),
    [
        (lambda lines: lines[:412] + lines[413:], 412, "record 413 stands where 412 was due"),
        (lambda lines: lines[1:], 0, "record 1 stands where 0 was due"),
        (lambda lines: lines[:100] + lines[900:], 100, "record 900 stands where 100 was due"),
        (lambda lines: [*lines[:412], lines[413], lines[412], *lines[414:]], 412, "record 413 stands where 412 was"),
        (lambda lines: [*lines[:412], lines[411], *lines[412:]], 412, "record 411 stands where 412 was due"),
        (lambda lines: [*lines[:412], b"\n", *lines[412:]], 412, "it is no JSON"),
        (lambda lines: [*lines[:412], b"x" * 20_000 + b"\n", *lines[412:]], 412, "no line ends within"),
        (lambda lines: [*lines, lines[-1]], RECORDS, "something follows the seal"),
        (lambda lines: [*lines, b'{"v":1'], RECORDS, "something follows the seal"),
        (lambda lines: [*lines[:412], lines[412].replace(b'"pid":', b'"pid": '), *lines[413:]], 412, "as this program"),
    ],
)
def test_records_cut_swapped_doubled_or_put_in_are_found(
    change: Change, record: int, what: str, trail: Path, tmp_path: Path
) -> None:
    lines = trail.read_bytes().splitlines(keepends=True)
    verdict = of(trail, b"".join(change(lines)), tmp_path)
    assert only(verdict) == (Kind.TAMPERED, record, sum(map(len, lines[:record])), record)
    assert what in verdict.findings[0].what
    assert verdict.exit_code == 1


def test_a_tail_that_a_crash_leaves_is_torn_and_not_tampered_with(
    trail: Path, lines: list[bytes], tmp_path: Path
) -> None:
    content = b"".join(lines[:413])
    for gone in (1, 2, 300, len(lines[412]) - 1):
        verdict = of(trail, content[:-gone], tmp_path)
        assert only(verdict) == (Kind.TORN, 412, sum(map(len, lines[:412])), 412)
        assert verdict.exit_code == 2
    verdict = of(trail, content, tmp_path)
    assert only(verdict)[:2] == (Kind.TORN, 413), "nothing says that the session had ended there"
    assert "no seal" in verdict.findings[0].what


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Three sessions, one after another, with anchors."""
    folder = tmp_path / "audit"
    for day in range(3):
        written(folder, 20, anchored=True, begin=BEGIN + timedelta(days=day), session=f"S{day}")
    return folder


def judged(folder: Path) -> tuple[int, list[str]]:
    verdict = verify(folder, known(default_file(folder)))
    return verdict.exit_code, [finding.line() for finding in verdict.findings]


def test_sessions_follow_each_other(three: Path) -> None:
    assert judged(three) == (0, [])
    heads = [parse(file.read_bytes().splitlines()[-1]).h for file in segments(three)]
    starts = [parse(file.read_bytes().splitlines()[0]).prev for file in segments(three)]
    assert starts == ["0" * 64, *heads[:-1]]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_segment_that_was_taken_away_is_missed(three: Path, which: int) -> None:
    segments(three)[which].unlink()
    code, (line_,) = judged(three)
    assert code == 4
    assert "the segment is missing" in line_


def test_without_anchors_only_the_last_one_can_be_taken_away_unseen(three: Path) -> None:
    files = segments(three)
    files[2].unlink()
    assert verify(three).exit_code == 0
    files[0].unlink()
    assert verify(three).exit_code == 4


@pytest.mark.parametrize("which", [0, 1])
def test_an_end_that_was_cut_off_is_known_to_the_next_session(three: Path, which: int) -> None:
    file = segments(three)[which]
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:10]))
    verdict = verify(three)
    assert verdict.exit_code == 1
    assert any("records 10 to 19 were cut off" in finding.what for finding in verdict.findings)


def test_an_end_that_was_cut_off_is_known_to_the_anchors(three: Path) -> None:
    file = segments(three)[-1]
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:10]))
    assert verify(three).exit_code == 2, "no more can be said without them"
    code, found = judged(three)
    assert code == 5
    assert any("records 10 to 19 were cut off: an anchor knows record 19" in each for each in found)


def test_a_session_written_anew_from_its_start_is_known_to_the_anchors(three: Path) -> None:
    file = segments(three)[-1]
    records = [parse(raw) for raw in file.read_bytes().splitlines()]
    prev, told = records[0].prev, b""
    for record in records:
        link = linked(replace(record, who=replace(record.who, src="mallory")), record.seq, prev)
        prev, told = link.h, told + line(link)
    file.write_bytes(told)
    assert verify(three).exit_code == 0, "a chain alone cannot know"
    code, (found,) = judged(three)
    assert code == 5
    assert "record 0 line 1 byte 0" in found


def test_a_session_that_follows_another_than_it_says_is_seen(three: Path) -> None:
    file = segments(three)[-1]
    prev, told = "1" * 64, b""
    for raw in file.read_bytes().splitlines():
        record = parse(raw)
        link = linked(record, record.seq, prev)
        prev, told = link.h, told + line(link)
    file.write_bytes(told)
    assert verify(three).exit_code == 4
    assert "does not say which" in verify(three).findings[0].what


def test_two_anchors_that_know_a_record_differently_are_seen(three: Path) -> None:
    last = segments(three)[-1]
    with default_file(three).open("a") as anchors:
        anchors.write(Head("", f"{last.parent.name}/{last.name}", 19, "0" * 64).line() + "\n")
    assert judged(three)[0] == 5


def test_one_who_begins_a_chain_of_his_own_is_seen(three: Path, tmp_path: Path) -> None:
    stranger = written(tmp_path / "elsewhere", 20)
    (three / stranger.parent.name / stranger.name).write_bytes(stranger.read_bytes())
    verdict = verify(three)
    assert verdict.exit_code == 4
    assert "follows no segment" in verdict.findings[0].what


def test_the_worst_is_what_the_exit_status_says(three: Path) -> None:
    first, second, third = segments(three)
    first.unlink()
    third.write_bytes(third.read_bytes()[:-10])
    assert verify(three).exit_code == 4
    second.write_bytes(second.read_bytes()[::-1].replace(b"ecila", b"ollam", 1)[::-1])
    assert {finding.kind for finding in verify(three).findings} == {Kind.GAP, Kind.TORN, Kind.TAMPERED}
    assert verify(three).exit_code == 1


def test_evidence_that_was_changed_or_taken_away_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    with kept(folder) as trail:
        record = trail.write(Event.CHECK, data={"seen": "x" * 40_000})
    (kept_aside,) = (folder / "evidence").iterdir()
    assert evidence.digest_of(record.data) == kept_aside.name
    assert verify(folder).exit_code == 0
    kept_aside.write_bytes(kept_aside.read_bytes().replace(b"xx", b"xy", 1))
    assert only(verify(folder))[:2] == (Kind.TAMPERED, record.seq)
    kept_aside.unlink()
    assert only(verify(folder))[:2] == (Kind.GAP, record.seq)


def test_what_a_living_process_writes_is_no_torn_tail(tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    with kept(folder) as trail:
        trail.write(Event.SENT, op="O1")
        verdict = verify(folder)
        assert verdict.exit_code == 0
        assert "being written; 2 records so far" in verdict.remarks[0]
        assert verify(copied(folder, tmp_path / "copy")).exit_code == 2, "nobody writes the copy"
    assert verify(folder).exit_code == 0


def test_a_file_that_is_no_segment_is_named(three: Path) -> None:
    (three / "notes.txt").write_text("x")
    (segments(three)[0].parent / "x.jsonl").write_text("x")
    assert [remark.split(":")[0] for remark in verify(three).remarks] == ["2026-11-21/x.jsonl", "notes.txt"]


def test_a_segment_behind_a_symbolic_link_is_not_read(three: Path, tmp_path: Path) -> None:
    file = segments(three)[1]
    file.rename(tmp_path / "moved")
    file.symlink_to(tmp_path / "moved")
    verdict = verify(three)
    assert verdict.exit_code == 6
    assert "it cannot be read" in verdict.findings[0].what


def test_a_folder_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CannotRead) as caught:
        verify(tmp_path / "nowhere")
    assert caught.value.exit_code == 6
