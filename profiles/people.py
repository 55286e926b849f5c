"""Who may do what, and who is told?"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from profiles.fields import Flag, Name, Part, Severity, Text, filled, listed, matching, one_of, refuse, text_of, whole
from profiles.wrong import nearest

_ARN = "arn:aws:iam::111122223333:role/NAME, with `*` and `?`"
_PRINCIPAL = matching(r"arn:[a-z*-]+:(iam|sts):[a-z0-9*-]*:[\d*?]+:\S+", _ARN)
Principals = Annotated[tuple[Annotated[str, BeforeValidator(_PRINCIPAL)], ...], BeforeValidator(listed)]
NONE = "none"
_ASSUMED = matching(
    r"arn:aws[a-z-]*:iam::\d{12}:role/([\x21-\x7e]{1,511}/)?[\w+=,.@-]{1,64}|[\w+=,.@-]{1,64}",
    f"arn:aws:iam::111122223333:role/NAME, the name of a role in the caller's account, or {NONE}",
)
_SERIAL = matching(
    r"arn:aws[a-z-]*:iam::\d{12}:(mfa|sms-mfa)/([\x21-\x7e]{1,500}/)?([\w+=,.@-]|\{user\})+|[A-Za-z0-9]{9,64}",
    "arn:aws:iam::111122223333:mfa/NAME, where {user} stands for the caller's name, or the number on a device",
)
_LONGEST_AGE = 12 * 60  # minutes: no session of a role lasts longer


class Role(Part):
    """Whom the profile takes for this role. It can only narrow: what IAM refuses stays refused."""

    assume: Annotated[str, BeforeValidator(_ASSUMED)] | None = Field(
        default=None,
        description="The IAM role that whoever holds this one may assume: its ARN, its name in the caller's account, "
        f"or `{NONE}` where actions are done as the caller; if left out the name `dbconsole-` and the role's.",
    )
    principal_arns: Principals = Field(
        default=(), description="Patterns of the caller's ARN, as sts:GetCallerIdentity gives it; one of them must fit."
    )
    principal_tags: dict[Text, Text] = Field(
        default_factory=dict, description="Tags of the caller's principal: key to pattern of the value; all must fit."
    )
    mfa: Flag = Field(default=False, description="Whether the caller must have signed in with a second factor.")
    mfa_serial: Annotated[str, BeforeValidator(_SERIAL)] | None = Field(
        default=None,
        description="Of the device whose code is asked for: an ARN, `{user}` being the caller's name, or its number.",
    )
    mfa_max_age_minutes: Annotated[int, BeforeValidator(whole(1, _LONGEST_AGE))] = Field(
        default=15, description="For how long a code is good here, before another one is asked for."
    )


class SureRole(Role):
    """A role that changes things: a stolen password alone must not be enough for it."""

    mfa: Flag = Field(default=True, description="Whether the caller must have signed in with a second factor.")


class Roles(Part):
    """Viewer, operator, admin. A role that says nothing of principals is held by whomever IAM allows its actions."""

    viewer: Role = Field(default=Role(), description="Sees everything and changes nothing.")
    operator: SureRole = Field(default=SureRole(), description="May fail over, take snapshots and flush caches.")
    admin: SureRole = Field(default=SureRole(), description="May also do what cannot be undone.")


_TARGETS = {
    "email": (r"[^@\s<>]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", "an address: on-call@example.org"),
    "sns": (r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?", "arn:aws:sns:REGION:ACCOUNT:TOPIC"),
    "slack": (r"env:[A-Za-z_]\w*|secretsmanager:[\w/+=.@:-]+", "env:VARIABLE or secretsmanager:SECRET"),
    "webhook": (r"env:[A-Za-z_]\w*|secretsmanager:[\w/+=.@:-]+", "env:VARIABLE or secretsmanager:SECRET"),
}
KINDS = tuple(_TARGETS)


class Channel(Part):
    """A way to tell somebody."""

    name: Name = Field(description="What rules call the channel.")
    kind: Annotated[Literal["email", "slack", "sns", "webhook"], BeforeValidator(one_of(KINDS))] = Field(
        description="email, slack, sns or webhook."
    )
    target: Annotated[str, BeforeValidator(text_of)] = Field(
        description="An address (email), a topic's ARN (sns), or where the URL is kept (slack, webhook): "
        "`env:VARIABLE` or `secretsmanager:SECRET`. The URL itself is a secret and has no place in a file."
    )
    severities: Annotated[tuple[Severity, ...], BeforeValidator(listed), AfterValidator(filled)] = Field(
        default=("critical", "high"), description="What is told here."
    )

    @model_validator(mode="after")
    def _fits(self) -> Channel:
        pattern, allowed = _TARGETS[self.kind]
        if not re.fullmatch(pattern, self.target, re.ASCII):
            refuse(f"is not where {self.kind} can be sent", at=("target",), allowed=allowed)
        return self


def unknown_channel(name: str, channels: tuple[Channel, ...]) -> tuple[str, str]:
    """What is allowed in its place, and which was most likely meant."""
    known = [channel.name for channel in channels]
    return ", ".join(known) or "none: the profile has no channels", nearest(name, known)
