"""News: what turned bad since the last picture, once, and never what was so before one came."""

from __future__ import annotations

from collections.abc import Mapping

from collectors.readings import Severity
from collectors.safe import Safe
from console.protocol.meta import Meta
from console.protocol.res import Res
from console.screen.news import QUIET_S, News
from console.screen.picture import Picture

META = Meta(schema_version=1, started=1_000, version=Safe("1"), estate=Safe("shop"), mode="live")
CRITICAL, HIGH, WARNING = Severity.CRITICAL, Severity.HIGH, Severity.WARNING


def res(level: Severity | None) -> Res:
    words = {name: Safe(name) for name in ("kind", "engine", "role", "status", "az", "region", "account")}
    return Res(**words, level=level, why=(Safe("CPUUtilization over 95%"),) if level else (), seen=1_000)


def picture(meta: Meta = META, **levels: Severity | None) -> Picture:
    resources: Mapping[str, Res] = {name: res(level) for name, level in levels.items()}
    return Picture("live", 1.0, 2_000, 0.0, meta, None, resources, {})


def test_what_was_bad_when_one_came_is_no_news() -> None:
    news = News()
    assert news.of(picture(orders=CRITICAL), 0.0) is None
    assert news.of(picture(orders=CRITICAL), 1.0) is None


def test_what_turns_critical_is_told_with_its_reason() -> None:
    news = News()
    news.of(picture(orders=None), 0.0)
    assert news.of(picture(orders=CRITICAL), 1.0) == "orders is CRITICAL now: CPUUtilization over 95%."


def test_a_warning_is_not_worth_an_interruption_and_neither_is_what_gets_better() -> None:
    news = News()
    news.of(picture(orders=None, billing=CRITICAL), 0.0)
    assert news.of(picture(orders=WARNING, billing=HIGH), 1.0) is None


def test_what_goes_to_and_fro_is_told_once_unless_it_gets_worse() -> None:
    news = News()
    news.of(picture(orders=None), 0.0)
    assert news.of(picture(orders=HIGH), 1.0) is not None
    news.of(picture(orders=None), 2.0)
    assert news.of(picture(orders=HIGH), 3.0) is None
    assert news.of(picture(orders=CRITICAL), 4.0) is not None
    news.of(picture(orders=None), 5.0)
    assert news.of(picture(orders=CRITICAL), 6.0 + QUIET_S) is not None


def test_of_many_the_worst_is_told_and_how_many_more() -> None:
    news = News()
    news.of(picture(a=None, b=None, c=None), 0.0)
    assert news.of(picture(a=HIGH, b=CRITICAL, c=HIGH), 1.0) == (
        "b is CRITICAL now: CPUUtilization over 95%. And 2 more."
    )


def test_another_engine_and_a_new_resource_bring_no_news() -> None:
    news = News()
    news.of(picture(orders=None), 0.0)
    restarted = META.model_copy(update={"started": 5_000})
    assert news.of(picture(restarted, orders=CRITICAL), 1.0) is None
    assert news.of(picture(restarted, orders=CRITICAL, fresh=CRITICAL), 2.0) is None
