"""Which actions of IAM does a request need, on which resources, and what is known of each of them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collectors.readings import ResourceId
from collectors.safe import sanitise
from console.demo.emulator.lists import tags_given
from console.demo.emulator.names import arn, tags
from console.demo.emulator.requests_form import Asked, Refused, parameters
from console.demo.inventory import ACCOUNT, REGION
from console.demo.model import Model

PREFIXES = {"resourcegroupstaggingapi": "tag"}  # where IAM has another name for a service
TYPES: Mapping[str, Mapping[str, str]] = {  # by the parameter that names one
    "rds": {
        "DBInstanceIdentifier": "db:",
        "DBClusterIdentifier": "cluster:",
        "DBSnapshotIdentifier": "snapshot:",
        "DBClusterSnapshotIdentifier": "cluster-snapshot:",
        "ResourceName": "",
    },
    "elasticache": {
        "CacheClusterId": "cluster:",
        "ReplicationGroupId": "replicationgroup:",
        "SnapshotName": "snapshot:",
        "ResourceName": "",
    },
    "dynamodb": {"TableName": "table/", "BackupArn": "", "ResourceArn": ""},
    "kms": {"KeyId": "key/"},
    "iam": {"RoleName": "role/", "PolicySourceArn": ""},
    "sts": {"RoleArn": ""},
    "ssm": {"Name": "parameter/"},
    "secretsmanager": {"SecretId": "secret:"},
}
OF_ALL = {  # what a list that names none is of
    "rds": {"Snapshots": "snapshot:*", "ClusterSnapshots": "cluster-snapshot:*", "Clusters": "cluster:*", "": "db:*"},
    "elasticache": {"Snapshots": "snapshot:*", "Groups": "replicationgroup:*", "": "cluster:*"},
    "dynamodb": {"": "table/*"},
    "kms": {"": "key/*"},
}
READS = ("Describe", "List", "Get")
OTHER_READS = frozenset(
    {
        *("cloudtrail:LookupEvents", "iam:SimulatePrincipalPolicy", "iam:SimulateCustomPolicy"),
        *("logs:FilterLogEvents", "logs:StartQuery", "logs:StopQuery", "rds:DownloadDBLogFilePortion"),
        *("dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem"),
    }
)
_MADE = {"rds": ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier"), "elasticache": ("SnapshotName",)}
_DB_TAGS = {"db": "rds:db-tag/", "cluster": "rds:cluster-tag/"}


@dataclass(frozen=True, slots=True)
class Needed:
    action: str
    resource: str


def prefix(service: str) -> str:
    return PREFIXES.get(service, service)


def action_of(request: Asked) -> str:
    return f"{prefix(request.service)}:{request.operation}"


def is_read(request: Asked) -> bool:
    """What no name is known for changes nothing where it is a GET."""
    if not request.is_routed:
        return request.operation.startswith(("GET ", "HEAD "))
    return request.operation.startswith(READS) or action_of(request) in OTHER_READS


def needed(request: Asked) -> list[Needed]:
    """All of them, or it is refused: what is made, what it is made of, and to put tags on it."""
    action = action_of(request)
    if request.service not in TYPES and is_read(request):
        return [Needed(action, _of_all(request))]  # a question of five hundred metrics need not be read for it
    said = said_by(request)
    named = _named(request, said)
    found = [Needed(action, each) for each in named.values()] or [Needed(action, _of_all(request))]
    if request.operation.startswith("Create") and tags_given(said):
        made = (named[each] for each in _MADE.get(request.service, ()) if each in named)
        found += [Needed(f"{prefix(request.service)}:AddTagsToResource", each) for each in made]
    return found


def said_by(request: Asked) -> dict[str, Any]:
    """Nothing, where it cannot be read: what answers will say so."""
    try:
        return parameters(request)
    except (Refused, UnicodeDecodeError):
        return {}


def _named(request: Asked, said: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, kind in TYPES.get(request.service, {}).items():
        value = said.get(name)
        if isinstance(value, str) and value:
            found[name] = value if value.startswith("arn:") else _arn(request, kind, value)
    return found


def _arn(request: Asked, kind: str, name: str) -> str:
    if request.service == "iam":
        return f"arn:aws:iam::{ACCOUNT}:{kind}{name}"
    return arn(request.service, f"{kind}{name.lstrip('/')}", region=request.region or REGION)


def _of_all(request: Asked) -> str:
    kinds = OF_ALL.get(request.service)
    if kinds is None:
        return "*"
    kind = next(kind for end, kind in kinds.items() if request.operation.endswith(end))
    return _arn(request, kind, "")


def tags_of(model: Model, resource: str) -> Mapping[str, str]:
    """Of a database, a cache or a table; a group of caches has those of its nodes."""
    *_, rest = resource.split(":", 5)
    kind, _, name = rest.replace("/", ":", 1).partition(":")
    if kind == "replicationgroup":
        machine = next((each for each in model.machines.values() if each.cluster == name), None)
    elif kind in ("db", "cluster", "table"):
        machine = model.machines.get(ResourceId(sanitise(name)))
    else:
        machine = None
    return {} if machine is None else {each["Key"]: each["Value"] for each in tags(machine)}


def context(model: Model, request: Asked, resource: str) -> dict[str, tuple[str, ...]]:
    """What conditions can ask of the request and of this resource."""
    found: dict[str, tuple[str, ...]] = {
        "aws:requestedregion": (request.region or REGION,),
        "aws:securetransport": ("false",),
    }
    given = {} if is_read(request) else tags_given(said_by(request))
    for name, value in given.items():
        found[f"aws:requesttag/{name.lower()}"] = (value,)
    if given:
        found["aws:tagkeys"] = tuple(given)
    kind = resource.split(":", 5)[-1].partition(":")[0]
    for name, value in tags_of(model, resource).items():
        found[f"aws:resourcetag/{name.lower()}"] = (value,)
        if request.service == "rds" and kind in _DB_TAGS:
            found[f"{_DB_TAGS[kind]}{name.lower()}"] = (value,)
    return found
