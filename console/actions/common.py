"""The checks that every action has, C0 to C11: is there evidence, is it ours to do, and is anybody else at it?"""

from __future__ import annotations

from datetime import timedelta

from console.actions.check import Check, Override, Verdict, found, passed
from console.actions.plan import Target
from console.actions.registry import Action
from console.actions.situation import Situation, Told

SHARED = "shared-terminal"
CLOCK_OFF = timedelta(seconds=60)
CLOCK_FAR_OFF = timedelta(seconds=300)


def common(action: Action, target: Target, seen: Situation) -> tuple[Check, ...]:
    """In the order in which a person wants to know."""
    return (
        _audit(seen),
        _live(seen),
        _place(target, seen),
        _role(action, seen),
        _told("mfa", seen, seen.mfa, _over_a_code(seen), "The second factor is fresh, or none is asked for."),
        _told("freeze", seen, seen.freeze, _over_a_freeze(seen), "No freeze, or it lets this through."),
        _alone(seen),
        _told("cool-down", seen, seen.cool_down, Override.REASON, "Nothing was done here a moment ago."),
        _clock(seen),
        _told("lock", seen, seen.lock, Override.NEVER, "Nobody else holds the lock."),
        _told("approval", seen, seen.approvals, Override.BREAK_GLASS, "No second person is needed, or one has signed."),
        _told(SHARED, seen, seen.shared, _over_onlookers(seen), "Nobody else sees this terminal, or it was proved."),
    )


def _told(name: str, seen: Situation, told: Told, override: Override, fine: str) -> Check:
    if told.verdict is Verdict.PASS:
        return passed(name, seen.looked, told.what or fine, told.seen)
    return found(name, told.verdict, seen.looked, (told.what, told.seen, told.mend), override)


def _audit(seen: Situation) -> Check:
    trouble = seen.audit
    if trouble is None:
        return passed("audit", seen.looked, "The audit can be written.")
    what, was = "The audit cannot be written: actions are locked, viewing goes on.", f"{trouble.what} {trouble.seen}"
    return found("audit", Verdict.BLOCK, seen.looked, (what, was.strip(), trouble.mend))


def _live(seen: Situation) -> Check:
    trouble = seen.locked_out
    if trouble is None:
        return passed("live", seen.looked, "This console looks at AWS itself, now.")
    return found("live", Verdict.BLOCK, seen.looked, (trouble.what, trouble.seen, trouble.mend))


def _place(target: Target, seen: Situation) -> Check:
    if seen.caller_account is None:
        told = ("Whose credentials these are is not known.", "STS has not answered.", "It is asked again; look at `c`.")
        return found("account", Verdict.UNKNOWN, seen.looked, told)
    here, there = (seen.caller_account, seen.caller_region), (target.account, target.region)
    if here != there:
        what = f"Credentials are for {here[0]} in {here[1]}, the target is in {there[0]}, {there[1]}."
        told = (what, target.arn, "Use the credentials of the target's account; the profile names its role.")
        return found("account", Verdict.BLOCK, seen.looked, told)
    return passed("account", seen.looked, f"Credentials and target are of {target.account}, {target.region}.")


def _role(action: Action, seen: Situation) -> Check:
    if seen.role < action.least:
        what = f"{action.title} needs {action.least.word}; you are {seen.role.word}."
        told = (what, f"{seen.caller or 'an unknown caller'}: {seen.how}", f"Ask for the role {action.least.word}.")
        return found("role", Verdict.BLOCK, seen.looked, told)
    if (denial := seen.denial) is not None:
        return found("role", Verdict.BLOCK, seen.looked, (denial.what, denial.seen, denial.mend))
    return passed("role", seen.looked, f"You are {seen.role.word}.", seen.how)


def _over_a_code(seen: Situation) -> Override:
    return Override.CODE if seen.takes_code else Override.NEVER


def _over_onlookers(seen: Situation) -> Override:
    return Override.CODE if seen.proves_by_code else Override.NEVER


def _over_a_freeze(seen: Situation) -> Override:
    return Override.NEVER if seen.is_passive else Override.BREAK_GLASS


def locked(action: Action, seen: Situation) -> Check | None:
    """Why nobody may do this now, whatever to; None where that hangs on the target alone."""
    checks = [_audit(seen), _live(seen), _role(action, seen)]
    if seen.is_passive:
        checks.append(_told("freeze", seen, seen.freeze, Override.NEVER, ""))
    return next((check for check in checks if check.verdict is Verdict.BLOCK), None)


def _alone(seen: Situation) -> Check:
    if not seen.under_way:
        return passed("alone", seen.looked, "Nothing else is under way here.")
    other = seen.under_way[0]
    age = (seen.looked - other.since).total_seconds()
    what = f"{other.by} began {other.title} {other.op} {age:.0f} s ago ({other.state})."
    counted = f"{len(seen.under_way)} under way on the same cluster"
    told = (what, counted, "Wait for its end, or watch it: `:operations`.")
    return found("alone", Verdict.BLOCK, seen.looked, told)


def _clock(seen: Situation) -> Check:
    if seen.skew is None:
        told = ("How far this clock is from AWS's is not known.", "No answer has told the time.", "It is asked again.")
        return found("clock", Verdict.UNKNOWN, seen.looked, told, Override.REASON)
    off = abs(seen.skew)
    if off <= CLOCK_OFF:
        return passed("clock", seen.looked, "This clock is AWS's.", f"{off.total_seconds():.0f} s off")
    way = "ahead of" if seen.skew > timedelta(0) else "behind"
    what, mend = f"This clock is {_spoken(off)} {way} AWS's.", "Set it: `timedatectl set-ntp true`."
    told = (what, "AWS's answers are dated otherwise", mend)
    return found("clock", Verdict.BLOCK, seen.looked, told, Override.NEVER if off > CLOCK_FAR_OFF else Override.REASON)


def _spoken(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
