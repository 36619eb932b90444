"""A backup proves itself by its manifest before anything is put back."""

import hashlib
import json

import pytest

from foundation.backups import BackupRefused, verified


@pytest.fixture
def backup(tmp_path):
    content = b"SQLite format 3" * 100
    (tmp_path / "database.sqlite3").write_bytes(content)
    described = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"database.sqlite3": described}}))
    return tmp_path


def test_a_whole_backup_gives_its_manifest(backup):
    assert "database.sqlite3" in verified(backup)["files"]


def test_one_changed_bit_is_noticed(backup):
    content = bytearray((backup / "database.sqlite3").read_bytes())
    content[700] ^= 1
    (backup / "database.sqlite3").write_bytes(content)

    with pytest.raises(BackupRefused, match=r"isi database\.sqlite3 tidak sama"):
        verified(backup)


def test_a_missing_file_is_noticed(backup):
    (backup / "database.sqlite3").unlink()

    with pytest.raises(BackupRefused, match=r"database\.sqlite3 tidak ada"):
        verified(backup)


@pytest.mark.parametrize("manifest", ["", "{", None])
def test_a_folder_without_a_readable_manifest_is_no_backup(backup, manifest):
    if manifest is None:
        (backup / "manifest.json").unlink()
    else:
        (backup / "manifest.json").write_text(manifest)

    with pytest.raises(BackupRefused, match="bukan cadangan"):
        verified(backup)
