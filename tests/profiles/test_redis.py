"""How Redis and Valkey nodes are logged in to, as a profile says it."""

import pytest

from collectors.redis.wire.caches import Login
from console.profiles import redis_logins
from tests.profiles.saying import fault, profile


def test_what_is_left_out_is_verified_and_modest() -> None:
    (login,) = redis_logins(profile("[[redis]]\n"))
    assert login == Login()
    assert (login.kept, login.tls, login.engines, login.budget) == ("", True, ("redis", "valkey"), 0.05)
    assert redis_logins(profile("")) == ()


def test_all_that_may_be_said_arrives() -> None:
    text = """[[redis]]
ids = ["sessions-*"]
engines = ["valkey"]
user = "dbconsole"
secret = "secretsmanager:cache/sessions"
ca_file = "/etc/ssl/cache.pem"
port = 6380
query_budget = "2 %"
"""
    assert redis_logins(profile(text)) == (
        Login(
            "secretsmanager:cache/sessions",
            ids=("sessions-*",),
            engines=("valkey",),
            user="dbconsole",
            ca_file="/etc/ssl/cache.pem",
            port=6380,
            budget=0.02,
        ),
    )
    (plain,) = redis_logins(profile("[[redis]]\ntls = false\n"))
    assert not plain.tls


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('password = "x"', "redis#1.password is not a key that is known here"),
        ('secret = "rds"', "redis#1.secret is not of the right form"),
        ('secret = "hunter2"', "redis#1.secret is not of the right form"),
        ('user = "me"', "redis#1.secret is needed"),
        ('tls = false\nca_file = "x"', "redis#1.ca_file is for TLS, which is off"),
        ('engines = ["postgres-*"]', "redis#1.engines#1 fits no engine"),
    ],
)
def test_what_is_wrong_is_named(line: str, words: str) -> None:
    assert words in fault(f"[[redis]]\n{line}\n")
