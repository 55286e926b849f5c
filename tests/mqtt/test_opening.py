"""From what is said to a broker: whatever is wrong is one line that names the place and the remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from collectors.errors import Trouble
from console.mqtt.opening import PASSWORD, broker_of, keys_for, people_of, sharing_of, signer_for
from console.protocol.users import user_name
from console.specs import NOT_SHARED, ShareOptions
from profiles.share import Share
from tests.mqtt.test_signing import key
from tests.rig.certificates import certificates

OWN = user_name(os.geteuid())
SECRET = {PASSWORD: "of the environment"}


def opened(
    url: str, share: Share | None = None, environ: dict[str, str] | None = None, file: Path | None = None
) -> tuple[object, ...]:
    made = broker_of(url, share or Share(), ShareOptions(password_file=file), environ or {})
    return made.host, made.port, made.user, made.password, made.unix


def test_an_address_says_where_and_as_whom() -> None:
    assert opened("mqtt://kim@localhost") == ("localhost", 1883, "kim", None, None)
    assert opened("mqtts://kim%40shop@broker.example:9999/") == ("broker.example", 9999, "kim@shop", None, None)
    assert opened("mqtts://[::1]")[:3] == ("::1", 8883, OWN)
    assert opened("unix:/run/mosquitto.sock") == ("", 0, OWN, None, Path("/run/mosquitto.sock"))
    assert broker_of("mqtts://localhost", Share(), ShareOptions(), {}).tls is not None
    assert broker_of("mqtts://kim@localhost/my%20shop", Share(), ShareOptions(), {}).estate == "my shop"
    assert broker_of("mqtts://kim@localhost/", Share(), ShareOptions(), {}).estate is None
    assert sharing_of(Share(), ShareOptions(), {}) is None
    assert sharing_of(Share(url="mqtts://broker"), ShareOptions(url=NOT_SHARED), {}) is None


def test_the_password_is_of_the_file_that_was_named_then_of_the_environment_then_of_the_profile(tmp_path: Path) -> None:
    named, of_profile = tmp_path / "named", tmp_path / "profile"
    for file in (named, of_profile):
        file.write_text(f"of {file.name}\n")
        file.chmod(0o600)
    share = Share(password_file=str(of_profile))
    assert opened("mqtt://localhost", share, SECRET, named)[3] == "of named"
    assert opened("mqtt://localhost", share, SECRET)[3] == "of the environment"
    assert opened("mqtt://localhost", share)[3] == "of profile"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mqtts://kim:hunter2@broker", f"put it into {PASSWORD}"),
        ("mqtts://kim:hunter2@bro ker", "no broker's address"),
        ("http://broker", "Write mqtts://"),
        ("mqtts://broker:99999", "no broker's address"),
        ("mqtt://broker", "Use mqtts://broker"),
        ("embedded", "Name the address that the engine tells"),
    ],
)
def test_an_address_that_cannot_be_is_refused_and_no_password_of_it_is_shown(url: str, said: str) -> None:
    with pytest.raises(Trouble) as refused:
        opened(url, environ=SECRET)
    assert said in refused.value.line()
    assert "hunter2" not in refused.value.line()


def test_a_password_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "password"
    with pytest.raises(Trouble, match="There is no password"):
        opened("mqtt://localhost", file=file)
    file.write_text("secret")
    file.chmod(0o640)
    with pytest.raises(Trouble) as refused:
        opened("mqtt://localhost", file=file)
    assert f"chmod 600 {file}" in refused.value.line()


def test_a_certificate_of_ours_says_who_we_are(tmp_path: Path) -> None:
    made = certificates(tmp_path)
    share = Share(ca_file=str(made.authority), certificate=str(made.good.chain), certificate_key=str(made.good.key))
    assert opened("mqtts://broker", share)[2] == "good.invalid"
    for wrong in ({"ca_file": str(made.good.key)}, {"certificate_key": str(made.authority)}, {"certificate": "/none"}):
        with pytest.raises(Trouble, match=r"cannot be used|no certificates"):
            opened("mqtts://kim@broker", share.model_copy(update=wrong))


def test_keys_are_those_that_were_named_before_the_profiles(tmp_path: Path) -> None:
    first, second = key(tmp_path, "first"), key(tmp_path, "second")
    lines = {each.name: each.with_suffix(".pub").read_text().strip() for each in (first, second)}
    share = Share(identity=str(first), publishers=(lines["first"],), people={"kim": lines["second"]})
    own, named = signer_for(share, ShareOptions()), signer_for(share, ShareOptions(identity=second))
    assert own is not None
    assert named is not None
    assert own.public.split()[1] == lines["first"].split()[1]
    assert named.public.split()[1] == lines["second"].split()[1]
    assert keys_for(share, ShareOptions())
    assert not keys_for(Share(), ShareOptions())
    assert keys_for(Share(), ShareOptions(trusted=second.with_suffix(".pub")))
    assert people_of(share)
