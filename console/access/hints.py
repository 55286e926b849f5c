"""What IAM's simulation said lately: asked in one call for all targets of a kind, kept for a minute, and no longer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from collectors.aws.reader import Reader
from collectors.errors import Trouble
from collectors.safe import sanitise
from console.access.simulation import Aim, Pair, Said, Word, context, read, said_of

KEPT_FOR = timedelta(seconds=60)
MOST_ARNS = 50  # in one call: its answer has a part for each of them and each grant
_Key = tuple[str, Pair, tuple[tuple[str, str], ...]]  # the principal, what was asked, the tags of the target


class Hints:
    """Of one account."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._kept: dict[_Key, tuple[datetime, Said]] = {}

    async def ask(self, principal: str, aims: Iterable[Aim], now: datetime, tags: Mapping[str, str]) -> None:
        """``principal``: the ARN of a user or a role; ``tags``: its own. What was said within the minute is not asked.

        Nothing is raised: what could not be asked is unknown, with the reason.
        """
        self._kept = {key: kept for key, kept in self._kept.items() if _is_fresh(kept[0], now)}
        due = [aim for aim in aims if aim.arns and not all(key in self._kept for key in _keys(principal, aim))]
        for _, alike in groupby(sorted(due, key=_kind), key=_kind):
            some = list(alike)
            arns = sorted({arn for aim in some for arn in aim.arns})
            for first in range(0, len(arns), MOST_ARNS):
                found = await self._simulated(principal, some[0], arns[first : first + MOST_ARNS], now, tags)
                self._kept |= {(principal, pair, some[0].tags): (now, said) for pair, said in found.items()}

    def said(self, principal: str, aim: Aim, now: datetime) -> Said:
        """Without asking: unknown where nothing was asked within the minute."""
        kept = {key: self._kept[key] for key in _keys(principal, aim) if key in self._kept}
        return said_of(aim, {key[1]: said for key, (at, said) in kept.items() if _is_fresh(at, now)})

    async def _simulated(
        self, principal: str, aim: Aim, arns: Sequence[str], now: datetime, tags: Mapping[str, str]
    ) -> dict[Pair, Said]:
        asked = {
            "PolicySourceArn": principal,
            "ActionNames": list(aim.grants),
            "ResourceArns": list(arns),
            "ContextEntries": context(principal, aim, now, tags),
        }
        try:
            pages = [page async for page in self._reader.pages("iam", "SimulatePrincipalPolicy", **asked)]
        except Trouble as trouble:
            why = Said(Word.UNKNOWN, sanitise(trouble.what))
            return {(grant, arn): why for grant in aim.grants for arn in arns}
        return read(pages, aim.grants, arns)


def _is_fresh(at: datetime, now: datetime) -> bool:
    return timedelta() <= now - at < KEPT_FOR  # a clock that was set back keeps nothing for longer


def _kind(aim: Aim) -> tuple[tuple[str, ...], str, tuple[tuple[str, str], ...]]:
    """What can be asked about at once: the same grants, in one region, with tags that are the same."""
    return aim.grants, aim.arns[0].split(":")[3], aim.tags


def _keys(principal: str, aim: Aim) -> list[_Key]:
    return [(principal, (grant, arn), aim.tags) for grant in aim.grants for arn in aim.arns]
