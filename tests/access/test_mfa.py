"""What is known of a second factor, and what it locks where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import BaseModel

from console.access.identity import identity
from console.access.mfa import Demand, MfaAge, Shown, TypedCode, WrongCode, demand, factor, serial_of
from console.access.moment import Moment
from console.access.role import Role
from profiles.people import SureRole

JANE = identity("arn:aws:iam::111122223333:user/ops/jane")
DEVICE = "arn:aws:iam::111122223333:mfa/jane"
SURE = SureRole(mfa_serial="arn:aws:iam::111122223333:mfa/{user}")
NIGHT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def after(minutes: float, monotonic: float | None = None) -> Moment:
    return Moment(NIGHT + timedelta(minutes=minutes), (minutes if monotonic is None else monotonic) * 60)


def asked(said: SureRole, known: MfaAge, now: Moment, *, is_demo: bool = False) -> Demand:
    return demand(Role.OPERATOR, said, known, JANE, now, is_demo=is_demo)


def test_what_cannot_be_known_locks_and_says_what_would_let_it_be_known() -> None:
    told = asked(SureRole(), MfaAge().taken(after(0)), after(1))
    assert told.shown is Shown.UNKNOWN
    assert told.refusal is not None
    assert told.refusal.what == "As operator one needs a second factor, and whether there was one is unknown."
    assert "mfa_serial in [roles.operator]" in told.refusal.mend
    assert "mfa = false" in told.refusal.mend


def test_nothing_is_asked_where_the_profile_asks_nothing_or_in_the_demo() -> None:
    assert asked(SureRole(mfa=False), MfaAge(), after(0)) == Demand(Shown.NOT_ASKED)
    assert asked(SureRole(), MfaAge(), after(0), is_demo=True) == Demand(Shown.NOT_ASKED)


def test_a_code_is_wanted_then_good_for_a_quarter_of_an_hour_then_wanted_again() -> None:
    first = asked(SURE, MfaAge(), after(0))
    assert first.shown is Shown.WANTED
    assert first.refusal is not None
    assert (first.refusal.seen, first.refusal.mend) == (
        "no code was typed in this session",
        f"Type the six digits of {DEVICE}.",
    )
    known = MfaAge().taken(after(0))
    assert asked(SURE, known, after(14.9)) == Demand(Shown.FRESH)
    again = asked(SURE, known, after(15))
    assert again.shown is Shown.WANTED
    assert again.refusal is not None
    assert again.refusal.seen == "the last code was typed 15 min ago"
    assert asked(SURE, known.forgotten(), after(1)).shown is Shown.WANTED


def test_the_profile_says_how_long() -> None:
    short = SURE.model_copy(update={"mfa_max_age_minutes": 5})
    assert asked(short, MfaAge().taken(after(0)), after(4)).shown is Shown.FRESH
    assert asked(short, MfaAge().taken(after(0)), after(5)).shown is Shown.WANTED


def test_sleep_and_a_clock_that_is_set_back_do_not_lengthen_it() -> None:
    known = MfaAge().taken(after(0))
    assert asked(SURE, known, after(20, monotonic=1)).shown is Shown.WANTED
    assert asked(SURE, known, after(-20, monotonic=16)).shown is Shown.WANTED


def test_a_device_is_the_callers_own() -> None:
    assert serial_of(SURE, JANE) == DEVICE
    session = identity("arn:aws:sts::111122223333:assumed-role/staff/joe@example.org")
    assert serial_of(SURE, session) == "arn:aws:iam::111122223333:mfa/joe@example.org"
    assert serial_of(SureRole(mfa_serial="GAHT12345678"), JANE) == "GAHT12345678"
    assert serial_of(SureRole(), JANE) is None


def test_a_code_is_six_digits_and_is_shown_nowhere() -> None:
    given = factor(DEVICE, " 123 456\n")
    assert (given.serial, given.code) == (DEVICE, "123456")
    assert "123456" not in repr(given)

    class Confirm(BaseModel):
        code: TypedCode = ""

    assert "123456" not in repr(Confirm(code="123456"))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "-12345"])
def test_what_is_no_code_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(WrongCode) as told:
        factor(DEVICE, typed)
    assert told.value.line() == "A code has six digits. Type the one that the device shows now."
