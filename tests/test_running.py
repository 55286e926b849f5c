"""Which engine may a second console use? The one that was started as it would start its own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from collectors.errors import Trouble
from console import running
from console.running import Found, Other, Started
from console.specs import AwsOptions

SHOP = Started("watch", "shop", "/etc/shop.toml", read_only=False, aws={"region": "eu-west-1"}, at_ms=36_000_000, pid=7)
PLAY = Started("demo", "shop", "shop", read_only=False, play={"seed": 1})
WHERE = Path("/run/dbconsole/shop")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({}, None),
        ({"read_only": True}, None),
        ({"aws": {"region": "us-east-1"}}, "it was started with another --region"),
        ({"aws": {"region": "eu-west-1", "profile": "prod"}}, "it was started with another --profile"),
        ({"aws": {"region": "eu-west-1", "key": "0123"}}, "it was started with another AWS_ACCESS_KEY_ID"),
        ({"source": "/home/shop.toml"}, "it watches by /home/shop.toml"),
    ],
)
def test_an_engine_is_the_same_where_it_reads_the_same_in_the_same_name(other: dict[str, Any], why: str | None) -> None:
    found = Found(WHERE, replace(SHOP, **other))
    assert running.same(SHOP, (found,)) == (found if why is None else Other(found, why))


def test_an_engine_of_another_estate_or_of_the_demo_is_none_of_ours() -> None:
    assert running.same(SHOP, (Found(WHERE, replace(SHOP, estate="bank")), Found(WHERE, PLAY))) is None


def test_of_several_the_one_that_is_the_same_is_used_wherever_it_stands() -> None:
    others = (Found(WHERE, replace(SHOP, aws={})), Found(WHERE, SHOP))
    assert running.same(SHOP, others) == others[1]


def test_a_demo_is_shared_only_where_it_collects_and_plays_the_same() -> None:
    collects = Found(WHERE, replace(PLAY, command="collect"))
    assert isinstance(running.same(PLAY, (Found(WHERE, PLAY),)), Other)
    assert running.same(PLAY, (collects,)) == collects
    other = running.same(replace(PLAY, play={"seed": 2}), (collects,))
    assert other == Other(collects, "it plays with another --seed")


def test_of_a_key_no_more_is_kept_than_tells_it_from_another() -> None:
    said = running.aws_as_asked(AwsOptions("prod"), {"AWS_ACCESS_KEY_ID": "AKIAONE", "AWS_DEFAULT_REGION": "eu-west-1"})
    assert said["profile"] == "prod"
    assert said["region"] == "eu-west-1"
    assert "AKIA" not in json.dumps(said)
    assert said["key"] != running.aws_as_asked(AwsOptions(), {"AWS_ACCESS_KEY_ID": "AKIATWO"})["key"]


def test_an_option_that_would_do_nothing_to_an_engine_that_runs_is_refused() -> None:
    shares = Found(WHERE, replace(SHOP, share="mqtts://broker"))
    running.refuse_sharing(shares, None)
    running.refuse_sharing(shares, "mqtts://broker")
    with pytest.raises(Trouble, match="changes nothing") as caught:
        running.refuse_sharing(shares, "mqtts://elsewhere")
    assert "it shares at mqtts://broker" in caught.value.seen
    with pytest.raises(Trouble) as caught:
        running.refuse_sharing(Found(WHERE, SHOP), "mqtts://broker")
    assert "without sharing" in caught.value.seen


def test_what_is_kept_is_for_its_user_and_read_again_and_anything_else_is_nothing(tmp_path: Path) -> None:
    assert running.read(tmp_path) is None
    running.listens_now(tmp_path, pid=9)
    assert running.read(tmp_path) is None, "nobody said how it was started"
    running.keep(tmp_path, SHOP)
    running.listens_now(tmp_path, pid=9, shared="mqtt://viewer@127.0.0.1:1883/shop")
    kept = running.read(tmp_path)
    assert kept == replace(SHOP, pid=9, shared="mqtt://viewer@127.0.0.1:1883/shop")
    file = tmp_path / running.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    for text in ("", "[]", "{}", '{"format": 1}', json.dumps({**json.loads(file.read_text()), "format": 2})):
        file.write_text(text)
        assert running.read(tmp_path) is None


def test_an_engine_is_named_by_its_process_its_time_and_its_command() -> None:
    assert running.words(Found(WHERE, SHOP), UTC) == "the engine of pid 7, started 10:00 by `dbconsole watch`"
