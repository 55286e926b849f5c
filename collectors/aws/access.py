"""How is one account reached? As the AWS CLI would, with a client for a region and service when it is first asked."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

from collectors.aws.guard import guard
from collectors.aws.keys import Keys
from collectors.aws.place import Account
from collectors.aws.renewing import renewal
from collectors.aws.sending import Bounded

CONNECT_S, READ_S = 3, 15
ATTEMPTS = 2  # one more for a lost connection; for all else the schedule knows better when to ask again
POOLED = 16
ROLE_LASTS_S = 3600  # 900 would lie within botocore's refresh window: each call would ask for new credentials
Prepare = Callable[[Any], object]

# By name: where it stands in AWS's files, in the environment, and what it is else.
_AS_THE_CLI = {"region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None)}  # botocore knows the second
_NOT_OF_THIS_MACHINE = {  # for an emulator: whose files these are has no bearing on it
    **_AS_THE_CLI,
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class Access:
    """Blocks, and is for threads; `close` alone is not. A failure to make something leaves nothing made.

    Once forgotten, the files and the environment are read anew: a login in another terminal heals a console that runs.
    """

    def __init__(self, account: Account, agent: str, prepare: Prepare) -> None:
        self.renewal = renewal(account, {}, os.environ)
        self._account = account
        self._agent = agent
        self._prepare = prepare
        self._making = threading.Lock()  # botocore's clients are for several threads at once, its sessions are not
        self._session: Any = None
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, region: str, service: str) -> Any:
        """The same for all who ask."""
        with self._making:
            client = self._clients.get((region, service))
            if client is None:
                client = self._clients[region, service] = self._make(region, service)
            return client

    def region(self) -> str | None:
        """The one that the AWS CLI would take."""
        with self._making:
            found: str | None = None
            try:
                session = self._opened()
                found = session.get_config_variable("region") or self._region_of_this_machine(session)
            finally:
                if found is None:
                    self._session = None  # somebody may write it into the files, and it is looked for again
            return found

    def keys(self) -> Keys:
        """The credentials as they are at this moment, renewed where they were about to end."""
        from botocore.exceptions import NoCredentialsError  # noqa: PLC0415

        with self._making:
            found = self._opened().get_credentials()
            if found is None:
                self._session = None
                raise NoCredentialsError
        try:
            frozen = found.get_frozen_credentials()  # may ask AWS, and nobody else waits for that
        except BaseException:
            self.forget()
            raise
        return Keys(frozen.access_key, frozen.secret_key, frozen.token)

    def forget(self) -> None:
        """What it was made of is no longer good."""
        with self._making:
            self.close()

    def close(self) -> None:
        """Ends the connections that nobody uses; a call that is under way ends its own."""
        clients, self._clients, self._session = self._clients, {}, None
        for client in clients.values():
            client.close()

    def _make(self, region: str, service: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415 - half a second that the first paint does not wait for

        config = Config(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            max_pool_connections=POOLED,
            tcp_keepalive=True,
            user_agent_extra=self._agent,
            proxies={} if self._account.endpoint else None,  # an emulator is near; None: as the environment has it
        )
        try:
            return self._client_of(self._opened(), service, region_name=region, config=config)
        except BaseException:
            self._session = None
            raise

    def _client_of(self, session: Any, service: str, **given: Any) -> Any:
        client = session.create_client(service, **{"endpoint_url": self._account.endpoint, **given})
        endpoint = client._endpoint  # noqa: SLF001 - botocore has no other place for a limit
        endpoint.http_session = Bounded(endpoint.http_session)
        return client

    def _region_of_this_machine(self, session: Any) -> str | None:
        """Where it is one of AWS's; the environment may forbid to ask."""
        if self._account.endpoint:
            return None
        from botocore.utils import IMDSRegionProvider  # noqa: PLC0415

        found: str | None = IMDSRegionProvider(session).provide()
        return found

    def _opened(self) -> Any:
        if self._session is None:
            self._session = self._assumed() if self._account.role_arn else self._plain()
        return self._session

    def _plain(self) -> Any:
        """Environment, profile, SSO, process, container, instance role: botocore's own chain."""
        from botocore.session import Session  # noqa: PLC0415

        account = self._account
        variables = _NOT_OF_THIS_MACHINE if account.keys else _AS_THE_CLI
        session = Session(profile=account.profile, session_vars=variables)
        if account.keys:
            session.set_credentials(*account.keys)
        guard(session)
        self._prepare(session)
        self.renewal = renewal(account, session.get_scoped_config(), os.environ)
        return session

    def _assumed(self) -> Any:
        """The role's own session; its credentials are renewed by those of the plain one."""
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials  # noqa: PLC0415

        source, session = self._plain(), self._plain()
        region = source.get_config_variable("region") or "us-east-1"

        def creator(service: str, **given: Any) -> Any:
            return self._client_of(source, service, **{"region_name": region, **given})

        asked = {"RoleSessionName": "dbconsole", "DurationSeconds": ROLE_LASTS_S}
        if self._account.external_id:
            asked["ExternalId"] = self._account.external_id
        credentials = source.get_credentials()
        fetcher = AssumeRoleCredentialFetcher(creator, credentials, self._account.role_arn, extra_args=asked)
        renewed = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        session.register_component("credential_provider", _Given(renewed))
        return session


class _Given:
    """Credentials that are there already, where botocore would look for some."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        return self._credentials
