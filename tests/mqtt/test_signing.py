"""What is signed is told apart from what is not, whatever else was changed on the way."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import Trouble
from console.mqtt.signing import Keys, Signer, fingerprint, keys_of, signer_of
from console.protocol.codec import decode, encode
from console.protocol.message import Message

SAID = Message("dbo/v1/shop/res/a", "res", 5, "01E", 7, "engine", {"b": [1, 2.5, None], "a": {"y": "é", "x": 1e20}})


def key(folder: Path, name: str = "key") -> Path:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "of a test", "-f", str(folder / name)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return folder / name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return key(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def signer(made: Path) -> Signer:
    return signer_of(made)


def test_a_signature_lasts_over_the_wire_and_names_its_key_as_ssh_keygen_does(made: Path, signer: Signer) -> None:
    public = made.with_suffix(".pub")
    told = subprocess.run(["ssh-keygen", "-l", "-f", str(public)], check=True, capture_output=True, text=True).stdout
    heard = decode(SAID.topic, encode(signer.sign(SAID)))
    assert heard is not None
    assert heard.kid == told.split()[1] == fingerprint(public.read_text())
    assert Keys({"kim": public.read_text()}).whose(heard) == "kim"
    assert keys_of(public).whose(heard) is not None


def test_whatever_is_changed_is_no_longer_signed(signer: Signer) -> None:
    keys, told = Keys({"kim": signer.public}), signer.sign(SAID)
    assert keys.whose(told) == "kim"
    for changed in (
        replace(told, topic="dbo/v1/shop/res/b"), replace(told, seq=8), replace(told, at=6), replace(told, epoch="01F"),
        replace(told, who="alice"), replace(told, kind="hist"), replace(told, body={**told.body, "b": [1, 2.5]}),
        replace(told, sig=None), replace(told, sig="AAAA"), replace(told, sig="no base64"), replace(told, kid="other"),
    ):  # fmt: skip
        assert keys.whose(changed) is None


def test_another_key_is_nobodys(made: Path, signer: Signer, tmp_path: Path) -> None:
    other = signer_of(key(tmp_path))
    assert Keys({"kim": other.public}).whose(signer.sign(SAID)) is None
    forged = replace(other.sign(SAID), kid=signer.kid)
    assert Keys({"kim": signer.public}).whose(forged) is None


LEAVES = st.none() | st.booleans() | st.text() | st.integers(-(2**53), 2**53)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.recursive(LEAVES | NUMBERS, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(), one)))
def test_any_body_is_the_same_after_the_wire(signer: Signer, body: object) -> None:
    told = signer.sign(replace(SAID, body={"x": body}))
    heard = decode(told.topic, encode(told))
    assert heard is not None
    assert Keys({"kim": signer.public}).whose(heard) == "kim"


def test_a_key_that_others_may_read_or_that_is_none_is_refused_with_the_remedy(made: Path, tmp_path: Path) -> None:
    open_to_all, none = key(tmp_path, "open"), tmp_path / "none"
    open_to_all.chmod(0o644)
    none.write_text("no key")
    none.chmod(0o600)
    for path, said in (
        (open_to_all, "chmod 600"), (none, "is no private key"), (tmp_path / "away", "There is no key"),
        (made.with_suffix(".pub"), "Others may read"),
    ):  # fmt: skip
        with pytest.raises(Trouble) as refused:
            signer_of(path)
        assert said in refused.value.line()
    with pytest.raises(Trouble, match="no public key"):
        keys_of(none)
