"""From what the command line and a profile say to the way by which a publisher is heard. All of it blocks."""

from __future__ import annotations

from collectors.errors import Trouble
from console.mqtt.opening import broker_of, keys_for, signer_for
from console.profile_errors import profile_of
from console.relay.hearing import Way
from console.specs import ShareOptions
from profiles.load import find
from profiles.share import Share
from profiles.wrong import WrongProfile


def way_of(url: str, estate: str | None, options: ShareOptions) -> Way:
    """``url``: empty where the profile of ``estate`` says it. Raises `Trouble`."""
    profile = profile_of(estate) if estate and not (url and _is_only_a_name(estate)) else None
    share = profile.share if profile else Share()
    where = url or share.url
    if not where:
        mend = "Name it: `dbconsole view mqtts://…`, or write [share] url into the profile."
        raise Trouble(f"The profile {estate} does not say where it is shared.", mend=mend)
    broker = broker_of(where, share, options, estate=profile.name if profile else estate)
    return Way(broker, keys_for(share, options), signer_for(share, options))


def _is_only_a_name(estate: str) -> bool:
    """Whoever names the broker too may have no profile of it."""
    try:
        find(estate)
    except WrongProfile:
        return True
    return False
