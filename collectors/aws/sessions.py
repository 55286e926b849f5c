"""Who asks AWS for which place? One access for each account, one reader for each place, one count for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from collectors.aws.access import Access, Prepare
from collectors.aws.asking import AwsReader
from collectors.aws.dating import Dating
from collectors.aws.failures import Question, failure
from collectors.aws.keys import Keys
from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.aws.sending import Counting, moment
from collectors.errors import CannotCollect
from collectors.threads import Threads

T = TypeVar("T")
Keyed = Callable[[Place, Keys], AbstractContextManager[Reader]]
"""Reads there with these keys and no others, which are forgotten afterwards."""


class Sessions:
    """One for an engine. Whatever imports botocore is done in the threads; nothing is until the first call."""

    def __init__(
        self,
        threads: Threads,
        meter: Meter,
        prepare: Prepare | None = None,
        *,
        agent: str = "dbconsole",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``prepare`` may add handlers to each session; ``agent`` is how AWS's own records name this program."""
        self.dating = Dating(now)
        self._threads = threads
        self._prepare = prepare
        self._agent = agent
        self._counting = Counting(meter.count)
        self._lock = threading.Lock()  # of what follows; nothing is sent meanwhile
        self._loader: Any = None
        self._accounts: dict[Account, Access] = {}

    def reader(self, place: Place) -> Reader:
        return AwsReader(place, self._access(place.account), self._threads)

    @contextmanager
    def keyed(self, place: Place, keys: Keys) -> Iterator[Reader]:
        """Of somebody's who was given them for one thing: they are kept no longer than that takes."""
        account = replace(place.account, profile=None, role_arn=None, keys=(keys.key_id, keys.secret, keys.token))
        access = Access(account, self._agent, self._prepared)
        try:
            yield AwsReader(Place(account, place.region), access, self._threads)
        finally:
            access.close()

    async def regions(self, account: Account) -> tuple[str, ...]:
        """The one that the AWS CLI would take; `CannotCollect` where there is none."""
        region = await self._told(account, "the configuration", self._access(account).region)
        if region is None:
            mend = "Name regions in the profile, give `--region`, or set AWS_REGION."
            raise CannotCollect(f"No region is known for the account {account.name}.", mend=mend)
        return (region,)

    async def keys(self, account: Account) -> Keys:
        """The account's credentials as they are at this moment, to be held as short as can be."""
        return await self._told(account, "the credentials", self._access(account).keys)

    def client(self, place: Place, service: str) -> Any:
        """Botocore's own, guarded as every other. Blocks: for a thread."""
        return self._access(place.account).client(place.region, service)

    def close(self) -> None:
        with self._lock:
            for access in self._accounts.values():
                access.close()

    async def _told(self, account: Account, what: str, work: Callable[[], T]) -> T:
        try:
            return await self._threads.call(f"{what} of {account.name}", work)
        except Exception as error:  # noqa: BLE001 - every one is told, in our words
            asked = Question("sts", "GetCallerIdentity", Place(account, ""), self._access(account).renewal)
            raise failure(error, asked) from None

    def _access(self, account: Account) -> Access:
        with self._lock:
            if account not in self._accounts:
                self._accounts[account] = Access(account, self._agent, self._prepared)
            return self._accounts[account]

    def _prepared(self, session: Any) -> None:
        with self._lock:
            if self._loader is None:
                self._loader = session.get_component("data_loader")
        session.register_component("data_loader", self._loader)  # what AWS's services are is read once
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment)
        self._counting.register(session)
        self.dating.register(session)
        if self._prepare is not None:
            self._prepare(session)
