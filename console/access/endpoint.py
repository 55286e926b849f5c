"""Is it AWS that would be asked? Actions are locked where a request would go anywhere else, outside the demo.

The end of a name is not enough: whoever has an account can put a server behind `execute-api.eu-west-1.amazonaws.com`.
So the whole name must be one that the service itself answers to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from console.access.refusal import Refusal, refusal

_AWS = "|".join(
    re.escape(suffix)
    for suffix in (
        *("amazonaws.com", "api.aws", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        *("amazonaws.eu", "api.amazonwebservices.eu"),
    )
)
_REGION = r"[a-z]{2,5}(-[a-z]+)+(-\d{1,2})?"
_VARIABLE = "AWS_ENDPOINT_URL"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one service is asked, as botocore resolved it from all that may be configured."""

    service: str  # as botocore calls it
    prefix: str  # as its endpoints are called
    url: str


def endpoint_of(client: Any) -> Endpoint:
    model = client.meta.service_model
    return Endpoint(model.service_name, model.endpoint_prefix, client.meta.endpoint_url)


def is_of_aws(endpoint: Endpoint) -> bool:
    try:
        told = urlsplit(endpoint.url)
        host, port, is_open = told.hostname or "", told.port, "@" in told.netloc
    except ValueError:
        return False
    if told.scheme != "https" or port not in (None, 443) or is_open or told.path not in ("", "/"):
        return False
    prefix = rf"{re.escape(endpoint.prefix)}(-fips)?"
    own = rf"{prefix}(\.{_REGION})?\.({_AWS})"
    private = rf"vpce-[a-z0-9-]+\.{prefix}\.{_REGION}\.vpce\.({_AWS})"
    return re.fullmatch(f"{own}|{private}", host, re.ASCII) is not None


def elsewhere(endpoints: Iterable[Endpoint], environ: Mapping[str, str], *, demo: str | None) -> Refusal | None:
    """Why actions are locked; None where each goes to AWS, or to the ``demo``'s own emulator and nowhere else."""
    for endpoint in endpoints:
        is_right = endpoint.url.rstrip("/") == demo.rstrip("/") if demo else is_of_aws(endpoint)
        if not is_right:
            meant = "the demo's own" if demo else "AWS's"
            what = f"The endpoint of {endpoint.service} is not {meant}: actions are locked."
            return refusal(what, endpoint.url, _mend(endpoint, environ))
    return None


def _mend(endpoint: Endpoint, environ: Mapping[str, str]) -> str:
    own = f"{_VARIABLE}_{endpoint.service.upper().replace('-', '_')}"
    named = next((name for name in (own, _VARIABLE) if environ.get(name)), None)
    if named:
        return f"Unset {named} and start the console again."
    return "Take endpoint_url out of AWS's own configuration, ~/.aws/config, and start the console again."
