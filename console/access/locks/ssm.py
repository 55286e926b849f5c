"""A lock in a parameter of Systems Manager: one for each cluster, changed by its version.

It has no conditional write but the first: a parameter that is there can be overwritten by anybody, at any time. Yet
each write is told its version, and each record says which version it meant to come after. One that came after another
than it meant was written by somebody who lost: it counts for nobody, and what counts is the version before it. So of
several who take over a lock whose time is up exactly one has it, whatever they read before, and nothing need be put
right by the others, who may die meanwhile. Deleting and creating anew would let the second delete what the first made.

What remains: AWS does not promise that a version that was just written is seen by everybody who reads. `take` does not
depend on it; `still_held` may say yes for a moment too long, though only after ``until``, and then on two clocks.
Whoever deletes a parameter by hand frees the lock.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import Any

from collectors.aws.place import Place
from collectors.clock import Clock
from collectors.safe import Safe
from collectors.threads import Threads
from console.access.locks.border import ClusterLock, Held, Holder, NoLock, Taken
from console.access.locks.record import Record, read, record
from console.access.locks.service import Asking, Refused

_NONE = ("ParameterNotFound", "ParameterVersionNotFound")
_THERE = "ParameterAlreadyExists"
_TRIES = 3


class SsmLock(ClusterLock):
    grants = ("ssm:PutParameter", "ssm:GetParameter")

    def __init__(self, client: Any, path: str, place: Place, clock: Clock, threads: Threads) -> None:
        """``path``: of all parameters that are locks, as `/dbconsole/locks`."""
        self._asking = Asking("ssm", client, place, threads)
        self._path = path
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
        for _ in range(_TRIES):
            version, before = self._current(key)
            if before is not None and before.keeps_out(holder.op, self._clock.now()):
                return Taken(before.holder)
            if self._write(record(key, holder, version)):
                return Held(key, holder, version + 1)
        raise self._busy(key)

    def _still_held(self, held: Held) -> bool:
        _, found = self._current(held.key)
        is_ours = found is not None and found.fence == held.fence
        return found is not None and is_ours and found.is_held_by(held.holder.op, self._clock.now())

    def _give_back(self, held: Held) -> None:
        for _ in range(_TRIES):
            version, found = self._current(held.key)
            if found is None or (found.fence, found.op) != (held.fence, held.holder.op):
                return  # another has it by now
            if self._write(found.model_copy(update={"ended": True, "after": version})):
                return
        raise self._busy(held.key)

    def _current(self, key: str) -> tuple[int, Record | None]:
        """The newest version, and the newest record that counts; 0 and None where there is no parameter."""
        newest = found = self._version(key, "")
        while found is not None and found[1].after != found[0] - 1:
            found = self._version(key, f":{found[0] - 1}")
        if newest is None:
            return 0, None
        if found is None:  # a hundred who lost, one after the other; older versions are not kept
            raise self._busy(key)
        return newest[0], found[1]

    def _version(self, key: str, which: str) -> tuple[int, Record] | None:
        name = self._name(key)
        try:
            told = self._asking.send("GetParameter", *_NONE, Name=f"{name}{which}")["Parameter"]
        except Refused:
            return None
        return int(told["Version"]), read(str(told["Value"]), key, name)

    def _write(self, new: Record) -> bool:
        """Whether it came directly after the version that it meant to come after."""
        given: dict[str, Any] = {"Overwrite": True}
        if new.after == 0:
            given = {"Overwrite": False, "Type": "String", "Description": f"Lock of dbconsole: {new.key}"[:1024]}
        try:
            answer = self._asking.send("PutParameter", _THERE, Name=self._name(new.key), Value=new.text(), **given)
        except Refused:
            return False
        return int(answer["Version"]) == new.fence

    @staticmethod
    def name_of(path: str, key: str) -> str:
        """A name may have no colon, and an ARN has several."""
        return f"{path}/{sha256(key.encode()).hexdigest()[:32]}"

    def _name(self, key: str) -> str:
        return self.name_of(self._path, key)

    def _busy(self, key: str) -> NoLock:
        what = "Too many take the lock of this cluster at once."
        return NoLock(what, seen=self._name(key), mend="Try again.")
