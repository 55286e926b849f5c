"""Each way to have credentials comes with its own way to have them again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.place import Account
from collectors.aws.renewing import renewal
from collectors.safe import sanitise

OPS = Account("live", profile="ops")
ANY = Account("live")


@pytest.mark.parametrize(
    ("account", "configured", "environ", "says"),
    [
        (OPS, {"sso_session": "corp"}, {}, "`aws sso login --profile ops`;"),
        (OPS, {"sso_start_url": "https://start.example"}, {}, "`aws sso login --profile ops`;"),
        (OPS, {"login_session": "arn"}, {}, "`aws login --profile ops`;"),
        (OPS, {"credential_process": "give"}, {}, "credential_process names"),
        (OPS, {"role_arn": "arn", "source_profile": "base"}, {}, "`aws sso login --profile base`"),
        (OPS, {}, {}, "`aws configure --profile ops`;"),
        (ANY, {}, {}, "`aws configure`;"),
        (ANY, {"sso_session": "corp"}, {"AWS_PROFILE": "team"}, "`aws sso login --profile team`;"),
        (ANY, {}, {"AWS_ACCESS_KEY_ID": "AKIA"}, "Start the console again"),
        (OPS, {}, {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_PROFILE": "team"}, "`aws configure --profile ops`;"),
    ],
)
def test_the_command_is_the_one_for_how_they_were_found(
    account: Account, configured: dict[str, object], environ: dict[str, str], says: str
) -> None:
    assert says in renewal(account, configured, environ)


@given(st.text(min_size=1))
def test_a_name_from_a_file_is_shown_and_does_not_act(name: str) -> None:
    for said in (renewal(Account(profile=name), {}, {}), renewal(ANY, {"source_profile": name}, {})):
        assert said == sanitise(said)
