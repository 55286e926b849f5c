"""Tags: which resource has which, asked of one service or over all of them?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.demo.emulator import dynamodb, elasticache, rds, rds_snapshots
from console.demo.emulator.lists import number
from console.demo.emulator.names import tags
from console.demo.emulator.requests_form import Items, Refused
from console.demo.emulator.world import Operation, World

MOST = 100


def get_resources(world: World, said: dict[str, Any]) -> dict[str, Any]:
    """Filters by type (`rds`, `elasticache:cluster`) and by tag, paged as AWS does."""
    types, filters = said.get("ResourceTypeFilters") or [], said.get("TagFilters") or []
    if not _are(types, str) or not _are(filters, dict) or not all(isinstance(f.get("Key"), str) for f in filters):
        raise Refused("InvalidParameterException", "A list of types is one of text, a filter has a Key and Values.")
    found = [(name, mapped) for name, mapped in _tagged(world) if _is_of(name, types) and _has(mapped, filters)]
    token = str(said.get("PaginationToken") or "0")
    if not (token.isascii() and token.isdigit()):
        raise Refused("PaginationTokenExpiredException", "The pagination token is not one that was given.")
    begin = int(token)
    count = number(said, "ResourcesPerPage", MOST, least=1, most=MOST, code="InvalidParameterException")
    shown = found[begin : begin + count]
    end = begin + len(shown)
    return {
        "PaginationToken": str(end) if end < len(found) else "",
        "ResourceTagMappingList": [{"ResourceARN": name, "Tags": mapped} for name, mapped in shown],
    }


def list_rds_tags(world: World, said: dict[str, Any]) -> dict[str, Any]:
    name = str(said.get("ResourceName", ""))
    machine = next((m for kind in rds.IN_ARN for m in world.machines(kind) if rds.arn_of(m) == name), None)
    if machine is None and (own := rds_snapshots.tags_of_arn(world, name)) is not None:
        return {"TagList": Items("Tag", own)}
    if machine is None:
        raise (rds.no_cluster if ":cluster:" in name else rds.no_instance)(name)
    return {"TagList": Items("Tag", tags(machine))}


def _tagged(world: World) -> list[tuple[str, list[dict[str, str]]]]:
    own_rds = [(rds.arn_of(each), tags(each)) for kind in rds.IN_ARN for each in world.machines(kind)]
    caches = [(name, tags(each)) for name, each in elasticache.arns(world)]
    return [*own_rds, *caches, *((dynamodb.arn_of(each), tags(each)) for each in world.machines("table"))]


def _is_of(name: str, wanted: list[str]) -> bool:
    """`dynamodb:table` is `arn:aws:dynamodb:…:table/…`."""
    _, _, service, _, _, rest = name.split(":", 5)
    kind = rest.replace("/", ":").split(":")[0]
    return not wanted or any(each in (service, f"{service}:{kind}") for each in wanted)


def _are(said: Any, kind: type) -> bool:
    return isinstance(said, list) and all(isinstance(each, kind) for each in said)


def _has(mapped: list[dict[str, str]], filters: list[dict[str, Any]]) -> bool:
    has = {each["Key"]: each["Value"] for each in mapped}
    return all(f["Key"] in has and (not f.get("Values") or has[f["Key"]] in f["Values"]) for f in filters)


RDS: Mapping[str, Operation] = {"ListTagsForResource": list_rds_tags}
OVERALL: Mapping[str, Operation] = {"GetResources": get_resources}
