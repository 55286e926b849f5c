"""`dbconsole audit`, as its user runs it: what it says and with which status it ends."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from console.audit.anchors import default_file
from console.audit.record import Event, parse
from tests.audit.keeping import BEGIN, RESOURCE, kept, segments, written
from tests.audit.test_diff import event
from tests.collectors.aws.answering import KEYS, Answer, Refusal, Server, serving
from tests.rig.dbconsole import environment, run

OP = "01M7ZZ00000000000000000000"
HOSTILE = "=cmd|' /C calc'!A0 \x1b]52;c;aGk=\x07<script>alert(1)</script>|`x`"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    """A snapshot that was refused once and done once."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    written(state / "audit", 10, anchored=True)
    with kept(state / "audit", session="S2", begin=BEGIN + timedelta(days=1)) as trail:
        trail.write(Event.REFUSED, act="rds.snapshot", res=RESOURCE, data={"what": "A snapshot is being made already."})
        trail.write(Event.SENT, op=OP, act="rds.snapshot", res=RESOURCE)
        trail.write(
            Event.NOTE, data={"text": HOSTILE, "password": "hunter2", "sql": "SELECT * FROM t WHERE name='Eve'"}
        )
        trail.write(Event.DONE, op=OP, act="rds.snapshot", res=RESOURCE, data={"outcome": "It is available."})
    return state / "audit"


def audit(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("audit", *arguments, env=env)


def test_verify_says_ok_or_where_it_is_not(env: dict[str, str], trail: Path) -> None:
    done = audit(env, "verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert "ok: 17 records in 2 segments, last head " in done.stdout
    first, second = segments(trail)
    good = second.read_bytes()
    second.write_bytes(good.replace(b"hunter2", b"hunter3"))
    done = audit(env, "verify")
    assert done.returncode == 1
    assert done.stdout.startswith(f"FAIL segment {second.parent.name}/{second.name} record 3 line 4 byte ")
    second.write_bytes(good[:-30])
    assert audit(env, "verify").returncode == 2
    second.write_bytes(good)
    first.unlink()
    assert audit(env, "verify", "--dir", str(trail)).returncode == 4


def test_verify_holds_it_against_the_anchors_that_are_named(env: dict[str, str], trail: Path, tmp_path: Path) -> None:
    default_file(trail).rename(tmp_path / "journal")
    assert "there are no anchors" in audit(env, "verify").stdout
    last = parse(segments(trail)[0].read_bytes().splitlines()[-1]).h
    journal = (tmp_path / "journal").read_text()
    assert audit(env, "verify", "--anchor", str(tmp_path / "journal")).returncode == 0
    (tmp_path / "journal").write_text(journal.replace(last, "0" * 64))
    assert audit(env, "verify", "--anchor", str(tmp_path / "journal")).returncode == 5
    assert audit(env, "verify", "--anchor", str(tmp_path / "none")).returncode == 6


@pytest.mark.parametrize(
    ("arguments", "status", "seen"),
    [
        (("verify",), 6, "There is no audit trail in"),
        (("verify", "--demo"), 6, "audit-demo"),
        (("show", "--dir", "/nowhere"), 6, "/nowhere"),
        (("show", "--since", "yesterday"), 3, "2026-01-31T09:30:00Z"),
        (("verify", "--frobnicate"), 3, "unrecognized"),
        (("export",), 3, "--out"),
        (("diff",), 3, "--op --since is required"),
        (("verify", "--demo", "--dir", "x"), 3, "not allowed with"),
        ((), 3, "COMMAND"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments: tuple[str, ...], status: int, seen: str, env: dict[str, str]
) -> None:
    done = audit(env, *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert seen in done.stderr
    assert done.stderr.count("\n") == 1


def test_whoever_has_only_a_demos_trail_is_told_of_it(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    written(tmp_path / "state" / "audit-demo", 1)
    assert "`--demo` is for the demo's." in audit(env, "show").stderr
    assert audit(env, "show", "--demo").returncode == 0


def test_show_is_a_line_for_each_with_what_a_person_asks(env: dict[str, str], trail: Path) -> None:
    done = audit(env, "show", "--since", "2026-11-22")
    assert done.returncode == 0
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["TIME", "WHO", "WHAT", "RESOURCE", "OP", "OUTCOME"]
    refused = next(row for row in rows if "REFUSED" in row)
    assert refused.startswith("2026-11-22 00:")
    for part in ("alice (operator)", "REFUSED rds.snapshot", "orders-primary", "A snapshot is being made already."):
        assert part in refused
    assert len(rows) == 7
    assert all(line.isprintable() for line in done.stdout.splitlines())
    assert "ANCHOR" not in audit(env, "show").stdout


def test_show_of_one_action_and_for_a_program(env: dict[str, str], trail: Path) -> None:
    assert [line.split()[4] for line in audit(env, "show", "--op", OP).stdout.splitlines()[1:]] == ["SENT", "DONE"]
    told = [json.loads(line) for line in audit(env, "show", "--op", OP, "--json").stdout.splitlines()]
    assert [(each["ev"], each["whole"]) for each in told] == [("SENT", True), ("DONE", True)]
    assert audit(env, "show", "--op", "none").stdout == "No such record.\n"


def exported(env: dict[str, str], form: str, out: Path, *more: str) -> str:
    done = audit(env, "export", "--format", form, "--out", str(out), *more)
    assert (done.returncode, done.stderr) == (0, "")
    for line in (out / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    names = {each.name for each in out.iterdir()}
    assert names == {f"audit.{form}", "chain.json", "redactions.json", "SHA256SUMS"}
    return (out / f"audit.{form}").read_text()


def test_an_export_in_lines_can_be_checked_by_itself(env: dict[str, str], trail: Path, tmp_path: Path) -> None:
    lines = exported(env, "jsonl", tmp_path / "out", "--from", "2026-11-22", "--to", "2026-11-23").splitlines()
    assert len(lines) == 7
    masked = [json.loads(line) for line in lines if '"redacted":true' in line]
    assert [each["ev"] for each in masked] == ["NOTE"]
    whole = [parse(line.encode()) for line in lines if '"redacted":true' not in line]
    assert all(record.is_whole for record in whole)
    proof = json.loads((tmp_path / "out" / "chain.json").read_text())
    assert proof["exit_code"] == 0
    assert [head["h"] for head in proof["heads"].values()][-1] == whole[-1].h
    report = json.loads((tmp_path / "out" / "redactions.json").read_text())
    assert report["masked"] == 2
    assert report["records"] == {masked[0]["h"]: 2}


@pytest.mark.parametrize("form", ["jsonl", "md", "csv", "html"])
def test_no_export_holds_a_secret_or_does_anything_to_its_reader(
    form: str, env: dict[str, str], trail: Path, tmp_path: Path
) -> None:
    told = exported(env, form, tmp_path / "out")
    assert "hunter2" not in told
    assert "Eve" not in told
    assert "It is available." in told.replace("\\", "")
    assert all(line.isprintable() for line in told.split("\n"))
    match form:
        case "csv":
            rows = list(csv.reader(told.splitlines()))
            assert len(rows) == 18
            assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
            assert [row for row in rows if row[10].startswith("'=cmd|")]
        case "html":
            assert "<script>" not in told
        case "md":
            (note,) = [line for line in told.splitlines() if "calc" in line]
            assert note.count("|") - note.count("\\|") == 7
            assert "\\<script\\>" in note
        case _:
            assert "hash is wrong" not in told


def test_an_export_of_a_trail_that_was_changed_says_so(env: dict[str, str], trail: Path, tmp_path: Path) -> None:
    file = segments(trail)[1]
    file.write_bytes(file.read_bytes().replace(b"available", b"forgotten"))
    done = audit(env, "export", "--format", "md", "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "✗ hash is wrong" in (tmp_path / "out" / "audit.md").read_text()
    assert json.loads((tmp_path / "out" / "chain.json").read_text())["findings"]


def test_an_export_writes_over_nothing(env: dict[str, str], trail: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    done = audit(env, "export", "--out", str(tmp_path / "out"))
    assert done.returncode == 3
    assert "is there already" in done.stderr


def test_a_diff_without_a_record_asks_nobody(env: dict[str, str], trail: Path) -> None:
    done = audit(env, "diff", "--op", "none")
    assert done.returncode == 3
    assert "There is no such record." in done.stderr


@pytest.fixture
def aws() -> Iterator[Server]:
    with serving() as server:
        yield server


def of_cloudtrail(*events: dict[str, Any]) -> Answer:
    told = [event | {"EventTime": event["EventTime"].timestamp()} for event in events]
    return Answer(json.dumps({"Events": told}).encode(), kind="application/x-amz-json-1.1")


def test_a_diff_says_whether_aws_agrees(env: dict[str, str], trail: Path, aws: Server, tmp_path: Path) -> None:
    nothing = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    keys = {"AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1], "AWS_ENDPOINT_URL": aws.url}
    there = env | nothing | keys
    aws.usual = lambda _: of_cloudtrail(event(f"dbconsole-alice-{OP}"))
    agreed = audit(there, "diff", "--op", OP)
    assert (agreed.returncode, agreed.stderr) == (0, "")
    assert f"ok      {OP} 2026-11-21 00:25:00Z rds:CreateDBSnapshot of orders-primary by" in agreed.stdout
    (asked,) = aws.came
    assert "CloudTrail_20131101.LookupEvents" in asked.headers["x-amz-target"]
    assert "/eu-west-1/cloudtrail/" in asked.headers["authorization"], "where the resource is"
    aws.usual = lambda _: of_cloudtrail(event("mallory", "DeleteDBInstance"))
    differ = audit(there, "diff", "--since", "2026-11-22")
    assert differ.returncode == 1
    assert f"UNSEEN  {OP}" in differ.stdout
    assert "NOT OURS 2026-11-21 00:25:00Z rds:DeleteDBInstance of orders-primary" in differ.stdout
    aws.usual = lambda _: Refusal("AccessDeniedException")
    assert audit(there, "diff", "--op", OP).returncode == 6
