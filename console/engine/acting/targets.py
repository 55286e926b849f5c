"""What is a resource of the inventory as the target of an action? And which lock keeps others from its family?"""

from __future__ import annotations

from collectors.aws.answers import account_of
from collectors.aws.known import Found
from console.actions.plan import Target

_GROUPS = {"instance": ("rds", "cluster:{}"), "cache": ("elasticache", "replicationgroup:{}")}


def target(found: Found) -> Target:
    return Target(
        about=found.id,
        name=found.name,
        kind=found.kind,
        engine=found.engine,
        arn=found.arn,
        account=account_of(found.arn),
        region=found.place.region,
        family=_family(found),
        account_name=found.place.account.name,
    )


def _family(found: Found) -> str:
    """The cluster or replication group, for which its members are locked together."""
    group = found.ties.group
    if not group or found.kind not in _GROUPS:
        return found.arn
    service, form = _GROUPS[found.kind]
    partition, region, account = found.arn.split(":")[1], found.place.region, account_of(found.arn)
    return f"arn:{partition}:{service}:{region}:{account}:{form.format(group)}"
