"""The key ceremony: made once, readable to the worker alone, replaced, declared compromised."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from certificates import invariants
from certificates.exceptions import SealUnavailable
from certificates.models import CertificateFile, CertificateState, SealCertificate, SealKind
from certificates.sealing import ceremony, keys
from certificates.sealing.inspection import Verdict, inspect
from foundation import triggers
from foundation.models import AuditEvent, OutboxEntry
from foundation.outbox import deliver
from tests.clock import NOON
from tests.factories.certificates import issued


@pytest.fixture
def folder(settings, tmp_path):
    settings.SEAL_SIGNER = "local"
    settings.SEAL_DIR = tmp_path / "seal"
    return settings.SEAL_DIR


def told(*arguments: str) -> str:
    out = io.StringIO()
    call_command("seal_key", *arguments, stdout=out)
    return out.getvalue()


def bytes_of(certificate) -> bytes:
    with storages["private"].open(certificate.files.get().storage_name) as stored:
        return stored.read()


def test_the_first_key_lies_encrypted_where_only_its_owner_reads(db, folder):
    said = told("create", "--name", "Polresta Uji")

    row = SealCertificate.objects.get()
    assert row.shown_fingerprint in said
    assert b"ENCRYPTED PRIVATE KEY" in (folder / keys.KEY_FILE).read_bytes()
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert ceremony.ready(at=timezone.now())[1] == row
    assert AuditEvent.objects.get(verb="seal.recorded").detail == {"fingerprint": row.fingerprint}


def test_a_second_key_never_overwrites_the_first(db, folder):
    told("create", "--name", "Polresta Uji")
    before = (folder / keys.KEY_FILE).read_bytes()

    with pytest.raises(CommandError, match="rotate"):
        told("create", "--name", "Polresta Uji")
    SealCertificate.objects.all().delete()
    with pytest.raises(CommandError, match="tidak ditimpa"):
        told("create", "--name", "Polresta Uji")

    assert (folder / keys.KEY_FILE).read_bytes() == before


def test_a_key_that_others_can_read_is_refused(db, folder):
    told("create", "--name", "Polresta Uji")
    (folder / keys.KEY_FILE).chmod(0o640)

    with pytest.raises(SealUnavailable, match="chmod 600"):
        keys.load()


def test_a_key_with_the_wrong_passphrase_says_so(db, folder):
    told("create", "--name", "Polresta Uji")
    (folder / keys.PASSPHRASE_FILE).write_text("something else entirely")

    with pytest.raises(SealUnavailable, match="kata sandinya"):
        keys.load()


def test_without_a_key_the_certificate_waits_and_the_worker_says_why(db, folder):
    certificate = issued()
    entry = OutboxEntry.objects.get(kind="certificate.render")

    deliver.call(entry.pk)
    entry.refresh_from_db()

    assert certificate.state_at(NOON) == CertificateState.QUEUED
    assert not certificate.files.exists()
    assert "seal_key create" in entry.last_error


def test_an_unrecorded_key_seals_nothing_until_it_is_registered(db, folder):
    told("create", "--name", "Polresta Uji")
    SealCertificate.objects.all().delete()
    with pytest.raises(SealUnavailable, match="register"):
        issued(rendered=True)

    told("register")

    assert ceremony.ready(at=timezone.now())


def test_a_sealed_file_names_its_seal_and_is_never_called_certified(seal):
    certificate = issued(rendered=True)
    file = certificate.files.get()

    assert (file.signed_by, file.sealed_with) == (SealKind.LOCAL, seal)
    assert file.get_signed_by_display() == "Segel elektronik instansi, bukan TTE tersertifikasi"
    assert b"bukan TTE tersertifikasi" in bytes_of(certificate)


def test_an_ended_certificate_seals_nothing(seal):
    SealCertificate.objects.update(valid_from=NOON - timedelta(days=800), valid_to=NOON - timedelta(days=1))

    with pytest.raises(SealUnavailable, match="rotate"):
        issued(rendered=True)


def test_a_replaced_key_is_set_aside_and_what_it_sealed_stays_good(db, folder):
    told("create", "--name", "Polresta Uji")
    before = issued(rendered=True)
    first = SealCertificate.objects.get()

    told("rotate", "--reason", "Masa pakai dua tahun habis.")
    after = issued(rendered=True)

    second = SealCertificate.objects.get(in_use=True)
    assert second.name == first.name
    assert (before.files.get().sealed_with, after.files.get().sealed_with) == (first, second)
    assert {inspect(bytes_of(one)).verdict for one in (before, after)} == {Verdict.GENUINE}
    assert len(list(folder.glob("*.until-*"))) == 3
    assert AuditEvent.objects.get(verb="seal.retired").detail == {"reason": "Masa pakai dua tahun habis."}
    with pytest.raises(SealUnavailable):
        ceremony.record(first.certificate, at=NOON, note="")


def test_a_leaked_key_seals_nothing_more_and_the_list_says_so(db, folder):
    told("create", "--name", "Polresta Uji")
    row = SealCertificate.objects.get()

    told("compromised", row.shown_fingerprint[:17], "--reason", "Laptop operator hilang.")

    with pytest.raises(CommandError, match="tidak tercatat sebagai yang dipakai"):
        told("show")
    with pytest.raises(SealUnavailable):
        issued(rendered=True)
    told("rotate", "--name", "Polresta Uji", "--reason", "Kunci lama bocor.")
    said = told("show")
    assert "bocor" in said
    assert "Laptop operator hilang." in said
    assert "DIPAKAI" in said


def test_a_fingerprint_must_name_one_key(db, folder):
    told("create", "--name", "Polresta Uji")

    for fingerprint in ("AB", "00000000"):
        with pytest.raises(CommandError):
            told("compromised", fingerprint, "--reason", "Salah ketik.")
    assert SealCertificate.objects.get().compromised_at is None


def test_every_public_certificate_can_be_given_away(db, folder, tmp_path):
    told("create", "--name", "Polresta Uji")
    told("rotate", "--reason", "Latihan.")

    told("export", str(tmp_path / "segel.pem"))

    content = (tmp_path / "segel.pem").read_text()
    assert content.count("BEGIN CERTIFICATE") == 2
    assert "PRIVATE" not in content
    assert all(row.shown_fingerprint in content for row in SealCertificate.objects.all())


def test_certificates_that_an_old_backup_forgot_are_written_down_again_as_replaced(db, folder, tmp_path):
    told("create", "--name", "Polresta Uji")
    before = bytes_of(issued(rendered=True))
    told("rotate", "--reason", "Latihan.")
    told("export", str(tmp_path / "segel.pem"))
    forgotten = SealCertificate.objects.get(in_use=False)

    assert "0 sertifikat" in told("adopt", str(tmp_path / "segel.pem"), "--reason", "Cadangan lama.")
    with triggers.lifted(connection):
        CertificateFile.objects.all().delete()
    forgotten.delete()
    assert inspect(before).verdict == Verdict.FOREIGN
    assert "1 sertifikat" in told("adopt", str(tmp_path / "segel.pem"), "--reason", "Cadangan lama.")

    assert inspect(before).verdict == Verdict.LOST
    assert SealCertificate.objects.get(in_use=False).note == "Cadangan lama."


def test_files_that_the_register_lost_are_found_in_a_folder_with_their_numbers(db, folder, tmp_path):
    told("create", "--name", "Polresta Uji")
    certificate = issued(rendered=True)
    content = bytes_of(certificate)
    (tmp_path / "kenal.pdf").write_bytes(content)
    (tmp_path / "lain.pdf").write_bytes(b"%PDF-1.7 nothing")
    out = io.StringIO()
    call_command("certificate_recover", tmp_path, stdout=out)
    assert "1 berkas dikenal, 0 asli tetapi hilang" in out.getvalue()

    with triggers.lifted(connection):
        CertificateFile.objects.all().delete()
    with pytest.raises(SystemExit):
        call_command("certificate_recover", tmp_path, stdout=out)

    assert f"Nomor {certificate.number}" in out.getvalue()
    assert "1 asli tetapi hilang dari register, 1 bukan berkas kita" in out.getvalue()

    call_command("certificate_recover", tmp_path, "--keep", stdout=out)

    assert inspect(content).verdict == Verdict.GENUINE
    assert bytes_of(certificate) == content


def test_a_broken_seal_is_found_by_the_weekly_check(seal):
    certificate = issued(rendered=True)
    assert invariants.each_file_is_what_was_issued() == []
    twin = keys.make(name="Kembar", at=NOON)

    SealCertificate.objects.filter(pk=seal.pk).update(fingerprint=twin.fingerprint)

    (problem,) = invariants.each_file_is_what_was_issued()
    assert str(certificate) in problem
    assert "segel" in problem


def test_only_one_key_is_in_use_even_when_two_are_recorded_at_once(seal):
    twin = keys.make(name="Kembar", at=NOON)
    with pytest.raises(SealUnavailable):
        ceremony.record(twin.certificate, at=NOON, note="")
    with pytest.raises(IntegrityError), transaction.atomic():
        SealCertificate.objects.create(
            fingerprint=twin.fingerprint,
            name="Kembar",
            pem=twin.pem,
            valid_from=NOON,
            valid_to=NOON + timedelta(days=1),
            recorded_at=NOON,
        )


def test_an_unknown_signer_in_the_settings_is_refused_with_the_ones_there_are(db, settings):
    settings.SEAL_SIGNER = "bsri"

    with pytest.raises(SealUnavailable, match="none, local, bsre"):
        issued(rendered=True)
