"""Which command brings credentials back, for the way in which they were found?"""

from __future__ import annotations

from collections.abc import Mapping

from collectors.aws.place import Account
from collectors.safe import sanitise

_PROFILE = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")  # the order in which botocore looks
_NOTICED = "it is noticed here."


def renewal(account: Account, configured: Mapping[str, object], environ: Mapping[str, str]) -> str:
    """``configured``: what AWS's configuration file says of the profile; botocore prefers a profile that was named."""
    if account.profile is None and environ.get("AWS_ACCESS_KEY_ID"):
        return "Start the console again with new keys in the environment: those of a running process stay as they are."
    named = account.profile or next((environ[name] for name in _PROFILE if environ.get(name)), "")
    profile = f" --profile {sanitise(named)}" if named else ""
    if "credential_process" in configured:
        return f"Run what credential_process names, or `aws configure{profile}`; {_NOTICED}"
    if "sso_session" in configured or "sso_start_url" in configured:
        return f"Run `aws sso login{profile}`; {_NOTICED}"
    if "login_session" in configured:
        return f"Run `aws login{profile}`; {_NOTICED}"
    if "source_profile" in configured:
        source = sanitise(str(configured["source_profile"]))
        return f"Run `aws sso login --profile {source}` or `aws configure --profile {source}`; {_NOTICED}"
    return f"Run `aws sso login{profile}` or `aws configure{profile}`; {_NOTICED}"
