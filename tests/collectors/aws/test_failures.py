"""Each way in which AWS fails, in words that say what would mend it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as aws
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from hypothesis import given
from hypothesis import strategies as st

from collectors.aws.failures import Question, failure
from collectors.aws.place import Account, Place
from collectors.errors import CannotCollect, Denied, Expired, Throttled, Trouble
from collectors.safe import sanitise

LIVE = Place(Account("live", profile="ops"), "eu-west-1")
MEND = "Run `aws sso login --profile ops`; it is noticed here."
ASKED = Question("rds", "DescribeDBInstances", LIVE, MEND)
URL = {"endpoint_url": "https://rds.eu-west-1.amazonaws.com/"}
ME = "arn:aws:sts::123456789012:assumed-role/ops/jane"


def refusal(code: str, status: int = 400, message: str = "No.", operation: str = "DescribeDBInstances") -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, operation)


@pytest.mark.parametrize(
    "code",
    ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorizedException", "OptInRequired"],
)
def test_a_missing_grant_is_named_with_whom_it_is_missing_for(code: str) -> None:
    said = f"User: {ME} is not authorized to perform: rds:DescribeDBInstances on resource: *"
    told = failure(refusal(code, 403, said), ASKED)
    assert isinstance(told, Denied)
    assert told.grant == "rds:DescribeDBInstances"
    assert told.what == "This identity may not ask rds:DescribeDBInstances in eu-west-1.live."
    assert ME in told.seen
    assert "Allow rds:DescribeDBInstances" in told.mend


@pytest.mark.parametrize(
    ("service", "operation", "grant"),
    [
        ("resourcegroupstaggingapi", "GetResources", "tag:GetResources"),
        ("cloudwatch", "GetMetricData", "cloudwatch:GetMetricData"),
        ("elasticache", "DescribeEvents", "elasticache:DescribeEvents"),
    ],
)
def test_a_grant_has_iams_name_where_aws_does_not_say_it(service: str, operation: str, grant: str) -> None:
    told = failure(refusal("AccessDenied", operation=operation), Question(service, operation, LIVE))
    assert isinstance(told, Denied)
    assert told.grant == grant


def test_a_role_that_may_not_be_assumed_is_what_is_named() -> None:
    """Not the question that came to nothing because of it."""
    told = failure(refusal("AccessDenied", 403, operation="AssumeRole"), ASKED)
    assert isinstance(told, Denied)
    assert told.grant == "sts:AssumeRole"
    said = f"User: {ME} is not authorized to perform: sts:TagSession on resource: {ME}"
    told = failure(refusal("AccessDenied", 403, said, operation="AssumeRole"), ASKED)
    assert isinstance(told, Denied)
    assert told.grant == "sts:TagSession"


def test_a_permission_set_that_was_taken_away_is_a_missing_grant() -> None:
    told = failure(refusal("ForbiddenException", 403, "No access", operation="GetRoleCredentials"), ASKED)
    assert isinstance(told, Denied)
    assert told.grant == "sso:GetRoleCredentials"


@pytest.mark.parametrize(
    "code",
    ["ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"],
)
def test_credentials_that_are_no_longer_good_come_with_the_command(code: str) -> None:
    told = failure(refusal(code, 403), ASKED)
    assert isinstance(told, Expired)
    assert told.mend == MEND


@pytest.mark.parametrize("code", ["RequestExpired", "SignatureDoesNotMatch", "RequestTimeTooSkewed"])
def test_a_signature_that_is_refused_makes_one_look_at_the_clock(code: str) -> None:
    told = failure(refusal(code, 403), ASKED)
    assert isinstance(told, Expired)
    assert "clock" in told.mend
    assert MEND in told.mend


@pytest.mark.parametrize(
    "error",
    [
        aws.UnauthorizedSSOTokenError(),
        aws.SSOTokenLoadError(error_msg="not there"),
        aws.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"),
        aws.NoCredentialsError(),
        aws.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"),
        aws.CredentialRetrievalError(provider="custom-process", error_msg="exit 1"),
    ],
)
def test_whoever_is_not_signed_in_is_told_the_command(error: Exception) -> None:
    told = failure(error, ASKED)
    assert isinstance(told, Expired)
    assert told.mend == MEND
    assert "live" in told.what


def test_a_profile_that_is_not_there_is_to_be_written() -> None:
    told = failure(aws.ProfileNotFound(profile="ops"), ASKED)
    assert isinstance(told, Expired)
    assert "`aws configure --profile ops`" in told.mend


def test_a_second_factor_cannot_be_asked_for_here() -> None:
    told = failure(aws.RefreshWithMFAUnsupportedError(), ASKED)
    assert isinstance(told, Expired)
    assert "second factor" in told.what


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("Throttling", 400),
        ("ThrottlingException", 400),
        ("TooManyRequestsException", 429),
        ("RequestLimitExceeded", 503),
        ("APICallRateForCustomerExceeded", 400),
        ("LimitExceededException", 400),
        ("Unheard", 429),
    ],
)
def test_asking_too_often_is_said_whatever_its_code(code: str, status: int) -> None:
    assert isinstance(failure(refusal(code, status), ASKED), Throttled)


@pytest.mark.parametrize(
    "error",
    [
        aws.ConnectTimeoutError(**URL),
        aws.ReadTimeoutError(**URL),
        aws.EndpointConnectionError(**URL),
        aws.ConnectionClosedError(**URL),
        aws.SSLError(error="certificate verify failed", **URL),
        aws.ProxyConnectionError(proxy_url="http://proxy"),
        aws.HTTPClientError(error="reset"),
    ],
)
def test_no_answer_makes_one_look_at_the_network_and_the_region(error: Exception) -> None:
    told = failure(error, ASKED)
    assert type(told) is CannotCollect
    assert told.what == "rds:DescribeDBInstances in eu-west-1.live was not answered."
    assert "network" in told.mend
    assert "eu-west-1 is a region" in told.mend


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ResponseParserError("Unable to parse response: <!doctype html>"), "what is no answer"),
        (refusal("InternalFailure", 500), "AWS has an error of its own"),
        (refusal("InvalidParameterValue"), "was refused"),
        (aws.InvalidRegionError(region_name="eu west"), "no region to be asked"),
        (aws.ConfigParseError(path="config"), "configuration for live is wrong"),
        (aws.ParamValidationError(report="Unknown parameter"), "failed"),
        (ZeroDivisionError("division by zero"), "failed"),
    ],
)
def test_all_else_could_not_be_collected(error: Exception, says: str) -> None:
    told = failure(error, ASKED)
    assert type(told) is CannotCollect
    assert says in told.what
    assert told.mend


def test_our_own_errors_pass() -> None:
    ours = Trouble("It is so.")
    assert failure(ours, ASKED) is ours


@pytest.mark.parametrize(
    "secret",
    ["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "FwoGZXIvYXdzE" * 9],
)
def test_no_key_and_no_token_is_in_what_is_said(secret: str) -> None:
    """AWS's answer to a wrong signature holds all that was signed, the session's token among it."""
    said = f"The Canonical String should have been 'x-amz-security-token:{secret}' for Credential={secret}/20261121"
    assert secret not in failure(refusal("SignatureDoesNotMatch", 403, said), ASKED).line()


def test_who_was_refused_is_not_taken_for_a_secret() -> None:
    who = (
        "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Database-Operators_0123456789abcdef/jane.doe@example.com"
    )
    assert who in failure(refusal("AccessDenied", 403, f"User: {who} may not."), ASKED).seen


@given(st.text(), st.text(), st.integers(100, 599))
def test_whatever_aws_says_is_one_safe_line(code: str, message: str, status: int) -> None:
    told = failure(refusal(code, status, message), ASKED)
    assert isinstance(told, CannotCollect)
    assert told.line() == sanitise(told.line())
    if isinstance(told, Denied):
        assert told.grant == sanitise(told.grant)


def every_error_of_botocore() -> list[type[Exception]]:
    kinds = [aws.BotoCoreError]
    for kind in kinds:
        kinds.extend(each for each in kind.__subclasses__() if each not in kinds)
    return [kind for kind in kinds if kind.__module__.startswith("botocore")]


@pytest.mark.parametrize("kind", every_error_of_botocore(), ids=lambda kind: kind.__name__)
def test_no_error_of_botocores_is_without_words(kind: type[Exception]) -> None:
    told = failure(kind.__new__(kind), ASKED)
    assert isinstance(told, CannotCollect)
    assert told.what
    assert told.mend
