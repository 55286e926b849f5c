"""Every error is told by its SQLSTATE, or by libpq's words where a login has none; nothing quoted is repeated."""

from __future__ import annotations

import pytest

from collectors.errors import CannotCollect, Denied, Expired
from collectors.postgres.wire.errors import About, told

ABOUT = About("db:5432", "someone", "shop", "pg_monitor", 3)


@pytest.mark.parametrize(
    ("text", "state", "refuses"),
    [
        ('FATAL:  password authentication failed for user "a"', "28P01", True),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "a", database "b", no encryption', "28000", True),
        ('FATAL:  role "a" is not permitted to log in', "28000", True),
        ("FATAL:  the database system is starting up", "57P03", False),
        ("FATAL:  the database system is shutting down", "57P03", False),
        ("FATAL:  the database system is not yet accepting connections", "57P03", False),
        ("FATAL:  sorry, too many clients already", "53300", False),
        ("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", "53300", False),
        ('FATAL:  database "b" does not exist', "3D000", False),
        ('FATAL:  permission denied for database "b"', "42501", False),
        ("FATAL:  terminating connection due to administrator command", "57P01", False),
    ],
)
def test_a_login_is_told_by_its_words(text: str, state: str, refuses: bool) -> None:
    found = told(None, f'connection failed: connection to server at "10.0.0.9", port 5432 failed: {text}', ABOUT)
    assert (found.state, found.refuses) == (state, refuses)
    assert "10.0.0.9" not in found.trouble.line()


@pytest.mark.parametrize(
    ("state", "kind", "loses"),
    [
        ("28P01", Expired, True),
        ("28000", Expired, True),
        ("42501", Denied, False),
        ("57P01", CannotCollect, True),
        ("57P03", CannotCollect, True),
        ("53300", CannotCollect, True),
        ("53200", CannotCollect, True),
        ("3D000", CannotCollect, True),
        ("57014", CannotCollect, False),
        ("55000", CannotCollect, False),
        ("08006", CannotCollect, True),
        ("XX000", CannotCollect, True),
        ("22012", CannotCollect, False),
    ],
)
def test_a_statement_is_told_by_its_state_in_any_language(state: str, kind: type[CannotCollect], loses: bool) -> None:
    found = told(state, "FEHLER:  irgendetwas mit \"secret\" und 'hunter2'\nLINE 1: select", ABOUT)
    assert (type(found.trouble), found.state, found.loses) == (kind, state, loses)
    assert "hunter2" not in found.trouble.line()
    assert "secret" not in found.trouble.seen


def test_a_login_that_the_server_wants_encrypted_is_told_so() -> None:
    text = 'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "a", database "b", no encryption'
    assert "wants TLS" in told(None, text, ABOUT).trouble.mend
