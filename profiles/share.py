"""Where is a running console shared, who may speak there, and how is that proved?"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from profiles.fields import Part, Text, filled, listed, matching

_URL = matching(
    r"mqtts?://([\w.%+-]+@)?([\w.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?/?|unix:/\S+|embedded(:([\w.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?)?",
    "mqtts://[USER@]HOST[:PORT], mqtt://…, unix:/PATH of a broker's socket, or embedded[:ADDRESS[:PORT]]",
)
_KEY = matching(
    r"ssh-ed25519 [A-Za-z0-9+/]+={0,2}( .*)?", "a public key as ssh-keygen -t ed25519 writes it: ssh-ed25519 AAAA…"
)
Key = Annotated[str, BeforeValidator(_KEY)]


class Share(Part):
    """The broker that this estate's messages go by. No password stands here: `DBCONSOLE_SHARE_PASSWORD`, or a file."""

    url: Annotated[str, BeforeValidator(_URL)] | None = Field(
        default=None, description="Where it is shared, and viewed: `dbconsole view -e ESTATE`; `--share` goes before."
    )
    publishers: Annotated[tuple[Key, ...], BeforeValidator(listed), AfterValidator(filled)] | None = Field(
        default=None, description="Public keys whose signature a viewer believes; more than one while keys are changed."
    )
    people: dict[Text, Key] = Field(
        default_factory=dict, description="Public keys by user: who asks for something by the broker is proved by one."
    )
    identity: Text | None = Field(
        default=None, description="The file of the private key that the engine signs with; `--identity` goes before."
    )
    password_file: Text | None = Field(default=None, description="A file with the broker's password, of mode 0600.")
    ca_file: Text | None = Field(default=None, description="Certificates that the broker's is checked by.")
    certificate: Text | None = Field(default=None, description="This side's own certificate, with which it logs in.")
    certificate_key: Text | None = Field(default=None, description="The private key of that certificate.")
