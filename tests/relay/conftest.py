"""One broker for all tests of a viewer: with users, rights and TLS, as one is to be run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.relay.publishing import ACL
from tests.rig.certificates import certificates
from tests.rig.mosquitto import Mosquitto, mosquitto


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    folder = tmp_path_factory.mktemp("broker")
    with mosquitto(folder, users=("engine", "kim", "mallory"), acl=ACL, tls=certificates(folder)) as made:
        yield made
