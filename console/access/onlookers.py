"""Do others see the terminal that an action is asked from? Then whoever asks proves it anew, however lately they did.

On a shared terminal each who is there types as one and the same person: a code that was taken ten minutes ago, or a
name that anybody can read off the screen, says nothing about whose keys these are. A second factor does; where there
is none, one more word is typed, which says that it was known.
"""

from __future__ import annotations

from console.access.refusal import Refusal, refusal

ALONE, SOME = 1, 0  # SOME: others may see it, and nobody says how many
WORD = "shared"


def is_shared(watchers: int) -> bool:
    return watchers != ALONE


def seen_by(watchers: int) -> str:
    return f"{watchers} people see it" if watchers > ALONE else "others may see it, and nobody says how many"


def to_prove(watchers: int, *, by_code: bool) -> Refusal | None:
    """What is wanted of whoever confirms, as the plan says it."""
    if not is_shared(watchers):
        return None
    mend = "Type a new code of the second factor." if by_code else f"Type the word `{WORD}` after the name."
    return refusal("This terminal is shared: who confirms proves it anew.", seen_by(watchers), mend)


def unproved(watchers: int) -> Refusal:
    """At the gate: nobody did."""
    what = "This terminal is shared, and nobody proved who confirms it."
    mend = "Plan it anew, and do what the plan asks for; or act from a terminal of your own."
    return refusal(what, seen_by(watchers), mend)


def joined_since(watchers: int) -> Refusal:
    """The plan knew of nobody else."""
    what = "Others see this terminal since it was planned. Nothing was sent."
    return refusal(what, seen_by(watchers), "Esc, and plan it anew: then it says what is asked for.")
