"""Can the key be used by which a backup is encrypted? Without it nothing can be restored."""

from __future__ import annotations

from collectors.aws.answers import Answer, text, within
from collectors.aws.backups.questions import SELDOM, Question
from collectors.aws.backups.sheet import moment
from collectors.safe import NO_TEXT, Safe, sanitise

KEYS = Question("kms", "DescribeKey", "", SELDOM)
USABLE = ("Enabled", "Creating", "Updating")
WORDS = {"Disabled": "disabled", "PendingDeletion": "to be deleted", "Unavailable": "not available"}


def wrong(answer: Answer) -> Safe:
    """Empty where nothing is. In the words that follow the name of the key."""
    told = within(answer, "KeyMetadata") or {}
    state, deleted = text(told, "KeyState"), moment(within(told, "DeletionDate"))
    if not state or state in USABLE:
        return NO_TEXT
    when = f" on {deleted:%Y-%m-%d}" if deleted else ""
    return sanitise(f"{WORDS.get(state, state)}{when}")


def region_of(arn: str) -> str:
    """A key is asked about where it is; one that is told by its id alone is in the resource's own region."""
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 else ""
