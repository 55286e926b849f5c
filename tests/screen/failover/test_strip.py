"""What every screen says of a failover while it goes on: in its head, its footer, its rows, and once as news."""

from __future__ import annotations

from dataclasses import replace

from console.protocol.failover import Failover
from console.screen.failover.news import FailoverNews
from console.screen.failover.strip import hint, of_row, strip
from console.screen.picture import Picture
from tests.screen.acting.plans import NOW, op
from tests.screen.bodies import picture, res
from tests.screen.failover import runs
from widgets.tone import Tone

KNOWN = {"billing": res(), "carts": res(kind="table"), "orders-primary": res(), "orders-replica-1": res()}


def seen(*told: Failover) -> Picture:
    return replace(picture(KNOWN), now_ms=NOW, failovers={str(run.id): run for run in told})


def head(*told: Failover) -> str:
    return "".join(words for words, _ in strip(seen(*told))).strip()


def row(told: Failover, name: str = "billing") -> str:
    found = of_row(seen(told), name)
    return "" if found is None else str(found[0])


def test_the_head_tells_each_of_its_states() -> None:
    assert head(runs.REQUESTED) == "FAILOVER billing sent 0:05 ago"
    assert head(runs.IS_DOWN) == "FAILOVER billing DOWN 0:42 of 1:00"
    assert head(runs.LATE) == "FAILOVER billing OVERDUE DOWN 5:10"
    assert head(runs.BACK) == "FAILOVER billing up after 0:38 of 1:00, no standby"
    assert head(runs.PROMOTION) == "PROMOTION orders-replica-1 DOWN 0:57"
    assert head(runs.UNMEASURED) == "FAILOVER billing down, not timed"
    assert head(runs.BY_ITSELF) == "FAILOVER billing DOWN 0:42 of 1:00"
    assert head(runs.ENDED) == head(runs.REFUSED) == head() == ""


def test_of_several_the_worst_stands_there_and_how_many_more() -> None:
    promotion, requested = (
        run.model_copy(update={"id": str(number)}) for number, run in enumerate((runs.PROMOTION, runs.REQUESTED))
    )
    assert head(promotion, requested, runs.LATE) == "FAILOVER billing OVERDUE DOWN 5:10 +2"


def test_without_contact_it_is_not_live_and_has_no_colour_of_danger() -> None:
    lost = replace(seen(runs.IS_DOWN), contact="lost", age_s=30.0, now_ms=NOW + 30_000)
    ((words, tone),) = strip(lost)
    assert words.strip() == "FAILOVER billing DOWN 0:42 of 1:00 NOT LIVE"
    assert tone is Tone.DIM


def test_a_row_tells_it_of_everybody_whom_it_concerns() -> None:
    assert row(runs.IS_DOWN) == "failover: DOWN 0:42 of 1:00"
    assert row(runs.PROMOTION, "orders-primary") == "promotion of orders-replica-1: DOWN 0:57"
    assert row(runs.IS_DOWN, "carts") == row(runs.ENDED) == ""


def test_the_footer_says_where_the_rest_is() -> None:
    assert hint(seen(runs.IS_DOWN, runs.PROMOTION.model_copy(update={"id": "2"}))) == (
        ":fo shows the failover of billing, the promotion of orders-replica-1"
    )
    assert hint(seen(runs.ENDED)) is None


def after(first: Picture, then: Picture, besides: tuple[str, ...] = ()) -> str:
    news = FailoverNews()
    assert news.of(first, besides=()) is None, "it was so when this screen came"
    return str(news.of(then, besides=besides) or "")


def test_one_that_begins_is_news_and_one_by_itself_says_so() -> None:
    assert after(seen(), seen(runs.IS_DOWN)) == "The failover of billing has begun. (:fo)"
    assert after(seen(), seen(runs.BY_ITSELF)) == "billing fails over, and nobody here asked for it. (:fo)"
    assert after(seen(), seen(runs.IS_DOWN), (runs.ID,)) == "", "it is in sight"
    assert after(seen(), seen(runs.ENDED)) == "", "it was over when it was first heard of"


def test_what_is_only_planned_is_told_nowhere_and_begins_when_it_is_sent() -> None:
    planned = runs.run("preflight")
    assert head(planned) == row(planned) == ""
    assert hint(seen(planned)) is None
    assert after(seen(), seen(planned)) == ""
    assert after(seen(planned), seen(runs.REQUESTED)) == "The failover of billing has begun. (:fo)"


def test_what_takes_too_long_and_how_it_ended_is_news_once() -> None:
    news = FailoverNews()
    for told in (runs.IS_DOWN, runs.LATE, runs.LATE.model_copy(update={"began": 0}), runs.ENDED):
        news.of(seen(told), besides=())
    assert after(seen(runs.IS_DOWN), seen(runs.LATE)).startswith(
        "The failover of billing is OVERDUE. It has been recovering for 5 min."
    )
    assert after(seen(runs.LATE), seen(runs.LATE.model_copy(update={"began": 1}))) == ""
    assert after(seen(runs.BACK), seen(runs.ENDED)) == (
        "The failover of billing has ended. It was down for 38.4 s. (:fo, A acknowledges it)"
    )
    unproved = runs.ENDED.model_copy(update={"proofs": runs.PROOFS})
    assert "2 of 3 proofs are missing." in after(seen(runs.BACK), seen(unproved))


def test_the_end_of_what_an_operation_of_ours_began_is_told_by_that() -> None:
    ours = replace(seen(runs.ENDED), ops={runs.ID: op("done", id=runs.ID)})
    assert after(seen(runs.BACK), ours) == ""
