"""A lock in a table of DynamoDB: one item for each cluster, changed by one conditional write."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from collectors.aws.place import Place
from collectors.clock import Clock
from collectors.safe import Safe
from collectors.threads import Threads
from console.access.locks.border import ClusterLock, Held, Holder, NoLock, Taken
from console.access.locks.record import Record, described, millis, record
from console.access.locks.service import Asking, Refused

_LOST = "ConditionalCheckFailedException"
_NAMES = {
    "#key": "resource", "#op": "op", "#action": "action", "#who": "who",
    "#since": "since", "#until": "expires_at", "#fence": "fence", "#ended": "ended",
}  # fmt: skip
_TAKE = "SET #key=:key, #op=:op, #action=:action, #who=:who, #since=:since, #until=:until, #ended=:no ADD #fence :one"
_IS_FREE = "attribute_not_exists(pk) OR #until < :now OR #ended = :yes OR #op = :op"


class DynamoLock(ClusterLock):
    """An update and not a put: that would replace the item, and the count of its holders with it.

    For the same reason the item stays when the lock is given back. Its times are milliseconds, which a table's own
    time to live, if one is set on them, takes for a far future.
    """

    grants = ("dynamodb:UpdateItem", "dynamodb:GetItem")

    def __init__(self, client: Any, table: str, place: Place, clock: Clock, threads: Threads) -> None:
        self._asking = Asking("dynamodb", client, place, threads)
        self._table = table
        self._clock = clock

    @property
    def covers(self) -> Safe:
        return Safe("")

    async def take(self, key: str, holder: Holder) -> Held | Taken:
        return await self._asking.in_thread(partial(self._take, key, holder))

    async def still_held(self, held: Held) -> bool:
        return await self._asking.in_thread(partial(self._still_held, held))

    async def give_back(self, held: Held) -> None:
        await self._asking.in_thread(partial(self._give_back, held))

    def _take(self, key: str, holder: Holder) -> Held | Taken:
        new = record(key, holder, 0)
        values = {
            ":key": _text(key), ":op": _text(new.op), ":action": _text(new.action), ":who": _text(new.who),
            ":since": _number(new.since), ":until": _number(new.until), ":now": _number(millis(self._clock.now())),
            ":no": {"BOOL": False}, ":yes": {"BOOL": True}, ":one": _number(1),
        }  # fmt: skip
        try:
            answer = self._update(key, _TAKE, _IS_FREE, _NAMES, values)
        except Refused as lost:
            return Taken(self._lost_to(lost, key).holder)
        return Held(key, holder, self._read(answer.get("Attributes"), key).fence)

    def _lost_to(self, lost: Refused, key: str) -> Record:
        return self._read(lost.answer.get("Item"), key)

    def _still_held(self, held: Held) -> bool:
        answer = self._asking.send("GetItem", TableName=self._table, Key={"pk": _text(held.key)}, ConsistentRead=True)
        if "Item" not in answer:
            return False
        found = self._read(answer["Item"], held.key)
        return found.fence == held.fence and found.is_held_by(held.holder.op, self._clock.now())

    def _give_back(self, held: Held) -> None:
        names = {name: _NAMES[name] for name in ("#ended", "#op", "#fence")}
        values = {":yes": {"BOOL": True}, ":op": _text(held.holder.op), ":fence": _number(held.fence)}
        try:
            self._update(held.key, "SET #ended=:yes", "#op = :op AND #fence = :fence", names, values)
        except Refused:
            return  # another has it by now

    def _update(
        self, key: str, change: str, condition: str, names: Mapping[str, str], values: Mapping[str, object]
    ) -> Mapping[str, Any]:
        return self._asking.send(
            "UpdateItem",
            _LOST,
            TableName=self._table,
            Key={"pk": _text(key)},
            UpdateExpression=change,
            ConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    def _read(self, item: Mapping[str, Any] | None, key: str) -> Record:
        where = f"{key} in the table {self._table}"
        if item is None:
            raise NoLock("Another has the lock of this cluster, and who is not told.", seen=where, mend="Try again.")
        plain = {name: next(iter(value.values()), None) for name, value in item.items()}
        fence = str(plain.get("fence", ""))
        values = plain | {"until": plain.get("expires_at"), "after": int(fence) - 1 if fence.isdecimal() else None}
        return described(values, key, where)


def _text(words: str) -> dict[str, str]:
    return {"S": str(words)}


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}
