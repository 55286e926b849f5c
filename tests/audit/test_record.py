"""What goes into a record comes out of it, on one line that no terminal acts upon."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from enum import IntEnum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collectors.safe import sanitise
from console.audit import record as records
from console.audit.plain import DEEPEST, Plain, bounded, plain
from console.audit.record import DURABLE, MOST_BYTES, NO_HASH, Event, NotARecord, Record, Who, line, linked, parse
from tests.audit.keeping import ALICE, RESOURCE

SENT = Record(
    seq=412,
    ts="2026-11-21T00:24:52.113Z",
    mono=88_123_456_789,
    boot="b1f3",
    host="bastion-1",
    pid=4711,
    sess="01J",
    op="01J",
    who=ALICE,
    ev=Event.SENT,
    act="rds.failover",
    res=RESOURCE,
    plan="sha256:abc",
    data={"n": 1},
    prev=NO_HASH,
)

hostile = st.text() | st.sampled_from(
    ["\x1b]52;c;aGk=\x07", "a\r\nb", '{"ev":"DONE"}\n', "\u202e", "\x9b31m", "\x7f", "\ud800", "\udfff\ud800", "[red]"]
)
leaves = st.none() | st.booleans() | st.integers() | hostile
trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile, inner, max_size=4))


def test_the_format_is_the_one_that_was_agreed() -> None:
    """Whoever reads it in another language has these words to go by: they change with the version and not before."""
    told = json.loads(line(linked(SENT, 412, NO_HASH)))
    digest = told.pop("h")
    assert told == {
        "v": 1,
        "seq": 412,
        "ts": "2026-11-21T00:24:52.113Z",
        "mono": 88_123_456_789,
        "boot": "b1f3",
        "host": "bastion-1",
        "pid": 4711,
        "sess": "01J",
        "op": "01J",
        "who": {
            "arn": "arn:aws:sts::111122223333:assumed-role/dbconsole-operator/alice",
            "src": "alice",
            "tty": "ssh 10.0.0.7",
            "role": "operator",
            "shared": 3,
        },
        "ev": "SENT",
        "act": "rds.failover",
        "res": RESOURCE,
        "plan": "sha256:abc",
        "data": {"n": 1},
        "prev": NO_HASH,
    }
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    assert digest == hashlib.sha256(f"dbconsole-audit-v1\n{canonical}".encode()).hexdigest()


@given(data=st.dictionaries(hostile, trees, max_size=5), text=hostile)
@example(data={"\x7f": "\x9b\x7f"}, text="\x7f")
def test_records_out_are_records_in_whatever_the_text(data: dict[str, Plain], text: str) -> None:
    given = replace(SENT, act=text, who=Who(text, text, text, text), data=plain(data))  # type: ignore[arg-type]
    link = linked(records.within_bounds(given), 7, NO_HASH)
    told = line(link)
    assert told.endswith(b"\n")
    assert all(0x20 <= byte < 0x7F for byte in told[:-1]), "one line, and nothing that a terminal acts upon"
    assert parse(told[:-1]) == link
    assert parse(told[:-1]).is_whole
    if all(letter < "\ud800" or letter > "\udfff" for letter in text) and len(text) < 80:
        assert link.act == link.who.tty == text


@given(text=st.text(alphabet=st.characters() | st.sampled_from('\x00\x1f"\\\U0001f600'), min_size=900, max_size=3000))
def test_however_long_the_names_are_half_of_a_line_is_left_for_the_data(text: str) -> None:
    who = Who(text, text, text, text)
    long = replace(SENT, who=who, boot=text, host=text, sess=text, op=text, act=text, res=text, plan=text)
    assert len(line(linked(records.within_bounds(long), 1, NO_HASH))) < MOST_BYTES - 2048


def test_a_name_that_is_cut_says_so_and_one_that_fits_is_whole() -> None:
    assert bounded("a" * 1024) == "a" * 1024
    assert bounded("a" * 1025) == "a" * 1018 + "…"
    assert bounded("é" * 200) == "é" * 169 + "…"


class Level(IntEnum):
    HIGH = 3


def test_what_json_has_no_place_for_becomes_text_and_no_record_fails_for_it() -> None:
    found = plain(
        {
            "fraction": 0.1,
            "not a number": float("nan"),
            "time": datetime(2026, 11, 21, tzinfo=UTC),
            "pair": ("a", 1),
            "safe": sanitise("x\x1b"),
            "level": Level.HIGH,
            "great": 1 << 70,
            "set": {"b", "a"},
            3: b"x",
        }
    )
    assert found == {
        "fraction": "0.1",
        "not a number": "nan",
        "time": "2026-11-21 00:00:00+00:00",
        "pair": ["a", 1],
        "safe": "x␛",
        "level": 3,
        "great": str(1 << 70),
        "set": ["a", "b"],
        "3": "b'x'",
    }
    deep: object = "bottom"
    for _ in range(100):
        deep = [deep]
    assert str(plain(deep)).count("[") >= DEEPEST


def test_what_must_be_on_disk_before_a_call_is_sent_waits_for_the_disk() -> None:
    needed = {Event.CONFIRM, Event.APPROVED, Event.INTENT, Event.SENT}
    results = {Event.ACCEPTED, Event.REJECTED, Event.UNKNOWN, Event.DONE, Event.FAILED, Event.OVERDUE}
    assert needed | results <= DURABLE
    assert not DURABLE & {Event.PROGRESS, Event.NOTE, Event.ALERT_FIRE, Event.CHECK}


@pytest.mark.parametrize(
    "spoiled",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"v":2}',
        line(linked(SENT, 1, NO_HASH))[:-2],
        line(linked(SENT, 1, NO_HASH)).replace(b'"seq":1', b'"seq":"1"'),
        line(linked(SENT, 1, NO_HASH)).replace(b'"pid":4711', b'"pid":true'),
        line(linked(SENT, 1, NO_HASH)).replace(b'"shared":3', b'"extra":3'),
        line(linked(SENT, 1, NO_HASH)).replace(b'"role":"operator"', b'"role":7'),
        line(linked(SENT, 1, NO_HASH)).replace(b"2026-11-21T", b"yesterday"),
    ],
)
def test_a_line_of_another_form_is_no_record(spoiled: bytes) -> None:
    with pytest.raises(NotARecord):
        parse(spoiled)


def test_a_record_that_was_changed_is_not_whole() -> None:
    link = linked(SENT, 1, NO_HASH)
    assert link.is_whole
    assert not replace(link, res="arn:aws:rds:eu-west-1:111122223333:db:another").is_whole
