"""What is in one secret? The only way to read one, and it reads only what somebody has named."""

from __future__ import annotations

from collectors.aws.guard import for_secret
from collectors.aws.reader import Reader
from collectors.errors import CannotCollect
from collectors.safe import sanitise


async def secret_value(reader: Reader, secret_id: str) -> str:
    """Its text, which is to be held as short as can be and shown to nobody. ``secret_id``: a name or an ARN."""
    with for_secret(secret_id):
        answer = await reader.call("secretsmanager", "GetSecretValue", SecretId=secret_id)
    text = answer.get("SecretString")
    if not isinstance(text, str) or not text:
        raise CannotCollect(f"The secret {sanitise(secret_id)} has no text.", mend="Store it as text or JSON.")
    return text
