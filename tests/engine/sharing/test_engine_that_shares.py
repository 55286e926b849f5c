"""The whole engine of a demo, and a broker that writes down what it is sent: all of it within AWS IoT Core's limits."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from collectors.safe import Safe
from console.engine.sharing.outgoing import MOST_UNCONFIRMED
from console.mqtt.signing import keys_of
from console.protocol.codec import decode
from console.protocol.mirror import Mirror
from console.specs import ShareOptions
from tests.engine.engines import ORDERS, Engines
from tests.engine.sharing.shop import DIAL
from tests.mqtt.test_signing import key
from tests.rig.mosquitto import mosquitto
from tests.rig.terminal import wait_until

TREE = "dbo/v1/resilient-database"
PUBLISHED = re.compile(
    r"^(\d+): Received PUBLISH from (\S+) \(d\d, q(\d), r\d, m\d+, '([^']*)', \.\.\. \((\d+) bytes\)", re.MULTILINE
)
ASKED = re.compile(r"^\d+: Received SUBSCRIBE from \S+\n((?:\d+: \t.*\n)+)", re.MULTILINE)


async def test_a_demo_is_seen_whole_at_a_broker_within_the_limits_of_aws_iot_core(
    engines: Engines, tmp_path: Path
) -> None:
    own = key(tmp_path)
    with mosquitto(tmp_path / "broker") as server:
        engine = engines.start(replace(engines.spec, share=ShareOptions(server.url("engine"), own)))
        keys, mirror, began = keys_of(own.with_suffix(".pub")), Mirror(), time.monotonic()
        async with await engines.joined("control") as control, DIAL(server.broker("kim"), None) as carrier:
            await carrier.subscribe([f"{TREE}/#"])
            async for heard in carrier.heard():
                message = decode(heard.topic, heard.payload, retained=heard.is_retained)
                assert message is None or keys.whose(message) is not None
                mirror.apply(heard.topic, message)
                here = control.mirror
                if mirror.resources.keys() == here.resources.keys() and ORDERS in mirror.hist and mirror.status:
                    at = mirror.resources[ORDERS].values.get(Safe("cloudwatch.CPUUtilization"))
                    if at is not None and at.s == "fresh" and time.monotonic() - began > 6:
                        break
            assert mirror.status is not None
            assert "connected" in mirror.status.shared
            assert not any("haring" in notice for notice in mirror.status.notices)
        engine.terminate()
        assert engine.wait(20) == 0
        wait_until(lambda: server.log.count("Received DISCONNECT") >= 2, lambda: server.log)
        sent = PUBLISHED.findall(server.log)
    assert sent[-1][3] == f"{TREE}/status"  # it leaves in order, and says so
    each_second = Counter((client, second) for second, client, *_ in sent)
    assert max(each_second.values()) <= 100 + MOST_UNCONFIRMED  # the pace itself is in test_pace; a broker may be late
    assert max(int(qos) for _, _, qos, _, _ in sent) <= 1
    assert max(topic.count("/") for _, _, _, topic, _ in sent) <= 7
    assert max(int(size) for *_, size in sent) <= 128 * 1024
    filters = [lines.count("\n") for lines in ASKED.findall(server.log)]
    assert filters
    assert max(filters) <= 8
