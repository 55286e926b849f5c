"""Who speaks, of what, and what was promised: the body of `meta`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from collectors.readings import Severity
from console.protocol.body import Body, Millis, Number, Text, is_absent


class Threshold(Body):
    """One bound of the profile, and which resources it is about: patterns of the shell, none at all fit everything."""

    value: Text
    severity: Severity
    bound: Number
    above: bool
    ids: tuple[Text, ...] = ()
    engines: tuple[Text, ...] = ()
    kinds: tuple[Text, ...] = ()


class Objective(Body):
    """One promise of the profile, about the same resources as a threshold would be.

    ``value``: the series it is about, such as `replica.lag_s`; where nothing of it is a series, what is measured.
    """

    name: Text
    value: Text
    bound: Number
    above: bool  # it is broken above its bound, and not below
    ids: tuple[Text, ...] = ()
    engines: tuple[Text, ...] = ()
    kinds: tuple[Text, ...] = ()


class BoardLayout(Body):
    """Which tiles the board shows, row by row: on a screen of usual size, and on one with room to spare."""

    rows: tuple[tuple[Text, ...], ...]
    wide: tuple[tuple[Text, ...], ...]


class Tier(Body):
    """Copies of one pace that the profile wants, and of which resources: patterns as for a threshold."""

    name: Text
    every_s: Number | None = None  # None: once a month
    keep_s: Number
    source: Text  # automated, manual, aws-backup, native or any
    ids: tuple[Text, ...] = ()
    engines: tuple[Text, ...] = ()
    kinds: tuple[Text, ...] = ()


class Meta(Body):
    """Which engine speaks, and of what. ``names`` is complete: a resource that is not in it is gone."""

    schema_version: int
    started: Millis
    version: Text
    estate: Text
    mode: Literal["live", "demo", "replay", "relay"]
    speed: Number = 1.0  # how fast the engine's clock runs against a real one
    capabilities: tuple[Text, ...] = ()
    names: dict[Text, Text] = Field(default_factory=dict)
    endpoint: Text | None = Field(default=None, exclude_if=is_absent)  # where the demo's AWS answers whoever asks
    accounts: tuple[Text, ...] = Field(default=(), exclude_if=is_absent)  # numbers of AWS accounts, as STS told
    caller: Text | None = Field(default=None, exclude_if=is_absent)  # the role or user the engine is, without its path
    regions: tuple[Text, ...] = Field(default=(), exclude_if=is_absent)
    thresholds: tuple[Threshold, ...] = Field(default=(), exclude_if=is_absent)
    objectives: tuple[Objective, ...] = Field(default=(), exclude_if=is_absent)
    board: BoardLayout | None = Field(default=None, exclude_if=is_absent)
    tiers: tuple[Tier, ...] = Field(default=(), exclude_if=is_absent)
