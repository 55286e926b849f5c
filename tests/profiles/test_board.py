"""Where the tiles of the board stand, as a team writes it, and what is wrong with it in words."""

from tests.profiles.saying import fault, profile


def test_a_profile_that_says_nothing_has_the_four_of_an_incident() -> None:
    board = profile("").board
    assert board.rows == (("cloudwatch", "waits"), ("lag", "backups"))
    assert all(name in sum(board.wide, ()) for row in board.rows for name in row)


def test_a_team_arranges_its_own() -> None:
    board = profile('[board]\nrows = [["waits"], ["events", "facts"]]\n').board
    assert board.rows == (("waits",), ("events", "facts"))


def test_a_tile_that_there_is_not_names_the_nearest() -> None:
    said = fault('[board]\nrows = [["cloudwatch"],\n  ["wait"]]\n')
    assert said.startswith("mine.toml:3: board.rows#2#1 ")
    assert "Did you mean waits?" in said


def test_an_empty_row_and_a_crowd_are_refused() -> None:
    assert "board.rows" in fault("[board]\nrows = [[]]\n")
    assert "is too long" in fault('[board]\nwide = [["lag", "waits", "facts", "events", "alarms"]]\n')
