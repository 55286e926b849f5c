"""Who the console is for AWS, as a person would say it."""

from __future__ import annotations

import pytest

from collectors.aws.caller import name_in


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:sts::111122223333:assumed-role/dbconsole-viewer/i-0abc", "dbconsole-viewer"),
        (
            "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Reader_0a1b/kim@shop.example",
            "AWSReservedSSO_Reader_0a1b",
        ),
        ("arn:aws:iam::111122223333:user/team/oncall/kim", "kim"),
        ("arn:aws:iam::111122223333:user/kim", "kim"),
        ("arn:aws:sts::111122223333:federated-user/kim", "kim"),
        ("arn:aws:iam::111122223333:root", "root"),
        ("", ""),
    ],
)
def test_a_caller_is_named_without_its_session_and_its_path(arn: str, name: str) -> None:
    assert name_in(arn) == name
