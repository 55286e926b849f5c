"""Which tables does DynamoDB list? Each is described by a call of its own, so not all of many in every pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from collectors.aws import ties
from collectors.aws.answers import NOTHING, Answer, Facts, in_words, many, plain, shown, text, within, words
from collectors.aws.inventory.listed import Listed, account_in, those_told
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect, Denied, Expired, Throttled
from collectors.safe import Safe, sanitise

TABLE = Safe("table")
ENGINE = Safe("dynamodb")
OWNED_KEY = Safe("AWS owned key")
AT_ONCE = 4
MOST_A_PASS = 100


async def list_tables(reader: Reader) -> AsyncIterator[str]:
    async for page in reader.pages("dynamodb", "ListTables"):
        for name in words(page, "TableNames"):
            yield name


def whose_turn(names: Iterable[str], asked: Mapping[str, int], most: int = MOST_A_PASS) -> list[str]:
    """Which to ask about in this pass, given the pass in which each was asked about last: new ones, then the oldest."""
    return sorted(names, key=lambda name: (asked.get(name, -1), name))[:most]


@dataclass(slots=True)
class Descriptions:
    """What was asked, what was answered, what was in the way."""

    asked: set[str] = field(default_factory=set)
    answers: dict[str, Answer] = field(default_factory=dict)
    troubles: list[CannotCollect] = field(default_factory=list)

    def is_hopeless(self) -> bool:
        """Whether the next table would fare no better: one that was just deleted is no reason to stop."""
        return len(self.troubles) >= AT_ONCE or any(
            isinstance(each, (Denied, Expired, Throttled)) for each in self.troubles
        )


async def describe(reader: Reader, names: Iterable[str]) -> Descriptions:
    """A few at a time."""
    found, left = Descriptions(), iter(names)
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(_describe(reader, left, found))
    return found


async def _describe(reader: Reader, left: Iterator[str], found: Descriptions) -> None:
    for name in left:
        found.asked.add(name)
        try:
            answer = await reader.call("dynamodb", "DescribeTable", TableName=name)
        except CannotCollect as trouble:
            found.troubles.append(trouble)
        else:
            found.answers[name] = within(answer, "Table") or {}
        if found.is_hopeless():
            return


def table(name: str, answer: Answer, region: str, account: Safe) -> Listed:
    """Whatever the answer leaves out, even all of it: the list has told the name."""
    arn = text(answer, "TableArn")
    return Listed(
        kind=TABLE,
        name=name,
        engine=ENGINE,
        arn=arn,
        namespace="AWS/DynamoDB",
        dimensions=(("TableName", name),),
        status=shown(answer, "TableStatus"),
        az=sanitise(region),
        account=account_in(arn) or account,
        key=text(answer, "SSEDescription", "KMSMasterKeyArn"),
        facts=those_told(_facts(answer)),
        ties=ties.of_table(answer, region),
    )


def _facts(answer: Answer) -> Facts:
    """Without sizes and capacities: they move by themselves, and a fact that moves is news of the whole."""
    yield "BillingMode", _billing(answer)
    yield from plain(answer, "TableStatus", "GlobalTableVersion", "DeletionProtectionEnabled")
    yield "TableClass", shown(answer, "TableClassSummary", "TableClass")
    yield "StorageEncryption", _encryption(answer)
    yield "Replicas", in_words(", ".join(sorted(text(each, "RegionName") for each in many(answer, "Replicas"))))


def _encryption(answer: Answer) -> Safe:
    """Each table is encrypted; AWS leaves it out for one that has AWS's own key."""
    said = shown(answer, "SSEDescription", "SSEType")
    return said or (OWNED_KEY if text(answer, "TableArn") else NOTHING)


def _billing(answer: Answer) -> Safe:
    """AWS leaves it out for a table that was provisioned from the start."""
    said = shown(answer, "BillingModeSummary", "BillingMode")
    return said or (in_words("PROVISIONED") if within(answer, "ProvisionedThroughput") else NOTHING)
