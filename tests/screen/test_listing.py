"""Does every list of the estate have the same rows, and is it made anew only where something differs?"""

from __future__ import annotations

from collectors.safe import Safe
from console.screen.listing import Lister
from console.screen.rows import columns
from console.screen.view import View
from tests.screen.estate import res, with_cpu

ESTATE = {
    "orders": with_cpu(50, level="high", cluster="shop"),
    "carts": with_cpu(90, cluster="shop"),
    "billing": with_cpu(10, level="warning"),
}


def test_a_filter_an_order_and_groups_work_together() -> None:
    listing = Lister().listing(ESTATE, View(asked="level:>none", sort="name", group="cluster"), 0.0)
    shop, alone = listing.groups.values()
    assert listing.lines == (shop.key, "orders", alone.key, "billing")
    assert (len(listing.names), listing.of) == (2, 3)
    assert listing.resource_at(shop.key) == "orders"
    assert listing.resource_at(Safe("billing")) == "billing"


def test_a_folded_group_hides_rows_from_the_list_and_from_nothing_else() -> None:
    lister = Lister()
    key = lister.listing(ESTATE, View(group="cluster"), 0.0).lines[0]
    listing = lister.listing(ESTATE, View(group="cluster", folded=frozenset({key})), 0.0)
    assert "orders" not in listing.lines
    assert set(listing.names) == set(ESTATE)


def test_the_same_picture_and_view_need_no_second_look() -> None:
    lister = Lister()
    first = lister.listing(ESTATE, View(), 0.0)
    assert lister.listing(ESTATE, View(marked=(Safe("orders"),)), 60.0) is first
    assert lister.listing(ESTATE, View(asked="orders"), 60.0) is not first


def test_a_filter_sees_what_a_resource_has_become() -> None:
    lister = Lister()
    view = View(asked="status:failed")
    assert lister.listing(ESTATE, view, 0.0).names == ()
    assert lister.listing(ESTATE | {"orders": res(status="failed")}, view, 1.0).names == ("orders",)


def test_while_a_value_moves_the_rows_stay_for_ten_seconds() -> None:
    lister = Lister()
    view = View(sort="cpu")
    assert lister.listing(ESTATE, view, 0.0).names == ("carts", "orders", "billing")
    moved = ESTATE | {"billing": with_cpu(99, level="warning")}
    assert lister.listing(moved, view, 1.0).names == ("carts", "orders", "billing")
    assert lister.listing(dict(moved), view, 11.0).names == ("billing", "carts", "orders")


def test_region_and_account_are_said_where_there_is_more_than_one() -> None:
    keys = {column.key for column in columns(ESTATE)}
    assert not keys & {"region", "account"}
    more = ESTATE | {"far": res(region="us-east-1", account="test")}
    assert {column.key for column in columns(more)} >= {"region", "account"}
    assert [column.key for column in columns(more, ["cpu", "name", "region"])] == ["cpu", "name", "region"]
