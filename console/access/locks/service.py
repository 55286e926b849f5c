"""How is a service of AWS asked for a lock: in a thread, by a client of the gate's, its refusals in our words?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from collectors.aws.allowed import grant
from collectors.aws.failures import Question, failure
from collectors.aws.place import Place
from collectors.threads import Threads
from console.access.locks.border import NoLock

T = TypeVar("T")


class Refused(Exception):  # noqa: N818 - never seen outside: it is one of the answers that were foreseen
    """The service says no in a way that means something to whoever asked."""

    def __init__(self, code: str, answer: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.answer = answer


class Asking:
    """``client`` is botocore's, made by the gate for one attempt: what is lost is not sent again by itself."""

    def __init__(self, service: str, client: Any, place: Place, threads: Threads) -> None:
        self._service = service
        self._client = client
        self._place = place
        self._threads = threads

    async def in_thread(self, work: Callable[[], T]) -> T:
        return await self._threads.call(f"locks of {self._service} in {self._place}", work)

    def send(self, operation: str, *expected: str, **parameters: Any) -> Mapping[str, Any]:
        """`Refused` with a code that is expected, `NoLock` for every other failure. Blocks."""
        from botocore import xform_name  # noqa: PLC0415 - loaded in the thread, off the way to the first paint

        try:
            answer: Mapping[str, Any] = getattr(self._client, xform_name(operation))(**parameters)
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            told = getattr(error, "response", None) or {}
            code = str(told.get("Error", {}).get("Code", ""))
            if code in expected:
                raise Refused(code, told) from None
            raise self._no_lock(operation, error) from None
        return answer

    def _no_lock(self, operation: str, error: Exception) -> NoLock:
        trouble = failure(error, Question(self._service, operation, self._place))
        needed = grant(self._service, operation)
        mend = f"Try again. Locking needs {needed} and what the profile's [access.lock] names."
        return NoLock("The lock of this cluster cannot be asked for.", seen=f"{trouble.what} {trouble.seen}", mend=mend)
