"""Which tags have the caches and tables? Their own descriptions leave them out; one question answers for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collectors.aws.answers import Answer, many, tags_of, text
from collectors.aws.names import Thing
from collectors.aws.reader import Reader

OF = {("elasticache", "cluster"): "cache", ("elasticache", "replicationgroup"): "group", ("dynamodb", "table"): "table"}
TYPES = ["elasticache", "dynamodb:table"]
Tags = Mapping[Thing, Mapping[str, str]]


async def read_tags(reader: Reader) -> Tags:
    found: dict[Thing, Mapping[str, str]] = {}
    pages = reader.pages("resourcegroupstaggingapi", "GetResources", ResourceTypeFilters=TYPES, ResourcesPerPage=100)
    async for page in pages:
        found.update(tagged(many(page, "ResourceTagMappingList")))
    return found


def tagged(rows: Iterable[Answer]) -> Tags:
    """By what each ARN names; what is none of ours is left out."""
    mapped = ((named(text(row, "ResourceARN")), tags_of(many(row, "Tags"))) for row in rows)
    return {thing: tags for thing, tags in mapped if thing is not None}


def named(arn: str) -> Thing | None:
    """`arn:aws:dynamodb:eu-west-1:111122223333:table/carts`, `arn:aws:elasticache:…:cluster:sessions-001`"""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return None
    kind, _, name = parts[5].replace("/", ":", 1).partition(":")
    ours = OF.get((parts[2], kind))
    return Thing(ours, name) if ours and name else None
