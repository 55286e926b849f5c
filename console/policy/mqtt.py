"""The least rights of a role at a broker, by what is said there: an ACL file of Mosquitto, a policy of AWS IoT Core.

A broker's rights are the first fence and not the last: what a person may have done is judged by the engine, what acts
by its gate, and what a viewer believes by a signature.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Literal

from console.mqtt.names import CLIENT_ID
from console.protocol.topics import LIVE, ROOT, STATE, topic

MqttRole = Literal["viewer", "operator", "admin", "collector"]
ANY = "+"  # estate
HEARD: tuple[str, ...] = tuple(sorted({*STATE, *LIVE} - {"cmd", "ack"}))
"""What is for everybody; a request and its answer are for two."""
_ME = "${iot:Certificate.Subject.CommonName}"
_ARN = "arn:aws:iot:REGION:ACCOUNT"


def lines(role: MqttRole, users: Sequence[str], estate: str | None) -> Iterator[str]:
    """For Mosquitto's `acl_file`. Without ``users``: for whoever logs in, or a collector by its usual name."""
    where = f"{ROOT}/{ANY if estate is None else _level(estate)}"
    yield f"# {role}: {_WHY[role]}"
    yield "# In mosquitto.conf: `acl_file` with this, `allow_anonymous false`, passwords or certificates, TLS."
    yield "# What is not granted here is refused, $SYS too."
    if role == "collector":
        for user in users or ("dbconsole-collector",):
            yield ""
            yield f"user {user}"
            yield f"topic readwrite {where}/#"
        return
    if not users:
        yield "# It holds for everybody who logs in there; `--user NAME` makes it for some."
        yield ""
        yield from (f"pattern read {where}/{family}{_names(family)}" for family in HEARD)
        yield "# %u is the name that they log in with: their own requests, and what is answered to them."
        yield f"pattern write {where}/cmd/%u"
        yield f"pattern read {where}/ack/%u"
    for user in users:
        yield ""
        yield f"user {user}"
        yield from (f"topic read {where}/{family}{_names(family)}" for family in HEARD)
        yield f"topic write {where}/cmd/{_level(user)}"
        yield f"topic read {where}/ack/{_level(user)}"


def iot(role: MqttRole, estate: str | None) -> str:
    """For AWS IoT Core, compact: a policy there has at most 2,048 characters. REGION and ACCOUNT are to be put in.

    Its `*` stands for slashes too, so that an estate is always named. People are told apart by the name in their
    certificates, which is their user in the profile.
    """
    where = f"{ROOT}/{'ESTATE' if estate is None else _level(estate)}"
    allowed = [_allow("Connect", f"client/{CLIENT_ID}*"), _allow("Subscribe", f"topicfilter/{where}/*")]
    if role == "collector":
        allowed += [_allow(["Publish", "RetainPublish", "Receive"], f"topic/{where}/*")]
    else:
        heard = [f"topic/{where}/{start}*" for start in _starts(HEARD, ("cmd", "ack"))]
        allowed += [_allow("Receive", *heard, f"topic/{where}/ack/{_ME}")]
        allowed += [_allow("Publish", f"topic/{where}/cmd/{_ME}")]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed}, separators=(",", ":"))


def _allow(actions: str | list[str], *resources: str) -> dict[str, object]:
    named = [f"iot:{action}" for action in ([actions] if isinstance(actions, str) else actions)]
    return {"Effect": "Allow", "Action": named, "Resource": [f"{_ARN}:{each}" for each in resources]}


def _starts(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """As few letters as tell these from the others."""
    lengths = range(1, max(map(len, words)) + 1)
    return sorted({next(w[:n] for n in lengths if not any(o.startswith(w[:n]) for o in others)) for w in words})


def _names(family: str) -> str:
    return "/+" * {**STATE, **LIVE}[family]


def _level(name: str) -> str:
    """As it is written in a topic."""
    return topic(name, "-").split("/")[2]


_WHY: dict[MqttRole, str] = {
    "viewer": "hears what is shared, and asks by its own topic and no other's; it can put nothing in anybody's mouth",
    "operator": "as a viewer: what else an operator may do is asked of IAM, in a console of their own; whoever shares "
    "that console logs in as the collector",
    "admin": "as an operator: nothing more is done by way of a broker",
    "collector": "publishes an estate, hears what is asked, and takes away what is no more",
}
