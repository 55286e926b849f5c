"""Tiers of backups: what may be said of them, and what is refused with the words that would be right."""

from __future__ import annotations

import pytest

from console import profiles
from tests.profiles.saying import fault, profile

DAY = 86_400


def tier(**fields: str) -> str:
    said = {"name": '"weekly"', "every": '"7d"', "keep": '"12w"'} | fields
    return "[[backup_tiers]]\n" + "\n".join(f"{key} = {value}" for key, value in said.items()) + "\n"


def test_a_tier_is_told_to_screens_in_seconds() -> None:
    text = tier(engines='["sqlserver-*"]', source='"aws-backup"') + tier(
        name='"monthly"', every='"monthly"', keep='"366d"'
    )
    weekly, monthly = profiles.tiers(profile(text))
    assert (weekly.name, weekly.every_s, weekly.keep_s, weekly.source) == ("weekly", 7 * DAY, 84 * DAY, "aws-backup")
    assert weekly.engines == ("sqlserver-*",)
    assert (monthly.every_s, monthly.source, monthly.engines) == (None, "any", ())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"every": '"2w 1d"'}, "every"),
        ({"every": '"60d"'}, "out of range"),
        ({"every": '"yearly"'}, "every"),
        ({"every": "true"}, "not a number"),
        ({"keep": '"3d"'}, "shorter than the time to the next"),
        ({"every": '"monthly"', "keep": '"30d"'}, "shorter than the time to the next"),
        ({"source": '"automatic"'}, "automated"),
        ({"kinds": '"instance"'}, "not an array"),
        ({"often": '"1d"'}, "often"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_line(fields: dict[str, str], words: str) -> None:
    assert words in fault(tier(**fields))


def test_two_tiers_of_one_name_for_the_same_resources_are_refused() -> None:
    assert "same resources already" in fault(tier() + tier())
    assert len(profile(tier() + tier(ids='["billing"]')).backup_tiers) == 2
