"""docs/sharing.md is done as it is written: its broker starts with its lines, and its rights let people in."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from console.mqtt.aiomqtt_carrier import dialler
from console.mqtt.opening import broker_of
from console.specs import ShareOptions
from profiles.share import Share
from tests.rig.certificates import certificates
from tests.rig.dbconsole import ROOT, environment, run
from tests.rig.mosquitto import mosquitto

TEXT = (ROOT / "docs" / "sharing.md").read_text()
OF_THE_RIG = ("listener", "allow_anonymous", "password_file", "acl_file", "certfile", "keyfile")


async def test_its_settings_and_rights_are_a_broker_for_both(tmp_path: Path) -> None:
    written = re.search(r"# /etc/mosquitto/conf.d/dbconsole.conf\n(.*?)```", TEXT, re.DOTALL)
    assert written is not None
    settings = written[1].splitlines()
    assert [line.split()[0] for line in settings[:6]] == [*OF_THE_RIG]
    roles = re.findall(r"dbconsole (policy \w+ --mqtt);? ?", TEXT.split("> /etc/mosquitto/dbconsole.acl")[0])
    acl = "".join(run(*words.split(), env=environment(tmp_path)).stdout for words in roles)
    users = ("dbconsole-collector", "kim")
    with mosquitto(tmp_path / "broker", *settings[6:], users=users, acl=acl, tls=certificates(tmp_path)) as server:
        dial = dialler()
        async with dial(server.broker("kim"), None) as kim, dial(server.broker("dbconsole-collector"), None) as engine:
            await kim.subscribe(["dbo/v1/shop/meta"])
            await engine.publish("dbo/v1/shop/meta", b"{}", retain=True, assured=True)
            assert (await anext(aiter(kim.heard()))).payload == b"{}"
            assert engine.denied == 0


def test_its_profiles_are_profiles() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        key = "ssh-ed25519 " + "A" * 68
        share = Share.model_validate(tomllib.loads(re.sub(r"ssh-ed25519 AAAA…", key, block))["share"])
        assert share.url is not None
        plain = share.model_copy(update={"ca_file": None, "certificate": None})
        assert broker_of(share.url, plain, ShareOptions(), {}).tls is not None
