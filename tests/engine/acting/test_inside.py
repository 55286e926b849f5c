"""What the estate has been told is what the checks of a failover are told; and no more than that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from collectors.aws.known import Found, Known
from collectors.aws.ties import Ties
from collectors.inside.sessions import Sessions
from collectors.readings import Described, Metric, ReplicaLag, ResourceId
from collectors.safe import Safe
from console.actions.known import Value
from console.engine.acting.inside import EstateInside
from console.estate.estate import Estate
from tests.actions.given import NOW
from tests.engine.acting.test_choosing import PLACE, found


def id_(name: str) -> ResourceId:
    return ResourceId(Safe(name))


def described(name: str, status: str = "available") -> Described:
    kind, engine, role = Safe("instance"), Safe("postgres"), Safe("primary")
    return Described(id_(name), NOW, kind, engine, role, Safe(status), Safe("eu-west-1b"), Safe("eu-west-1"), Safe("1"))


def inside(estate: Estate, known: Known) -> EstateInside:
    return EstateInside(estate, known, tested=lambda _: (), probed=lambda _: None, origins=lambda _: ())


def test_it_is_told_as_old_as_it_is_and_of_whom_nobody_told_nothing_is_known() -> None:
    estate, at = Estate(), NOW - timedelta(minutes=3)
    told = Sessions(id_("ledger"), at, (), connected=7)
    lag = ReplicaLag(id_("ledger"), at, None, timedelta(seconds=2), Safe("behind"))
    metric = Metric(id_("ledger"), at, Safe("cloudwatch.ReplicaLag"), 2.5, Safe("s"))
    for reading in (described("ledger"), told, lag, metric):
        estate.fold(reading)
    known = inside(estate, Known())
    assert (known.sessions("ledger"), known.lag("ledger")) == (told, lag)
    assert known.value("ledger", "ReplicaLag") == Value(2.5, at)
    assert (known.replication("ledger"), known.jobs("ledger"), known.sessions("nobody")) == (None, None, None)
    assert known.value("ledger", "CPUUtilization") is None


def test_who_fails_in_a_zone_is_told_but_for_the_family_of_who_asks() -> None:
    estate, there = Estate(), Known()
    names = {"ledger": "", "ledger-1": "ledger", "shop": "", "stopped": "", "far": ""}
    zones = {name: "eu-west-1a" if name == "far" else "eu-west-1b" for name in names}
    there.put(PLACE, [_at(name, zones[name], source) for name, source in names.items()])
    for name in names:
        estate.fold(described(name, "stopped" if name == "stopped" else "rebooting"))
    assert inside(estate, there).failing("eu-west-1b", "ledger") == ("shop",)
    assert inside(estate, there).failing("", "ledger") == inside(estate, there).failing("eu-west-1b", "nobody") == ()


def test_what_aws_calls_so_is_called_as_the_estate_does() -> None:
    there = Known()
    there.put(PLACE, [found("ledger")])
    known = inside(Estate(), there)
    assert (known.called("ledger", "ledger"), known.called("gone", "ledger")) == ("ledger", "gone")


def _at(name: str, az: str, source: str) -> Found:
    return replace(found(name), ties=Ties(az=az, source=source))
