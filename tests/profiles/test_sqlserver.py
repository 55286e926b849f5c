"""How SQL Servers are logged in to, as a profile says it."""

import pytest

from collectors.sqlserver.wire.servers import Login
from collectors.sqlserver.wire.target import Encryption
from console.profiles import logins
from tests.profiles.saying import fault, profile


def test_what_is_left_out_is_verified_and_modest() -> None:
    (login,) = logins(profile('[[sqlserver]]\nsecret = "rds"\n'))
    assert login == Login("rds", engines=("sqlserver-*", "custom-sqlserver-*"))
    assert (login.encryption, login.connections, login.budget) == (Encryption.VERIFY, 2, 0.05)
    assert logins(profile("")) == ()


def test_all_that_may_be_said_arrives() -> None:
    text = """[[sqlserver]]
ids = ["orders-*"]
engines = ["sqlserver-ee"]
user = "dbconsole_ro"
secret = "file:~/.config/dbconsole/orders.password"
encrypt = "strict"
ca_file = "/etc/ssl/rds.pem"
host_in_certificate = "orders.example.org"
port = 14330
read_only = true
driver = "ODBC Driver 18 for SQL Server"
connections = 1
query_budget = "2 %"
"""
    assert logins(profile(text)) == (
        Login(
            "file:~/.config/dbconsole/orders.password",
            ids=("orders-*",),
            engines=("sqlserver-ee",),
            user="dbconsole_ro",
            encryption=Encryption.STRICT,
            ca_file="/etc/ssl/rds.pem",
            host_in_certificate="orders.example.org",
            port=14330,
            read_only=True,
            driver="ODBC Driver 18 for SQL Server",
            connections=1,
            budget=0.02,
        ),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('password = "x"', "sqlserver#1.password is not a key that is known here"),
        ('encrypt = "no"', "sqlserver#1.encrypt is not a word known here"),
        ('encrypt = "trusted"', "Did you mean trust?"),
        ("connections = 50", "sqlserver#1.connections is out of range"),
        ("query_budget = 0", "sqlserver#1.query_budget is out of range"),
        ('engines = ["postgres-*"]', "sqlserver#1.engines#1 fits no engine"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(line: str, words: str) -> None:
    assert words in fault(f'[[sqlserver]]\nsecret = "rds"\n{line}\n')


@pytest.mark.parametrize("secret", ["hunter2", "env:", "env:a b", "file:", "secretsmanager:", "vault:x"])
def test_a_password_itself_is_refused_with_the_ways_to_keep_it(secret: str) -> None:
    said = fault(f'[[sqlserver]]\nuser = "x"\nsecret = "{secret}"\n')
    assert "sqlserver#1.secret is not of the right form" in said
    assert "rds, env:VARIABLE, file:PATH or secretsmanager:SECRET" in said


def test_where_no_secret_names_the_user_the_profile_must() -> None:
    assert "sqlserver#1.user is needed" in fault('[[sqlserver]]\nsecret = "env:PASSWORD"\n')


def test_there_is_one_file_of_certificates() -> None:
    part = '[[sqlserver]]\nsecret = "rds"\nca_file = "{}"\n'
    assert "sqlserver#2.ca_file is another file than before" in fault(part.format("a") + part.format("b"))
    assert len(logins(profile(part.format("a") + part.format("a") + '[[sqlserver]]\nsecret = "rds"\n'))) == 3
