"""What is to be watched and what does healthy mean? One profile, whole and checked."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from pydantic import Field, model_validator

from profiles.access import Access
from profiles.board import Board
from profiles.declared import Declared
from profiles.estate import Estate
from profiles.fields import Flag, Name, Part, Text, refuse, repeated
from profiles.limits import AlertRule, Threshold
from profiles.mysql import MySql
from profiles.objectives import Objective
from profiles.origins import Origins
from profiles.pace import Cost, Refresh
from profiles.people import Channel, Roles, unknown_channel
from profiles.postgres import Postgres
from profiles.proofs import RestoreProof
from profiles.redis import Redis
from profiles.share import Share
from profiles.sqlserver import SqlServer
from profiles.tiers import BackupTier
from profiles.waits import WaitRules

T = TypeVar("T")


class Profile(Part):
    """An estate, and what healthy means in it."""

    name: Name = Field(description="What the estate is called; as the file, if left out.")
    title: Text | None = Field(default=None, description="One line for a person.")
    estate: Estate = Field(default=Estate(), description="What belongs to it, and where to look.")
    thresholds: tuple[Threshold, ...] = Field(default=(), description="From where on a value is not well, at once.")
    alerts: tuple[AlertRule, ...] = Field(default=(), description="What somebody is told, after a while.")
    objectives: tuple[Objective, ...] = Field(default=(), description="What was promised.")
    refresh: Refresh = Field(default=Refresh(), description="How often something is asked.")
    roles: Roles = Field(default=Roles(), description="Who is viewer, operator and admin.")
    readonly: Flag = Field(default=False, description="Whether nobody may do anything, whatever IAM grants.")
    access: Access = Field(default=Access(), description="When actions are refused, and what goes before one.")
    channels: tuple[Channel, ...] = Field(default=(), description="Ways to tell somebody.")
    share: Share = Field(default=Share(), description="Where a running console is shared, and who may speak there.")
    cost: Cost = Field(default=Cost(), description="What the console itself may spend.")
    board: Board = Field(default=Board(), description="Which tiles the board shows, and where.")
    waits: WaitRules = Field(default=WaitRules(), description="Which waits are none to speak of.")
    sqlserver: tuple[SqlServer, ...] = Field(default=(), description="How SQL Servers are logged in to.")
    redis: tuple[Redis, ...] = Field(default=(), description="How Redis and Valkey nodes are logged in to.")
    origins: tuple[Origins, ...] = Field(default=(), description="Which databases caches stand before.")
    mysql: tuple[MySql, ...] = Field(default=(), description="How MySQL and MariaDB servers are logged in to.")
    postgres: tuple[Postgres, ...] = Field(default=(), description="How PostgreSQLs are logged in to.")
    backup_tiers: tuple[BackupTier, ...] = Field(default=(), description="How often something is copied, and kept.")
    declared: tuple[Declared, ...] = Field(default=(), description="How resources were meant to be.")
    proofs: Text | None = Field(
        default=None, description="A file with [[restore_proof]] tables that are read too; from the profile's folder."
    )
    restore_proof: tuple[RestoreProof, ...] = Field(default=(), description="Restores that the team has tried.")

    @model_validator(mode="after")
    def _fits(self) -> Profile:
        _no_other(self.alerts, "alerts", "id", "is the id of another rule too", lambda rule: rule.id)
        _no_other(self.channels, "channels", "name", "is the name of another channel too", lambda channel: channel.name)
        _no_other(self.objectives, "objectives", "name", "is the name of another too", lambda objective: objective.name)
        _no_other(self.thresholds, "thresholds", "metric", "has bounds for the same resources already", _subject)
        _no_other(self.backup_tiers, "backup_tiers", "name", "is a tier of the same resources already", _whose)
        self._tells_somebody_there_is()
        self._trusts_one_file()
        return self

    def _trusts_one_file(self) -> None:
        first = next((part.ca_file for part in self.sqlserver if part.ca_file), None)
        for index, part in enumerate(self.sqlserver):
            if part.ca_file not in (None, first):
                refuse("is another file than before, and the driver knows one for all servers",
                       at=("sqlserver", index, "ca_file"), found=part.ca_file)  # fmt: skip

    def _tells_somebody_there_is(self) -> None:
        known = {channel.name for channel in self.channels}
        for index, rule in enumerate(self.alerts):
            for place, name in enumerate(rule.channels):
                if name not in known:
                    allowed, meant = unknown_channel(name, self.channels)
                    refuse("is no channel of this profile", at=("alerts", index, "channels", place), found=name,
                           allowed=allowed, meant=meant)  # fmt: skip


def _whose(tier: BackupTier) -> Hashable:
    return tier.name, tier.ids, tier.engines, tier.kinds


def _subject(threshold: Threshold) -> Hashable:
    return threshold.metric, threshold.above is None, threshold.ids, threshold.engines, threshold.kinds


def _no_other(things: tuple[T, ...], part: str, key: str, what: str, name: Callable[[T], Hashable]) -> None:
    again = repeated(name(thing) for thing in things)
    if again is not None:
        refuse(what, at=(part, again, key), found=str(getattr(things[again], key)))
