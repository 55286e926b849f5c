"""Names that a broker's policies know us by."""

from __future__ import annotations

CLIENT_ID = "dbo-"
"""What each client's begins with. The rest is chance, so that nobody can guess it and take the connection over."""
