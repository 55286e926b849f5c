"""What many people at one incident say to each other: who is here, who leads, what was noted, and what it is about."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.body import Body, Millis, Number, Text, is_absent


class Presence(Body):
    """Who has a screen open on this estate. Whoever has not been ``heard`` of for a while fades, and then is gone."""

    user: Text
    role: Literal["control", "view"]
    since: Millis
    screens: int = 1
    heard: Millis | None = Field(default=None, exclude_if=is_absent)  # when they last said what they see
    pane: Text = Field(default=Safe(""), exclude_if=is_absent)  # the name of the pane that was last touched
    resource: Text | None = Field(default=None, exclude_if=is_absent)  # that it is about
    following: bool = Field(default=False, exclude_if=is_absent)
    is_proved: bool = True  # False: a broker says so, and no signature


class Lead(Body):
    """Who leads, from which screen, and what they look at; whoever follows looks at the same."""

    user: Text
    screen: Text  # a ULID: one user may have several
    since: Millis
    pane: Text = Safe("overview")
    resource: Text | None = None  # the pane is about it
    selected: Text | None = None  # the row under the cursor, as an id
    window_ms: int | None = None  # how much time charts show
    end: Millis | None = None  # where they end; None: the present


class Incident(Body):
    """The one that is open, or was last. Its notes name its ``id``."""

    id: Text  # a ULID
    name: Text
    severity: Severity
    commander: Text
    opened: Millis
    by: Text  # who opened it
    closed: Millis | None = None
    closed_by: Text = Field(default=Safe(""), exclude_if=is_absent)
    outcome: Text = Field(default=Safe(""), exclude_if=is_absent)  # what was said at its end


class Note(Body):
    """One line with a time, by a person."""

    user: Text
    t: Millis
    text: Text
    resource: Text | None = Field(default=None, exclude_if=is_absent)  # it is pinned to
    incident: Text | None = Field(default=None, exclude_if=is_absent)  # it is part of
    is_proved: bool = True


class Relay(Body):
    """How a viewer's own engine hears the publisher. Said on the link to its screen, and about no estate.

    ``live``: what is shown is as new as the publisher makes it. ``late``: it hears, but ``late_s`` behind.
    ``lost``: the broker, or the publisher, is away; ``why`` says which, and the last picture stands, aged.
    """

    state: Literal["joining", "live", "late", "lost"]
    late_s: Number = 0.0
    url: Text  # without a password
    why: Text = Safe("")
    trust: Literal["verified", "unverified"]  # unverified: no signature, none that fits, or no key to know
    signer: Text = Safe("")  # the fingerprint of the key that signed, as ssh-keygen -l shows it
    refused: dict[Text, int] = Field(default_factory=dict, exclude_if=is_absent)  # messages not taken, by reason
    retries: int = Field(default=0, exclude_if=is_absent)  # connections lost since the start
