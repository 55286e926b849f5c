"""What is there to tell of each resource, from all that a place has answered? Nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from collectors.aws.answers import Answer, text, within
from collectors.aws.backups import caches, rds, restored, tables, vault
from collectors.aws.backups.look import OF_AWS_BACKUP, OF_CACHES, OF_CLUSTERS, OF_INSTANCES, Memory
from collectors.aws.backups.questions import Question, Rows
from collectors.aws.backups.sheet import Sheet
from collectors.aws.known import Found
from collectors.safe import Safe, sanitise

Grouped = dict[str, list[Answer]]
QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    "instance": (*OF_INSTANCES, restored.RESTORED, *OF_AWS_BACKUP),
    "cluster": (*OF_CLUSTERS, *OF_AWS_BACKUP),
    "cache": OF_CACHES,
    "table": (tables.BACKUPS, *OF_AWS_BACKUP),
}


class Telling:
    """Rows by what they are about, once for all resources of a place."""

    def __init__(self, found: Iterable[Found], memory: Memory, region: str) -> None:
        self._memory, self._all = memory, tuple(found)
        answered = memory.answered
        self._names = {(each.kind, each.name): each.id for each in self._all}
        self._instances = _by(answered.of(rds.INSTANCES), "DBInstanceIdentifier")
        self._clusters = _by(answered.of(rds.CLUSTERS), "DBClusterIdentifier")
        taken = (*answered.of(rds.SNAPSHOTS), *answered.of(rds.VAULTED))
        self._snapshots = _by(taken, "DBInstanceIdentifier")
        self._restored = restored.by_source(answered.of(restored.RESTORED), taken)
        taken = (*answered.of(rds.CLUSTER_SNAPSHOTS), *answered.of(rds.VAULTED_CLUSTERS))
        self._cluster_snapshots = _by(taken, "DBClusterIdentifier")
        self._automated = _by(answered.of(rds.AUTOMATED), "DBInstanceIdentifier")
        self._regions = rds.replicated_to(answered.of(rds.AUTOMATED), region)
        self._abroad: dict[str, Rows] = {each: answered.of(rds.abroad(each)) for each in self._regions}
        self._backups = _by(answered.of(tables.BACKUPS), "TableArn")
        vaults = [text(row, "BackupVaultName") for row in answered.of(vault.VAULTS)]
        self._vaults = [vault.points_in(name) for name in vaults]
        points = [row for question in self._vaults for row in answered.of(question)]
        self._points, self._jobs = _by(points, "ResourceArn"), _by(answered.of(vault.JOBS), "ResourceArn")
        self._copies = _by(answered.of(vault.COPIES), "ResourceArn")
        self._protected = _by(answered.of(vault.PROTECTED), "ResourceArn")
        of = {text(row, "RecoveryPointArn"): text(row, "ResourceArn") for row in points}
        self._restores: Grouped = {}
        for row in answered.of(vault.RESTORES):
            about = vault.restored_of(row) or of.get(text(row, "RecoveryPointArn"), "")
            self._restores.setdefault(about, []).append(row)

    def sheet(self, found: Found, now: datetime) -> Sheet:
        """Of anything but a cache."""
        sheet = Sheet(found)
        {"instance": self._instance, "cluster": self._cluster, "table": self._table}[found.kind](sheet, now)
        self._vaulted(sheet, now)
        self._finish(sheet)
        return sheet

    def _instance(self, sheet: Sheet, now: datetime) -> None:
        name = sheet.found.name
        for row in self._instances.get(name, ()):
            rds.instance(sheet, row, self._names)
        for row in self._snapshots.get(name, ()):
            rds.snapshot(sheet, row, "DBSnapshotIdentifier", now)
        for row in self._automated.get(name, ()):
            rds.automated(sheet, row, self._abroad)
        restored.restored(sheet, self._restored.get(name, ()))

    def _cluster(self, sheet: Sheet, now: datetime) -> None:
        for row in self._clusters.get(sheet.found.name, ()):
            rds.cluster(sheet, row)
        for row in self._cluster_snapshots.get(sheet.found.name, ()):
            rds.snapshot(sheet, row, "DBClusterSnapshotIdentifier", now)

    def _table(self, sheet: Sheet, _: datetime) -> None:
        tables.continuous(sheet, self._memory.tables.get(sheet.found.name, {}))
        if sheet.found.key:
            sheet.keys.add(sheet.found.key)
        for row in self._backups.get(sheet.found.arn, ()):
            tables.backup(sheet, row)

    def caches(self, now: datetime) -> Iterator[Sheet]:
        """All of them: what is a node's is its group's."""
        answered = self._memory.answered
        sheets = {each.name: Sheet(each) for each in self._all if each.kind == "cache"}
        for row in answered.of(caches.CACHES):
            if text(row, "CacheClusterId") in sheets:
                caches.cache(sheets[text(row, "CacheClusterId")], row)
        roles = {each.name: each.role for each in self._all}
        keepers = {
            text(row, "ReplicationGroupId"): caches.group(sheets, row, roles) for row in answered.of(caches.GROUPS)
        }
        for row in answered.of(caches.SNAPSHOTS):
            keeper = keepers.get(text(row, "ReplicationGroupId")) or text(row, "CacheClusterId")
            if (sheet := sheets.get(self._keeper(sheets, keeper))) is not None:
                caches.snapshot(sheet, row, now)
        for sheet in sheets.values():
            self._finish(sheet)
            yield sheet

    def _keeper(self, sheets: Mapping[str, Sheet], name: str) -> str:
        """A snapshot of a node, while another node has been chosen since."""
        kept_by = sheets[name].kept_by if name in sheets else ""
        return next((each for each, sheet in sheets.items() if kept_by and sheet.found.id == kept_by), name)

    def _vaulted(self, sheet: Sheet, now: datetime) -> None:
        arn = sheet.found.arn
        for row in self._points.get(arn, ()):
            vault.point(sheet, row)
        has_all = self._has_all_points()
        vault.jobs(sheet, self._jobs.get(arn, ()), now, has_all_points=has_all)
        for row in self._protected.get(arn, ()) if has_all else ():
            vault.protected(sheet, row)
        vault.copied(sheet, self._copies.get(arn, ()), now)
        vault.restored(sheet, self._restores.get(arn, ()), now)

    def _has_all_points(self) -> bool:
        """Else what is not seen would be taken for lost."""
        answered = self._memory.answered
        return all(question in answered.rows for question in (vault.VAULTS, *self._vaults))

    def _finish(self, sheet: Sheet) -> None:
        """What its keys are like, and what could not be seen of it."""
        states = [(key, self._memory.keys[key]) for key in sorted(sheet.keys) if key in self._memory.keys]
        wrong = [sanitise(f"{vault.tail(key)} {state.wrong}") for key, state in states if state.wrong]
        sheet.key = sheet.key or Safe(", ".join(wrong))
        sheet.notes += [state.note for _, state in states if state.note]
        questions = QUESTIONS[sheet.found.kind]
        if sheet.found.kind == "instance" and sheet.elsewhere:
            questions += tuple(rds.abroad(region) for region in sorted(self._regions))
        if sheet.found.kind != "cache":
            questions += tuple(self._vaults)
        if not sheet.kept_by:
            sheet.notes += self._memory.answered.notes_of(questions)


def _by(rows: Iterable[Answer], name: str) -> Grouped:
    found: Grouped = {}
    for row in rows:
        if isinstance(within(row, name), str):
            found.setdefault(text(row, name), []).append(row)
    return found
