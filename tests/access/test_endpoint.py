"""Requests that would go anywhere but to AWS lock the actions; a name that only looks like AWS's is anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore
import botocore.session
import pytest

from console.access.endpoint import Endpoint, elsewhere, endpoint_of, is_of_aws

DEMO = "http://127.0.0.1:40123"
PARTITIONS = {"aws", "aws-cn", "aws-us-gov", "aws-eusc"}  # those that anybody can have an account in
SERVICES = ("rds", "elasticache", "dynamodb", "sts", "iam", "backup", "cloudwatch")
REGIONS = ("eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-5")


def rds(url: str) -> Endpoint:
    return Endpoint("rds", "rds", url)


def client(service: str, region: str, **given: Any) -> Any:
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    return session.create_client(service, region_name=region, **given)


def test_what_botocore_resolves_by_itself_is_awss(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_RDS", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    found = [endpoint_of(client(service, region)) for service in SERVICES for region in REGIONS]
    assert [endpoint.url for endpoint in found if not is_of_aws(endpoint)] == []
    assert elsewhere(found, {}, demo=None) is None


def test_every_name_that_aws_has_for_the_public_is_known() -> None:
    told = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text(encoding="utf-8"))
    outputs = [partition["outputs"] for partition in told["partitions"] if partition["id"] in PARTITIONS]
    assert len(outputs) == len(PARTITIONS)
    for each in outputs:
        for suffix in (each["dnsSuffix"], each["dualStackDnsSuffix"]):
            assert is_of_aws(rds(f"https://rds.eu-west-1.{suffix}")), suffix


@pytest.mark.parametrize(
    "url",
    [
        "https://rds-fips.us-east-1.amazonaws.com/",
        "https://rds.eu-west-1.amazonaws.com:443",
        "https://vpce-0a1b2c3d-x1y2z3.rds.eu-west-1.vpce.amazonaws.com",
        "https://RDS.eu-west-1.amazonaws.com",
    ],
)
def test_other_ways_to_the_same_service_are_awss(url: str) -> None:
    assert is_of_aws(rds(url))


@pytest.mark.parametrize(
    "url",
    [
        *("http://localhost:4566", "http://127.0.0.1:5000", "https://example.org", "", "rds.eu-west-1.amazonaws.com"),
        "http://rds.eu-west-1.amazonaws.com",  # anybody on the way could answer
        "https://rds.eu-west-1.amazonaws.com.example.org",
        "https://rds.eu-west-1.amazonaws.com@example.org",
        "https://user:pass@rds.eu-west-1.amazonaws.com",
        "https://rds.eu-west-1.evilamazonaws.com",
        "https://example.org/rds.eu-west-1.amazonaws.com",
        "https://example.org#rds.eu-west-1.amazonaws.com",
        "https://rds.eu-west-1.amazonaws.com:8443",
        "https://rds.eu-west-1.amazonaws.com:port",
        "https://rds.eu-west-1.amazonaws.com/stage",
        "https://x.execute-api.eu-west-1.amazonaws.com",  # any account can have these
        "https://rds.execute-api.eu-west-1.amazonaws.com",
        "https://rds.s3.eu-west-1.amazonaws.com",
        "https://rds.s3.amazonaws.com",
        "https://ec2-203-0-113-1.eu-west-1.compute.amazonaws.com",
        "https://rds.eu-west-1.elb.amazonaws.com",
        "https://sts.eu-west-1.amazonaws.com",  # AWS's, and not the service that is meant
        "https://rds.eu-west-1.amazonaws.com\n.example.org",
        "https://[::1",
    ],
)
def test_what_only_looks_like_aws_is_not(url: str) -> None:
    assert not is_of_aws(rds(url))


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_RDS"])
def test_a_variable_that_points_elsewhere_locks_the_actions_and_is_named(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://localhost:4566")
    said = elsewhere([endpoint_of(client("rds", "eu-west-1"))], {variable: "http://localhost:4566"}, demo=None)
    assert said is not None
    assert (said.what, said.seen, said.mend) == (
        "The endpoint of rds is not AWS's: actions are locked.",
        "http://localhost:4566",
        f"Unset {variable} and start the console again.",
    )


def test_a_file_that_points_elsewhere_locks_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    (tmp_path / "config").write_text("[default]\nendpoint_url = http://localhost:4566\n", encoding="utf-8")
    said = elsewhere([endpoint_of(client("rds", "eu-west-1"))], {}, demo=None)
    assert said is not None
    assert "endpoint_url" in said.mend


def test_the_demos_own_emulator_is_where_the_demo_acts_and_nowhere_else() -> None:
    assert elsewhere([rds(DEMO), rds(f"{DEMO}/")], {}, demo=DEMO) is None
    for url in ("http://127.0.0.1:40124", "https://rds.eu-west-1.amazonaws.com"):
        said = elsewhere([rds(DEMO), rds(url)], {}, demo=DEMO)
        assert said is not None
        assert said.what == "The endpoint of rds is not the demo's own: actions are locked."
    assert elsewhere([rds(DEMO)], {}, demo=None) is not None


def test_one_service_that_goes_elsewhere_is_enough() -> None:
    right = rds("https://rds.eu-west-1.amazonaws.com")
    said = elsewhere([right, Endpoint("sts", "sts", "https://sts.example.org")], {}, demo=None)
    assert said is not None
    assert "of sts" in said.what
