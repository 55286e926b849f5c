"""Where is something in AWS: one account, as it is reached from here, and one region of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """How an account is reached: as the AWS CLI would, where nothing is said."""

    name: str = "default"  # what the profile calls it; nothing that AWS knows
    profile: str | None = None  # of AWS's own configuration files
    role_arn: str | None = None  # assumed from there
    external_id: str | None = None
    endpoint: str | None = None  # of the emulator; AWS's own where there is none
    keys: tuple[str, str] | tuple[str, str, str | None] | None = field(default=None, repr=False)
    """For the emulator, which believes any, and of a role that was taken for one thing."""


@dataclass(frozen=True, slots=True)
class Place:
    account: Account
    region: str

    def __str__(self) -> str:
        return f"{self.region}.{self.account.name}"
