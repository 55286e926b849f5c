"""In what state are CloudWatch's alarms, and which resources is each about?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.aws.answers import NOTHING, Answer, account_of, in_words, many, shown, text, within
from collectors.aws.known import Found, Known
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.collector import Collector
from collectors.errors import CannotCollect
from collectors.readings import Alarm, Alarms, Reading, ResourceId

ATTEMPTS = 2  # a request may be sent again after a lost connection, and is paid again
STATES = ("ALARM", "INSUFFICIENT_DATA", "OK")
CHILD = re.compile(  # `ALARM("orders-cpu") OR NOT OK(arn:aws:cloudwatch:…:alarm:orders-lag)`
    r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\\?[\"'](?P<quoted>.+?)\\?[\"']|(?P<bare>[^()\"']+?))\s*\)"
)


class AlarmStates(Collector[Place]):
    """One Alarms for each resource that has one or had one; for one that has none, once, that it has none."""

    name = "alarms"
    every = timedelta(minutes=1)
    needs = ("cloudwatch:DescribeAlarms",)

    def __init__(
        self,
        readers: Callable[[Place], Reader],
        known: Known,
        now: Callable[[], datetime],
        affords: Callable[[int], bool] = lambda _: True,
    ) -> None:
        """``affords``: whether the day's money reaches for so many requests."""
        self._readers = readers
        self._known = known
        self._now = now
        self._affords = affords
        self._without: dict[Place, set[ResourceId]] = {}  # who was told to have none

    async def collect(self, target: Place) -> AsyncIterator[Reading]:
        """Asks nothing while no resource is known. Tells nothing before all pages are read: a part is not complete."""
        if not (found := self._known.of(target)):
            return
        if not self._affords(ATTEMPTS):
            mend = "Raise cost.budget_usd_per_day in the profile to go on today."
            raise CannotCollect("What the profile lets CloudWatch cost today is spent.", mend=mend)
        metric, composite = list[Answer](), list[Answer]()
        pages = self._readers(target).pages(
            "cloudwatch", "DescribeAlarms", AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=100
        )
        async for page in pages:
            if not self._affords(ATTEMPTS):  # for the next one
                raise CannotCollect("What CloudWatch may cost today ends here.", mend="It goes on tomorrow.")
            metric += many(page, "MetricAlarms")
            composite += many(page, "CompositeAlarms")
        now, rows = self._now(), by_resource(found, metric, composite)
        without = self._without.setdefault(target, set())
        without &= {each.id for each in found}
        for each in found:
            mine = rows.get(each.id, ())
            if mine:
                without.discard(each.id)
            elif each.id in without:
                continue
            else:
                without.add(each.id)
            yield Alarms(each.id, now, mine)


def by_resource(
    found: Iterable[Found], metric: Iterable[Answer], composite: Iterable[Answer]
) -> dict[ResourceId, tuple[Alarm, ...]]:
    """Each resource's alarms, those that ring first. A composite alarm is about all that its children are about."""
    by_dimension = _by_dimension(found)
    about: dict[str, set[ResourceId]] = {}
    alarms: dict[str, Alarm] = {}
    for answer in metric:
        about[text(answer, "AlarmName")] = set(_watched(answer, by_dimension))
        alarms[text(answer, "AlarmName")] = alarm(answer)
    rules = {text(answer, "AlarmName"): children(text(answer, "AlarmRule")) for answer in composite}
    alarms |= {text(answer, "AlarmName"): alarm(answer) for answer in composite}
    about |= {name: _of_children(name, rules, about) for name in rules}
    rows: dict[ResourceId, list[Alarm]] = {}
    for name, resources in about.items():
        for resource in resources if name else ():
            rows.setdefault(resource, []).append(alarms[name])
    return {resource: tuple(sorted(mine, key=_ringing_first)) for resource, mine in rows.items()}


def alarm(answer: Answer) -> Alarm:
    since = within(answer, "StateTransitionedTimestamp") or within(answer, "StateUpdatedTimestamp")
    return Alarm(
        name=shown(answer, "AlarmName"),
        state=shown(answer, "StateValue"),
        since=since.astimezone(UTC) if isinstance(since, datetime) and since.tzinfo else None,
        reason=shown(answer, "StateReason"),
        metric=shown(answer, "MetricName") or in_words(", ".join(_metrics(answer))) or NOTHING,
    )


def children(rule: str) -> frozenset[str]:
    """The names of the alarms that a composite one looks at; an ARN ends with the name."""
    named = (match["quoted"] or match["bare"] for match in CHILD.finditer(rule))
    return frozenset(name.split(":", 6)[-1] if name.startswith("arn:") else name for name in named)


def _of_children(
    name: str, rules: Mapping[str, Iterable[str]], about: Mapping[str, set[ResourceId]]
) -> set[ResourceId]:
    """Down to metric alarms, each composite one looked at once: nothing forbids a circle."""
    found: set[ResourceId] = set()
    looked_at, left = {name}, list(rules[name])
    while left:
        child = left.pop()
        if child in looked_at:
            continue
        looked_at.add(child)
        if child in rules:
            left += rules[child]
        else:
            found |= about.get(child, set())
    return found


Index = Mapping[tuple[str, str], tuple[Found, ...]]


def _by_dimension(found: Iterable[Found]) -> Index:
    """By the dimension that names the resource, its first: an alarm may have more (an index) or fewer (no node)."""
    index: dict[tuple[str, str], tuple[Found, ...]] = {}
    for each in found:
        index[each.dimensions[0]] = (*index.get(each.dimensions[0], ()), each)
    return index


def _watched(answer: Answer, index: Index) -> Iterator[ResourceId]:
    for account, metric in _sources(answer):
        for pair in many(metric, "Dimensions"):
            for each in index.get((text(pair, "Name"), text(pair, "Value")), ()):
                if _may_be_of(each, text(metric, "Namespace"), account):
                    yield each.id


def _may_be_of(found: Found, namespace: str, account: str) -> bool:
    """A namespace of AWS must be the resource's own; one of the user's says nothing. So for the account."""
    of_another_service = namespace.startswith("AWS/") and namespace != found.namespace
    own_account = account_of(found.arn)
    return not of_another_service and (not account or not own_account or account == own_account)


def _sources(answer: Answer) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each metric the alarm looks at, with the account it is read from where that is another."""
    yield "", answer
    for query in many(answer, "Metrics"):
        if isinstance(metric := within(query, "MetricStat", "Metric"), Mapping):
            yield text(query, "AccountId"), metric


def _metrics(answer: Answer) -> list[str]:
    return list(dict.fromkeys(name for _, metric in _sources(answer) if (name := text(metric, "MetricName"))))


def _ringing_first(row: Alarm) -> tuple[int, str]:
    return (STATES.index(row.state) if row.state in STATES else len(STATES), row.name)
