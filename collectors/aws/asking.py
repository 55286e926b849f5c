"""One place's reader: calls in threads, answers as botocore parses them, errors in our own words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any

from collectors.aws.access import Access
from collectors.aws.failures import Question, failure
from collectors.aws.place import Place
from collectors.aws.reader import Reader
from collectors.errors import Expired
from collectors.threads import Threads

_END = object()


class AwsReader(Reader):
    def __init__(self, place: Place, access: Access, threads: Threads) -> None:
        self.place = place
        self._access = access
        self._threads = threads

    async def call(self, service: str, operation: str, /, **parameters: Any) -> Mapping[str, Any]:
        ask = partial(self._ask, service, operation, parameters)
        found: Mapping[str, Any] = await self._in_thread(service, operation, ask)
        return found

    async def pages(self, service: str, operation: str, /, **parameters: Any) -> AsyncIterator[Mapping[str, Any]]:
        begin = partial(self._paginate, service, operation, parameters)
        pages = await self._in_thread(service, operation, begin)
        while (page := await self._in_thread(service, operation, partial(next, pages, _END))) is not _END:
            yield _bare(page)

    async def _in_thread(self, service: str, operation: str, work: Callable[[], Any]) -> Any:
        told = partial(self._told, service, operation, work)
        return await self._threads.call(f"{service} in {self.place}", told)

    def _told(self, service: str, operation: str, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            trouble = failure(error, Question(service, operation, self.place, self._access.renewal))
            if isinstance(trouble, Expired):
                self._access.forget()
            raise trouble from None

    def _ask(self, service: str, operation: str, parameters: dict[str, Any]) -> Mapping[str, Any]:
        from botocore import xform_name  # noqa: PLC0415 - loaded in the thread, off the way to the first paint

        client = self._access.client(self.place.region, service)
        return _bare(getattr(client, xform_name(operation))(**parameters))

    def _paginate(self, service: str, operation: str, parameters: dict[str, Any]) -> Any:
        from botocore import xform_name  # noqa: PLC0415

        client = self._access.client(self.place.region, service)
        return iter(client.get_paginator(xform_name(operation)).paginate(**parameters))


def _bare(answer: dict[str, Any]) -> Mapping[str, Any]:
    answer.pop("ResponseMetadata", None)
    return answer
