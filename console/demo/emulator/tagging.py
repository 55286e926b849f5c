"""Tags over all services: which resource has which?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo.emulator import dynamodb, elasticache
from console.demo.emulator.requests_form import Refused
from console.demo.emulator.world import World, arn, tags

KINDS = {"instance": "db", "cluster": "cluster"}
MOST = 100


def get_resources(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """Filters by type (`rds`, `elasticache:cluster`) and by tag, paged as AWS does."""
    wanted = said.get("ResourceTypeFilters") or []
    found = [(name, mapped) for name, mapped in _tagged(world) if _is_of(name, wanted) and _has(mapped, said)]
    try:
        begin = int(said.get("PaginationToken") or 0)
    except ValueError:
        raise Refused("PaginationTokenExpiredException", "The pagination token is not one that was given.") from None
    shown = found[begin : begin + min(MOST, int(said.get("ResourcesPerPage", MOST)))]
    end = begin + len(shown)
    return {
        "PaginationToken": str(end) if end < len(found) else "",
        "ResourceTagMappingList": [{"ResourceARN": name, "Tags": mapped} for name, mapped in shown],
    }


def _tagged(world: World) -> list[tuple[str, list[dict[str, str]]]]:
    rds = [(arn("rds", name, each.id), tags(each)) for kind, name in KINDS.items() for each in world.machines(kind)]
    caches = [(elasticache.arn_of(each), tags(each)) for each in world.machines("cache")]
    return [*rds, *caches, *((dynamodb.arn_of(each), tags(each)) for each in world.machines("table"))]


def _is_of(name: str, wanted: list[str]) -> bool:
    """`dynamodb:table` is `arn:aws:dynamodb:…:table/…`."""
    _, _, service, _, _, rest = name.split(":", 5)
    kind = rest.replace("/", ":").split(":")[0]
    return not wanted or any(each in (service, f"{service}:{kind}") for each in wanted)


def _has(mapped: list[dict[str, str]], said: dict[str, Any]) -> bool:
    has = {each["Key"]: each["Value"] for each in mapped}
    filters = said.get("TagFilters") or []
    return all(f["Key"] in has and (not f.get("Values") or has[f["Key"]] in f["Values"]) for f in filters)


OPERATIONS: Mapping[str, Any] = {"GetResources": get_resources}
