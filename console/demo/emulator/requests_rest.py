"""Which operation is meant by a path, for services that speak REST, and what do the path and the query say?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

ROUTES: Mapping[tuple[str, str], tuple[tuple[re.Pattern[str], str], ...]] = {
    ("backup", "GET"): tuple(
        (re.compile(path), operation)
        for path, operation in (
            (r"/backup-jobs/?", "ListBackupJobs"),
            (r"/copy-jobs/?", "ListCopyJobs"),
            (r"/restore-jobs/?", "ListRestoreJobs"),
            (r"/resources/?", "ListProtectedResources"),
            (r"/backup-vaults/?", "ListBackupVaults"),
            (r"/backup-vaults/(?P<backupVaultName>[^/]+)/recovery-points/?", "ListRecoveryPointsByBackupVault"),
        )
    )
}


def routed(service: str, method: str, path: str, query: str) -> tuple[str, dict[str, str]]:
    """The method and the path themselves where no operation is known by them."""
    for pattern, operation in ROUTES.get((service, method), ()):
        if found := pattern.fullmatch(path):
            named = {name: unquote(value) for name, value in found.groupdict().items()}
            return operation, dict(parse_qsl(query, keep_blank_values=True)) | named
    return f"{method} {path}", {}
