"""How PostgreSQLs are logged in to, as a profile says it."""

import pytest

from collectors.postgres.wire.servers import Login
from collectors.postgres.wire.target import Encryption
from console.profiles import postgres_logins
from tests.profiles.saying import fault, profile


def test_what_is_left_out_is_verified_and_modest() -> None:
    (login,) = postgres_logins(profile('[[postgres]]\nsecret = "rds"\n'))
    assert login == Login("rds", engines=("postgres",))
    assert (login.encryption, login.database, login.budget) == (Encryption.VERIFY, "postgres", 0.05)
    assert postgres_logins(profile("")) == ()


def test_all_that_may_be_said_arrives() -> None:
    text = """[[postgres]]
ids = ["ledger*"]
engines = ["postgres", "aurora-postgresql"]
user = "dbconsole_ro"
secret = "file:~/.config/dbconsole/ledger.password"
encrypt = "verify"
ca_file = "/etc/ssl/rds.pem"
port = 5433
database = "ledger"
query_budget = "2 %"
"""
    assert postgres_logins(profile(text)) == (
        Login(
            "file:~/.config/dbconsole/ledger.password",
            ids=("ledger*",),
            engines=("postgres", "aurora-postgresql"),
            user="dbconsole_ro",
            encryption=Encryption.VERIFY,
            ca_file="/etc/ssl/rds.pem",
            port=5433,
            database="ledger",
            budget=0.02,
        ),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('password = "x"', "postgres#1.password is not a key that is known here"),
        ('encrypt = "strict"', "postgres#1.encrypt is not a word known here"),
        ('encrypt = "trust"\nca_file = "a.pem"', "postgres#1.ca_file is for certificates that are verified"),
        ("query_budget = 0", "postgres#1.query_budget is out of range"),
        ('engines = ["postgres-*"]', "postgres#1.engines#1 fits no engine"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(line: str, words: str) -> None:
    assert words in fault(f'[[postgres]]\nsecret = "rds"\n{line}\n')


def test_a_secret_that_names_nobody_needs_a_user() -> None:
    assert "postgres#1.user is needed" in fault('[[postgres]]\nsecret = "env:PASSWORD"\n')
