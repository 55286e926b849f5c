"""Why is the list empty, since when, and what would fill it? In lines; the first says it, the last says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.safe import Safe, sanitise
from console.screen.picture import Picture
from console.times import span

if TYPE_CHECKING:  # pydantic comes after the first paint
    from console.protocol.status import CollectorState

INVENTORY = "inventory"
_ORDER = ("denied", "failing", "late", "pending", "ok")  # what keeps the estate from being known goes first


def why_empty(picture: Picture, asked: str) -> tuple[Safe, ...]:
    """Nobody speaks, nobody has looked yet, may not look, cannot, found nothing; or the filter hides it all."""
    if picture.resources:
        return tuple(map(sanitise, (f"Nothing matches '{asked}'. Esc shows all.", *_hidden(picture))))
    if picture.meta is None or picture.now_ms is None:
        return tuple(map(sanitise, _nobody_speaks(picture)))
    asking = [told for told in picture.status.collectors if told.name == INVENTORY] if picture.status else []
    if not asking:
        return Safe("No resource is known yet: the engine has not begun to look."), Safe("It says so when it does.")
    if picture.status is not None and (picture.status.paused or all(told.paused for told in asking)):
        return Safe("No resource is known: the inventory is paused."), Safe("Press c for the collectors, then P.")
    worst = min(asking, key=lambda told: _ORDER.index(told.state))
    return tuple(sanitise(line) for line in _looking(worst, picture.meta.estate, picture.now_ms) if line)


def _hidden(picture: Picture) -> tuple[str, ...]:
    number = len(picture.resources)
    return (f"{number} resource{'s are' if number != 1 else ' is'} hidden by the filter; ? names what one may say.",)


def _nobody_speaks(picture: Picture) -> tuple[str, ...]:
    if picture.contact == "lost":
        return (
            f"The engine was lost {span(picture.contact_s)} ago, before it told of any resource.",
            "It is looked for.",
        )
    return (
        f"Waiting for the engine's first samples, for {span(picture.contact_s)}.",
        "It begins by looking what there is.",
    )


def _looking(told: CollectorState, estate: str, now: int) -> tuple[str, ...]:
    where = f"the {told.name} of {told.target}"
    since = f", for {span((now - told.since) / 1000)}" if told.since is not None else ""
    why = told.error or ""
    match told.state:
        case "denied":
            missing = f"The missing permission is {told.grant}." if told.grant else ""
            return f"No resource is known: {where} is denied{since}.", why, missing, told.mend or "Press c for more."
        case "failing" | "late":
            again = "" if told.next is None else f" It is tried again in {span((told.next - now) / 1000)}."
            return (
                f"No resource is known: {where} is {told.state}{since}.",
                why,
                (told.mend or "Press c for more.") + again,
            )
        case "pending":
            return f"No resource is known yet: {where} is being asked{since}.", "Rows come as soon as it answers."
    looked = "" if told.last is None else f", {span((now - told.last) / 1000)} ago,"
    return (
        f"Nothing that was found belongs to {estate}.",
        f"The {told.name} of {told.target} looked{looked} and all is well with it.",
        "See [estate] of the profile: its accounts and regions, `select` and `exclude` say what belongs to it.",
    )
