"""Without our server, with files that anybody may fetch and programs of others, a certificate is still checked."""

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from certificates.models import Certificate, CertificateFile, StatusList
from certificates.sealing import ceremony, filling, keys, status_list
from foundation import due
from foundation.models import OutboxEntry
from tests.certificates.sealing import KEY, OTHER_KEY, sealed, unsealed
from tests.clock import NOON
from tests.factories.certificates import issued, revoked

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]

HERE = "/verifikasi/luring/"
FETCHED = ("kunci.pem", "check_offline.py", "daftar-status.txt", "daftar-status.txt.sig")


def content_of(certificate: Certificate) -> bytes:
    with storages["private"].open(certificate.files.get().storage_name) as stored:
        return stored.read()


@pytest.fixture
def certificate(seal):
    return issued(rendered=True)


@pytest.fixture
def bag(client, tmp_path):
    """``bag(content)`` makes the list, fetches what anybody may fetch and puts the certificate beside it."""

    def fetch(content: bytes = b"", *, anew: bool = True):
        if anew:
            status_list.publish({})
        for name in FETCHED:
            answer = client.get(HERE + name)
            (tmp_path / name).write_bytes(b"".join(answer) if answer.streaming else answer.content)
        (tmp_path / "sertifikat.pdf").write_bytes(content)
        return tmp_path

    return fetch


def checked(folder) -> tuple[int, dict]:
    """What the program says, run as somebody else would run it."""
    command = [sys.executable, "-I", "check_offline.py", "sertifikat.pdf", "kunci.pem", "daftar-status.txt"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def documented(name: str) -> str:
    """A block of commands as the documentation gives it, without what fetches."""
    text = (project.BASE_DIR / "docs" / "check-a-certificate.md").read_text()
    block = re.search(rf"```sh {name}\n(.*?)```", text, re.DOTALL)[1]
    return "\n".join(line for line in block.splitlines() if not line.startswith("curl"))


def run(name: str, folder) -> subprocess.CompletedProcess:
    return subprocess.run(["sh", "-c", documented(name)], cwd=folder, capture_output=True, text=True)


def test_a_sealed_file_is_genuine_and_its_end_is_read_from_it(certificate, bag):
    status, found = checked(bag(content_of(certificate)))

    assert (status, found["genuine"], found["verdict"], found["state"], found["fresh"]) == (
        0,
        True,
        "genuine",
        "valid",
        True,
    )
    assert found["expires_at"].startswith("2028-11-21T12:00:00")


def test_a_file_without_end_says_so(seal, bag):
    assert checked(bag(sealed(expires_at=None)))[1]["expires_at"] == "-"


def test_a_file_whose_end_has_come_is_expired(seal, bag):
    status, found = checked(bag(sealed(expires_at=timezone.now() - timedelta(days=1))))

    assert (status, found["genuine"], found["state"]) == (0, True, "expired")


def test_a_revoked_and_a_replaced_file_are_named_so(certificate, bag):
    successor = issued(rendered=True)
    Certificate.objects.filter(pk=successor.pk).update(replaces=certificate)
    gone = issued(rendered=True)
    revoked(gone, at=NOON + timedelta(days=1))

    replaced_status, replaced = checked(bag(content_of(certificate)))
    gone_status, ended = checked(bag(content_of(gone), anew=False))

    assert (replaced_status, replaced["state"]) == (0, "superseded")
    assert (gone_status, ended["state"], ended["since"]) == (0, "revoked", "2026-11-22T05:00:00Z")
    assert checked(bag(content_of(successor), anew=False))[1]["state"] == "valid"


def test_a_genuine_file_without_a_seal_is_in_the_list(settings, seal, bag):
    settings.SEAL_SIGNER = "none"
    certificate = issued(rendered=True)
    settings.SEAL_SIGNER = "local"

    status, found = checked(bag(content_of(certificate)))

    assert (status, found["verdict"], found["state"]) == (0, "genuine", "valid")
    assert found["expires_at"] == "2028-11-21T05:00:00Z"


def test_what_a_leaked_key_sealed_is_genuine_only_where_the_register_knew_it(
    certificate, seal, bag, settings, tmp_path
):
    old_keys = ceremony.exported()
    ceremony.declare_compromised(fingerprint=seal.fingerprint, note="Kunci disalin.", at=NOON)
    settings.SEAL_DIR = tmp_path / "new"
    ceremony.create(name="Polresta Uji", years=2, passphrase=None, at=timezone.now())

    folder = bag(content_of(certificate))
    issued_before = checked(folder)
    (folder / "sertifikat.pdf").write_bytes(sealed())
    made_by_the_thief = checked(folder)
    # Somebody who kept the old keys beside the new ones is warned by the list itself.
    (folder / "kunci.pem").write_text((folder / "kunci.pem").read_text() + old_keys)

    assert (issued_before[0], issued_before[1]["verdict"]) == (0, "genuine")
    assert (made_by_the_thief[0], made_by_the_thief[1]["verdict"]) == (1, "foreign")
    assert checked(folder)[1]["verdict"] == "foreign"


def test_forgeries_are_told_apart(certificate, bag):
    genuine = content_of(certificate)
    folder = bag(genuine)
    middle, room = genuine.index(b"stream") + 200, genuine.index(b">", genuine.rfind(b"/Contents <"))
    forgeries = {
        "altered": genuine[:middle] + bytes([genuine[middle] ^ 1]) + genuine[middle + 1 :],
        "extended": genuine + b"\n% lampiran",
        "foreign": sealed(key=OTHER_KEY),
        "unsealed": genuine.replace(b"/ByteRange", b"/XyteRange"),
    }
    more = {
        "smuggled": (genuine[: room - 8] + b"deadbeef" + genuine[room:], "altered"),
        "truncated": (genuine[: len(genuine) // 2], "unsealed"),
        "impostor": (
            filling.fill(
                unsealed(holder_name="Nama Lain"), key=keys.SealKey(OTHER_KEY.private, KEY.certificate), at=NOON
            ),
            "altered",
        ),
        "nonsense": (b"%PDF-1.7 /ByteRange [0 9999999999 1 1]", "unsealed"),
    }
    for verdict, content in [*forgeries.items(), *((verdict, content) for content, verdict in more.values())]:
        (folder / "sertifikat.pdf").write_bytes(content)
        status, found = checked(folder)
        assert (status, found["genuine"], found["verdict"], found["state"]) == (1, False, verdict, None)


def test_a_list_that_was_touched_is_not_believed(certificate, bag):
    revoked(certificate)
    folder = bag(content_of(certificate))
    listed = folder / "daftar-status.txt"
    listed.write_text(listed.read_text().replace("dicabut", "asli"))

    assert checked(folder) == (
        2,
        {
            "genuine": None,
            "verdict": "unknown",
            "explanation": "no key in kunci.pem signed this list: fetch keys, list and signature again",
        },
    )
    assert "Verified OK" not in run("list", folder).stdout


def test_an_old_list_says_that_it_is_old(certificate, bag):
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        status_list.publish({})

    status, found = checked(bag(content_of(certificate), anew=False))

    assert (status, found["fresh"]) == (0, False)


def test_the_documented_commands_of_others_do_it_too(certificate, seal, bag):
    folder = bag(content_of(certificate))

    announced, listed, by_hand = run("setup", folder), run("list", folder), run("byhand", folder)

    assert seal.shown_fingerprint in announced.stdout
    assert "Verified OK" in listed.stdout
    assert "Signature is Valid." in by_hand.stdout
    assert "Total document signed" in by_hand.stdout
    assert seal.shown_fingerprint in by_hand.stdout
    # grep found no line: neither revoked nor replaced.
    assert by_hand.returncode == 1
    assert run("check", folder).returncode == 0

    revoked(certificate)
    assert " dicabut " in run("byhand", bag(content_of(certificate))).stdout


def test_nobody_learns_a_name_a_code_or_a_number_from_the_public_files(certificate, bag):
    revoked(certificate)
    folder = bag()

    told = "".join((folder / name).read_text(errors="replace") for name in FETCHED)

    assert certificate.files.get().sha256 in told
    for secret in (
        certificate.public_id,
        certificate.shown_id,
        certificate.number,
        certificate.holder_name,
        certificate.holder_number,
    ):
        assert secret not in told


def test_keys_and_list_may_be_asked_for_anew_without_being_sent_again(certificate, client, bag):
    bag()
    first = client.get(HERE + "daftar-status.txt")

    again = client.get(HERE + "daftar-status.txt", headers={"if-none-match": first.headers["ETag"]})

    assert again.status_code == 304
    assert "no-store" not in first.headers["Cache-Control"]
    assert "noindex" in first.headers["X-Robots-Tag"]


def test_tick_asks_for_a_list_each_day_and_within_the_hour_after_something_ended(
    certificate, django_capture_on_commit_callbacks
):
    moment = timezone.now()
    asked, files = [], set()
    for minutes in range(0, 3 * 24 * 60, 20):
        with time_machine.travel(moment + timedelta(minutes=minutes), tick=False):
            if minutes == 60 * 30:
                revoked(certificate, at=timezone.now())
            with django_capture_on_commit_callbacks(execute=True):
                due.steps()["status list"](at=timezone.now())
            asked.append(StatusList.objects.first().made_at)
            files.add(StatusList.objects.first().storage_name)

    made = sorted(set(asked))
    # What was written down in the last minutes before a list might be missing in it: one more follows an hour later.
    assert [round((one - moment) / timedelta(hours=1), 1) for one in made] == [0, 24, 30, 31, 55]
    # Only the newest and the one before it stay, rows and files.
    assert StatusList.objects.count() == 2
    assert [storages["private"].exists(name) for name in sorted(files)] == [False, False, False, True, True]


def test_what_a_killed_worker_left_behind_is_removed_a_day_later(seal):
    left = storages["private"].save(f"{status_list.FOLDER}/left.txt", ContentFile(b"half"))

    status_list.publish({})
    kept = storages["private"].exists(left)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        status_list.publish({})

    assert kept
    assert not storages["private"].exists(left)


def test_no_list_is_asked_for_where_nothing_can_sign_it(db, client):
    assert status_list.ask_for_list(at=timezone.now()) == 0

    assert client.get(HERE + "daftar-status.txt").status_code == 404
    assert "Daftar status belum ada" in client.get(HERE).content.decode()


def test_a_list_that_cannot_be_signed_waits_and_is_asked_for_once(seal, settings, tmp_path):
    settings.SEAL_DIR = tmp_path / "away"

    for _ in range(3):
        status_list.ask_for_list(at=timezone.now())

    assert OutboxEntry.objects.get(kind=status_list.KIND).done_at is None
    assert not StatusList.objects.exists()


def test_the_list_is_written_without_holding_it(certificate, django_assert_max_num_queries):
    file = certificate.files.get()
    CertificateFile.objects.bulk_create(
        [
            CertificateFile(
                certificate=certificate,
                version=number,
                sha256=f"{number:064x}",
                size=1,
                storage_name=f"certificates/2026/{number}",
                created_at=file.created_at,
            )
            for number in range(2, 5002)
        ]
    )

    with django_assert_max_num_queries(12):
        status_list.publish({})

    newest = StatusList.objects.get()
    assert newest.entries == 5000
    with storages["private"].open(newest.storage_name) as stored:
        lines = stored.read().decode().splitlines()
    assert lines[-1] == "-- 5000"
    entries = lines[lines.index("--") + 1 : -1]
    assert entries == sorted(entries)
