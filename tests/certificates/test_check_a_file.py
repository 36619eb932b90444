"""Whoever drops a file on the page, or gives it to the command, is told what it is and what differs in it."""

import json
from io import BytesIO, StringIO

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError

from certificates import checking
from certificates.exceptions import FileRefused
from certificates.models import Certificate, CertificateFile, SealKind
from certificates.sealing import ceremony, keys
from certificates.verification import seal_facts
from tests.certificates.sealing import OTHER_KEY, sealed
from tests.clock import NOON
from tests.factories.certificates import issued

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]

UNCERTIFIED = "Segel elektronik instansi, bukan TTE tersertifikasi"


def page_of(certificate: Certificate) -> str:
    return f"/verifikasi/{certificate.shown_id}/"


def stored_bytes(certificate: Certificate) -> bytes:
    with storages["private"].open(certificate.files.get().storage_name) as file:
        return file.read()


def sent(content: bytes, name: str = "sertifikat.pdf") -> dict:
    return {"berkas": SimpleUploadedFile(name, content, content_type="application/pdf")}


def dropped(client, content: bytes, *, at: str = "/verifikasi/", name: str = "sertifikat.pdf") -> str:
    return client.post(f"{at}berkas/", sent(content, name)).content.decode()


@pytest.fixture
def certificate(seal):
    return issued(rendered=True)


@pytest.fixture
def genuine(certificate) -> bytes:
    return stored_bytes(certificate)


@pytest.fixture
def command(tmp_path):
    """``command(content)`` → what ``check_certificate --json`` answers, with its exit status."""

    def run(content: bytes) -> tuple[int, dict]:
        file, told, status = tmp_path / "apa saja.pdf", StringIO(), 0
        file.write_bytes(content)
        try:
            call_command("check_certificate", file, json=True, stdout=told)
        except SystemExit as ended:
            status = ended.code
        return status, json.loads(told.getvalue())

    return run


def forgeries(genuine: bytes) -> dict[str, tuple[bytes, str]]:
    """What a forger may bring → the words that name the difference."""
    middle = genuine.index(b"stream") + 200
    return {
        "altered": (genuine[:middle] + bytes([genuine[middle] ^ 1]) + genuine[middle + 1 :], "Isi diubah"),
        "extended": (genuine + b"% lampiran\n", "Berkas ditambahi"),
        "foreign": (sealed(key=OTHER_KEY), "Segel pihak lain"),
        "unsealed": (genuine.replace(b"/ByteRange", b"/XyteRange"), "Berkas tidak dikenal"),
        "lost": (sealed(), "Asli, tidak tercatat"),
    }


def test_the_issued_file_is_recognised_under_any_name(client, certificate, genuine):
    text = dropped(client, genuine, at=page_of(certificate), name="unduhan (3).PDF")

    assert "Berkas asli" in text
    assert UNCERTIFIED in text


def test_the_file_alone_finds_its_certificate(client, certificate, genuine):
    text = dropped(client, genuine)

    assert "Berkas asli" in text
    assert certificate.number in text


def test_the_genuine_file_of_another_certificate_is_named_so(client, certificate, genuine):
    assert "milik sertifikat lain" in dropped(client, genuine, at=page_of(issued()))


def test_each_kind_of_difference_has_its_own_words_and_no_file_is_kept(client, certificate, genuine):
    before = storages["private"].listdir("certificates/2026")

    for content, words in forgeries(genuine).values():
        for at in ("/verifikasi/", page_of(certificate)):
            text = dropped(client, content, at=at)
            assert words in text
            assert "Berkas asli" not in text

    assert storages["private"].listdir("certificates/2026") == before


def test_an_appended_file_says_how_much_was_added_and_leads_to_what_was_issued(client, certificate, genuine):
    text = dropped(client, genuine + b"%x\n")

    assert "ditambahkan 3 bita" in text
    assert certificate.number in text


def test_a_signer_cannot_write_markup_into_the_answer(client, certificate):
    text = dropped(client, sealed(key=keys.make(name="<b>Polri</b>", at=NOON)))

    assert "“Segel Elektronik &lt;b&gt;Polri&lt;/b&gt;”" in text


def test_a_file_sealed_with_a_leaked_key_is_not_believed_and_the_issued_one_still_is(
    client, certificate, genuine, seal
):
    ceremony.declare_compromised(fingerprint=seal.fingerprint, note="Kunci disalin.", at=NOON)

    assert "Tidak dapat dipercaya" in dropped(client, sealed())
    assert "Berkas asli" in dropped(client, genuine)
    assert "Kuncinya bocor sejak" in client.get(page_of(certificate)).content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"revoked_at": NOON}, "Berkas asli, sertifikat dicabut"),
        ({"expires_at": NOON}, "Berkas asli, sertifikat kedaluwarsa"),
    ],
)
def test_genuine_bytes_of_a_certificate_that_no_longer_stands_do_not_look_good(
    client, certificate, genuine, change, says
):
    Certificate.objects.filter(pk=certificate.pk).update(**change)

    text = dropped(client, genuine)

    assert says in text
    assert 'class="verdict good"' not in text


def test_the_page_says_who_sealed_and_never_that_it_was_certified(client, certificate, seal):
    text = client.get(page_of(certificate)).content.decode()

    assert UNCERTIFIED in text
    assert seal.name in text
    assert seal.shown_fingerprint in text.replace("<wbr>", "")
    assert "BSrE" not in text


def test_without_a_seal_the_page_claims_none(client):
    certificate = issued(rendered=True)

    text = dropped(client, stored_bytes(certificate))

    assert "tanpa segel elektronik" in text
    assert "TTE" not in text


def test_only_a_file_that_a_provider_signed_is_called_certified(certificate):
    labels = {}
    for kind in SealKind:
        file = CertificateFile(certificate=certificate, signed_by=kind, created_at=NOON)
        certificate._prefetched_objects_cache = {"files": [file]}
        labels[kind] = seal_facts(certificate)[0].value

    assert [kind for kind, label in labels.items() if "tersertifikasi" in label and "bukan" not in label] == ["bsre"]


@pytest.mark.parametrize(("content", "says"), [(b"\x89PNG", "bukan berkas PDF"), (b"%PDF-" + b"x" * 2**21, "2 MB")])
def test_what_is_no_certificate_file_is_refused(client, command, content, says):
    assert says in dropped(client, content)

    status, found = command(content)
    assert (status, found["verdict"]) == (1, "refused")
    assert says in found["explanation"]


def test_a_file_is_read_no_further_than_the_limit():
    endless = BytesIO(b"%PDF-" + b"x" * (checking.MAXIMUM_FILE * 2))

    with pytest.raises(FileRefused):
        checking.content_of(endless)

    assert endless.tell() == checking.MAXIMUM_FILE + 1


def test_the_command_ends_well_for_genuine_bytes_and_tells_the_state(command, certificate, genuine, seal):
    status, found = command(genuine)

    assert status == 0
    assert found["genuine"] is True
    assert found["certificate"] == {
        "code": certificate.shown_id,
        "number": certificate.number,
        "state": "valid",
        "issued_at": certificate.issued_at.isoformat(),
        "expires_at": certificate.expires_at.isoformat(),
        "revoked_at": None,
        "replaced_by": None,
        "file_version": 1,
    }
    assert found["signature"] == {
        "signer": seal.name,
        "fingerprint": seal.fingerprint,
        "ours": True,
        "intact": True,
        "covers_whole_file": True,
        "label": UNCERTIFIED,
    }


def test_the_command_ends_well_for_genuine_bytes_of_a_revoked_certificate_too(command, certificate, genuine):
    Certificate.objects.filter(pk=certificate.pk).update(revoked_at=NOON)

    status, found = command(genuine)

    assert (status, found["certificate"]["state"], found["certificate"]["revoked_at"]) == (
        0,
        "revoked",
        NOON.isoformat(),
    )


def test_the_command_names_the_successor(command, certificate, genuine):
    successor = issued()
    Certificate.objects.filter(pk=successor.pk).update(replaces=certificate)

    _status, found = command(genuine)

    assert (found["certificate"]["state"], found["certificate"]["replaced_by"]) == ("superseded", successor.shown_id)


def test_the_command_ends_badly_for_every_other_file_with_the_same_keys(command, genuine):
    keys = set(command(genuine)[1])
    for verdict, (content, _words) in forgeries(genuine).items():
        status, found = command(content)
        assert (status, found["genuine"], found["verdict"]) == (1, False, verdict)
        assert set(found) == keys


def test_the_command_speaks_plainly_without_json(certificate, genuine, tmp_path, capsys):
    file = tmp_path / "berkas.pdf"
    file.write_bytes(genuine)
    call_command("check_certificate", file)
    file.write_bytes(genuine + b"x")
    with pytest.raises(SystemExit):
        call_command("check_certificate", file)

    told = capsys.readouterr().out
    assert told.startswith("ASLI\n")
    assert "TIDAK ASLI\n" in told
    assert certificate.shown_id in told


def test_the_command_says_when_there_is_no_such_file(tmp_path):
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        call_command("check_certificate", tmp_path / "tidak-ada.pdf")
