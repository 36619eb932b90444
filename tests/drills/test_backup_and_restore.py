"""A backup made while people write, put back on another machine, is whole."""

import json
import time
from pathlib import Path

from django.db import connection

# Writes a stored file, then the row that names it, then an event, as fast as it can.
WRITER = """
import hashlib, pathlib, time
from django.conf import settings
from django.utils import timezone
from foundation import audit, outbox
root = pathlib.Path(settings.PRIVATE_ROOT); root.mkdir(parents=True, exist_ok=True)
number = 0
while not (pathlib.Path(settings.VAR_DIR) / "stop").exists():
    number += 1
    content = f"sertifikat {number}".encode() * 200
    (root / f"{number}.pdf").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    audit.record(verb="drill.file", actor=None, at=timezone.now(), detail={"file": f"{number}.pdf", "sha256": sha256})
print(number)
"""
# Every row finds its file with the very bytes; prints how many.
READER = """
import hashlib, pathlib
from django.conf import settings
from foundation.models import AuditEvent
root = pathlib.Path(settings.PRIVATE_ROOT)
events = list(AuditEvent.objects.filter(verb="drill.file"))
assert all(hashlib.sha256((root / e.detail["file"]).read_bytes()).hexdigest() == e.detail["sha256"] for e in events)
print(len(events))
"""
YESTERDAY = """
from datetime import timedelta
from django.utils import timezone
from foundation import audit
for days in (4, 3, 2):
    audit.record(verb="drill.old", actor=None, at=timezone.now() - timedelta(days=days))
"""


def backup_of(folder: Path) -> Path:
    [made] = folder.glob("presisi-*Z")
    return made


def test_a_backup_under_load_restores_with_equal_counts_and_an_unbroken_audit(installations, tmp_path):
    old = installations.copied("old")
    old.python(YESTERDAY)
    old.manage("tick")
    writer = old.start("shell", "--no-imports", "-c", WRITER)
    deadline = time.monotonic() + 60
    while len(list((old.var / "private").glob("*.pdf"))) < 50 and time.monotonic() < deadline:
        time.sleep(0.1)

    old.manage("backup", str(tmp_path / "backups"))

    (old.var / "stop").touch()
    assert writer.wait() == 0
    written = int(writer.output())
    manifest = json.loads((backup_of(tmp_path / "backups") / "manifest.json").read_text())
    assert 50 <= manifest["rows"]["foundation_auditevent"] < written + 10

    new = installations.empty("new")
    said = new.manage("restore", str(backup_of(tmp_path / "backups")))
    assert "sama dengan manifes" in said
    assert "Audit utuh" in new.manage("audit_check")
    assert 50 <= int(new.python(READER)) <= written
    # The restored machine goes on.
    new.manage("tick")


def test_a_restore_over_data_is_refused_and_with_force_sets_it_aside(installations, tmp_path):
    machine = installations.copied("old")
    machine.python(YESTERDAY)
    machine.manage("backup", str(tmp_path / "backups"))
    (machine.var / "private").mkdir()
    (machine.var / "private" / "later.pdf").write_text("later")

    said = machine.manage("restore", str(backup_of(tmp_path / "backups")), fails=True)
    assert "Tujuan tidak kosong (basis data, private)" in said

    machine.manage("restore", "--force", str(backup_of(tmp_path / "backups")))
    assert not (machine.var / "private" / "later.pdf").exists()
    [aside] = machine.var.glob("private.before-restore-*")
    assert (aside / "later.pdf").read_text() == "later"
    if connection.vendor == "sqlite":
        assert list(machine.var.glob("db.sqlite3.before-restore-*"))


def test_status_asks_for_a_backup_and_only_the_newest_are_kept(installations, tmp_path):
    machine = installations.copied("old")
    folder = tmp_path / "backups"
    for name in ("presisi-20260101T000000Z", "presisi-20260102T000000Z"):
        (folder / name).mkdir(parents=True)
    assert "PERLU  cadangan terakhir: belum pernah" in machine.manage("status", fails=True)

    machine.manage("backup", str(folder), "--keep", "2")

    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert names[0] == "presisi-20260102T000000Z"
    findings = json.loads(machine.manage("status", "--json").splitlines()[0])
    assert {finding["name"]: finding["ok"] for finding in findings}["cadangan terakhir"] is True
