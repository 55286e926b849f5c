"""The only maker of clients that change anything. Nobody but the gate imports it: a test of the imports holds that."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

CONNECT_S, READ_S = 3, 20
Prepare = Callable[[Any], object]
_OF_NO_FILE = {  # whose files are on this machine has no bearing on it: the keys are given
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def client(
    keys: tuple[str, str, str | None], service: str, region: str, *, endpoint: str | None, agent: str, prepare: Prepare
) -> Any:
    """One client for one request: one attempt, and what a lost answer means is not for botocore to decide. Blocks."""
    from botocore.config import Config  # noqa: PLC0415 - in a thread, when something is done
    from botocore.session import Session  # noqa: PLC0415

    session = Session(session_vars=_OF_NO_FILE)
    session.set_credentials(*keys)
    prepare(session)
    config = Config(
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"mode": "standard", "total_max_attempts": 1},
        tcp_keepalive=True,
        user_agent_extra=agent,
        ignore_configured_endpoint_urls=True,
        proxies={} if endpoint else None,
    )
    return session.create_client(service, region_name=region, endpoint_url=endpoint, config=config)
