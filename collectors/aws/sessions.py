"""How is each account reached: as the AWS CLI would, with clients that are made when they are first asked?"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from collectors.aws.asking import AwsReader
from collectors.aws.failures import Question, failure
from collectors.aws.guard import guard
from collectors.aws.meter import Meter
from collectors.aws.place import Account, Place
from collectors.aws.reader import Reader
from collectors.aws.sending import Sending, moment
from collectors.errors import CannotCollect
from collectors.threads import Threads

log = logging.getLogger(__name__)

CONNECT_S, READ_S = 3, 15
ATTEMPTS = 2  # one more for a lost connection; for all else the schedule knows better when to ask again
POOLED = 16
ROLE_LASTS_S = 3600  # 900 would lie within botocore's refresh window: each call would ask for new credentials
Prepare = Callable[[Any], object]


class Sessions:
    """One for an engine. Whatever imports botocore is done in the threads; nothing is until the first call.

    A session whose credentials were refused is thrown away: the next call reads the files and the environment anew, so
    that a login in another terminal heals a console that runs.
    """

    def __init__(self, threads: Threads, meter: Meter, prepare: Prepare | None = None) -> None:
        self._threads = threads
        self._prepare = prepare
        self._sending = Sending(meter.count)
        self._making = threading.Lock()  # sessions are not for several threads at once; clients are
        self._loader: Any = None
        self._made: dict[Account, Any] = {}
        self._clients: dict[tuple[Place, str], Any] = {}

    def reader(self, place: Place) -> Reader:
        return AwsReader(place, self.client, self.forget, self._threads)

    async def regions(self, account: Account) -> tuple[str, ...]:
        """The one that the AWS CLI would take; `CannotCollect` where there is none."""

        def look() -> str | None:
            with self._making:
                found: str | None = self._session(account).get_config_variable("region")
                return found

        place = Place(account, "")
        try:
            region = await self._threads.call(f"the configuration of {account.name}", look)
        except Exception as error:
            raise failure(error, Question("sts", "GetCallerIdentity", place)) from error
        if region is None:
            mend = "Name regions in the profile, give `--region`, or set AWS_REGION."
            raise CannotCollect(f"No region is known for the account {account.name}.", mend=mend)
        return (region,)

    async def account_id(self, account: Account) -> str:
        """Who AWS says we are in."""
        region = (await self.regions(account))[0]
        answer = await self.reader(Place(account, region)).call("sts", "GetCallerIdentity")
        return str(answer["Account"])

    def client(self, place: Place, service: str) -> Any:
        """In a thread: making one reads files. The same for all who ask."""
        with self._making:
            client = self._clients.get((place, service))
            if client is None:
                client = self._clients[place, service] = self._make(place, service)
            return client

    def forget(self, account: Account) -> None:
        """Its credentials were refused."""
        with self._making:
            self._made.pop(account, None)
            self._clients = {key: client for key, client in self._clients.items() if key[0].account != account}

    def _make(self, place: Place, service: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415 - half a second that the first paint does not wait for

        config = Config(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            max_pool_connections=POOLED,
            tcp_keepalive=True,
            user_agent_extra="dbconsole",
        )
        client = self._session(place.account).create_client(
            service, region_name=place.region, endpoint_url=place.account.endpoint, config=config
        )
        self._sending.send_with(client)
        return client

    def _session(self, account: Account) -> Any:
        if account not in self._made:
            self._made[account] = self._assumed(account) if account.role_arn else self._plain(account)
        return self._made[account]

    def _plain(self, account: Account) -> Any:
        """As the AWS CLI has it: environment, profile, SSO, process, container, instance role."""
        from botocore.session import Session  # noqa: PLC0415

        session = Session(profile=account.profile)
        if self._loader is None:
            self._loader = session.get_component("data_loader")
        session.register_component("data_loader", self._loader)  # what AWS's services are is read once
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment)
        if account.keys:
            session.set_credentials(*account.keys)
        guard(session)
        self._sending.register(session)
        if self._prepare is not None:
            self._prepare(session)
        return session

    def _assumed(self, account: Account) -> Any:
        """The role's own session; its credentials are renewed by those of the plain one."""
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials  # noqa: PLC0415

        source = self._plain(account)
        region = source.get_config_variable("region") or "us-east-1"

        def creator(service: str, **given: Any) -> Any:
            given = {"region_name": region, "endpoint_url": account.endpoint, **given}
            client = source.create_client(service, **given)
            self._sending.send_with(client)
            return client

        asked = {"RoleSessionName": "dbconsole", "DurationSeconds": ROLE_LASTS_S}
        if account.external_id:
            asked["ExternalId"] = account.external_id
        fetcher = AssumeRoleCredentialFetcher(creator, source.get_credentials(), account.role_arn, extra_args=asked)
        credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        session = self._plain(account)
        session.register_component("credential_provider", _Given(credentials))
        return session


class _Given:
    """Credentials that are there already, where botocore would look for some."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        return self._credentials
