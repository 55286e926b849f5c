"""Who is here: by sockets and by what is heard, fading and gone, and nobody in another's name."""

from __future__ import annotations

import pytest

from collectors.errors import Trouble
from collectors.safe import Safe, sanitise
from console.together.ages import FADES_S, GONE_S
from console.together.presence import MOST_UNPROVED, At, Gathering, Key, Sight

KIM, KIM_TOO = Key(Safe("kim"), Safe("A")), Key(Safe("kim"), Safe("B"))
MALLORY = Key(Safe("kim"), Safe("A"), is_proved=False)


def at(second: float) -> At:
    return At(int(second * 60_000), second)  # a play at sixty times its speed: nobody fades sooner for it


def test_several_screens_of_one_person_are_one_presence_since_the_first() -> None:
    here = Gathering().joined(KIM, "view", at(0)).joined(KIM_TOO, "control", at(5))
    kim = here.people(5)[Safe("kim")]
    assert (kim.role, kim.since, kim.screens, kim.heard) == ("control", 0, 2, None)
    assert here.left(KIM_TOO).people(5)[Safe("kim")].role == "view"
    assert here.left(KIM_TOO).left(KIM).people(5) == {}


def test_what_somebody_watches_is_what_they_touched_last() -> None:
    here = Gathering().saw(KIM, "view", Sight(Safe("waits")), at(0)).saw(KIM_TOO, "view", Sight(Safe("cost")), at(1))
    assert here.people(1)[Safe("kim")].pane == "cost"
    again = here.saw(KIM, "view", Sight(Safe("waits")), at(2))
    assert again.people(2)[Safe("kim")].pane == "cost", "a screen that only breathes was not touched"
    turned = here.saw(KIM, "view", Sight(Safe("waits"), Safe("orders")), at(2))
    assert turned.people(2)[Safe("kim")].resource == "orders"


def test_who_says_nothing_fades_and_is_gone_by_real_time() -> None:
    here = Gathering().saw(KIM, "view", Sight(), at(0))
    assert here.is_here(KIM, FADES_S, within=FADES_S)
    assert not here.is_here(KIM, FADES_S + 1, within=FADES_S)
    assert here.people(GONE_S)
    assert not here.people(GONE_S + 1)
    assert not here.aged(GONE_S + 1).screens


def test_a_screen_that_stood_still_on_its_socket_is_back_when_it_speaks() -> None:
    here = Gathering().joined(KIM, "view", at(0)).saw(KIM, "view", Sight(), at(0)).aged(GONE_S + 1)
    assert not here.people(GONE_S + 1)
    assert here.saw(KIM, "view", Sight(), at(GONE_S + 2)).people(GONE_S + 2)


def test_a_link_that_comes_again_before_the_old_one_ends_is_one_screen() -> None:
    here = Gathering().joined(KIM, "view", at(0)).joined(KIM, "view", at(1)).left(KIM)
    assert here.people(1)[Safe("kim")].screens == 1


def test_what_is_said_in_the_name_of_who_is_proved_says_nothing() -> None:
    here = Gathering().saw(KIM, "control", Sight(Safe("waits")), at(0)).saw(MALLORY, "view", Sight(Safe("cost")), at(1))
    kim = here.people(1)[Safe("kim")]
    assert (kim.is_proved, kim.pane, kim.screens) == (True, "waits", 1)
    assert here.gone(MALLORY).people(1)[Safe("kim")] == kim
    alone = Gathering().saw(MALLORY, "view", Sight(), at(0))
    assert not alone.people(0)[Safe("kim")].is_proved
    assert alone.newest_of(Safe("kim"), 0) is None


def test_invented_names_are_bounded_and_leave_room_for_who_is_proved() -> None:
    here = Gathering()
    for number in range(MOST_UNPROVED):
        here = here.saw(Key(sanitise(f"n{number}"), Safe("A"), is_proved=False), "view", Sight(), at(0))
    with pytest.raises(Trouble):
        here.saw(Key(Safe("one more"), Safe("A"), is_proved=False), "view", Sight(), at(0))
    assert Safe("kim") in here.saw(KIM, "view", Sight(), at(0)).people(0)
