"""A foreign authority says when a file was sealed, and the file carries what proves it when certificates have ended."""

import io
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from certificates.exceptions import SealUnavailable
from certificates.models import CertificateFile, CertificateState
from certificates.sealing import filling
from certificates.sealing.inspection import Verdict, inspect
from foundation.models import AuditEvent, OutboxEntry
from foundation.outbox import deliver
from tests import judges
from tests.certificates.sealing import KEY
from tests.certificates.timestamps import authority
from tests.factories.certificates import issued

# What the bytes of a file are does not depend on the database.
pytestmark = pytest.mark.once_on("sqlite")

LARGEST = 120_000


def in_days(days: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


@pytest.fixture
def stamps(seal, settings, tmp_path):
    """A time stamp authority in use, with its root trusted."""
    with authority(ends=in_days(3000)) as running:
        (tmp_path / "root.pem").write_bytes(running.root.public_bytes(Encoding.PEM))
        (tmp_path / "seal.pem").write_text(KEY.pem)
        settings.SEAL_TIMESTAMP_URL = running.url
        settings.SEAL_TIMESTAMP_ROOTS = str(tmp_path / "root.pem")
        yield running


def bytes_of(file: CertificateFile) -> bytes:
    with storages["private"].open(file.storage_name) as stored:
        return stored.read()


def trusted(tmp_path) -> dict:
    return {"trust_roots": [load_cert_from_pemder(str(tmp_path / name)) for name in ("seal.pem", "root.pem")]}


def is_proven_offline(content: bytes, tmp_path) -> bool:
    """Say whether seal and stamps hold with nothing but the two roots and what the file itself carries."""
    reader = PdfFileReader(BytesIO(content))
    strict = {"allow_fetching": False, "revocation_mode": "require", **trusted(tmp_path)}

    def context():
        return DocumentSecurityStore.read_dss(reader).as_validation_context(strict)

    sealed = filling.run(async_validate_pdf_signature(reader.embedded_signatures[0], context(), context()))
    stamps = [filling.run(async_validate_pdf_timestamp(one, context())) for one in reader.embedded_timestamp_signatures]
    # The last stamp's own revocation is what the next one will prove.
    return sealed.bottom_line and bool(stamps) and all(one.valid and one.intact for one in stamps)


def test_with_an_authority_each_file_carries_a_stamp_and_its_lasting_proof(stamps, tmp_path):
    file = issued(rendered=True).files.get()
    content = bytes_of(file)

    assert stamps.answers >= 2
    assert abs(file.proven_until - in_days(3000)) < timedelta(hours=1)
    assert len(content) < LARGEST
    assert is_proven_offline(content, tmp_path)
    assert inspect(content).verdict == Verdict.GENUINE


def test_without_the_roots_only_the_seal_is_stamped(stamps, settings, tmp_path):
    settings.SEAL_TIMESTAMP_ROOTS = ""

    file = issued(rendered=True).files.get()

    assert stamps.answers == 1
    assert file.proven_until is None
    signature = PdfFileReader(BytesIO(bytes_of(file))).embedded_signatures[0]
    status = filling.run(async_validate_pdf_signature(signature, ValidationContext(**trusted(tmp_path))))
    assert status.bottom_line
    assert status.timestamp_validity.valid
    # The stamp stands where the seal signs nothing, and is no reason to doubt it.
    assert inspect(bytes_of(file)).signature.intact


@pytest.mark.parametrize("fault", ["broken", "gone"])
def test_an_authority_that_does_not_answer_leaves_the_certificate_queued(stamps, settings, fault):
    if fault == "gone":
        settings.SEAL_TIMESTAMP_URL = "http://127.0.0.1:9"
    stamps.broken = True
    certificate = issued()

    entry = OutboxEntry.objects.get(key=str(certificate.pk))
    deliver.call(entry.pk)
    entry.refresh_from_db()

    assert entry.done_at is None
    assert "TimestampRequestError" in entry.last_error
    assert certificate.state_at(certificate.issued_at) == CertificateState.QUEUED
    stamps.broken = False


def test_an_address_that_is_no_web_address_is_refused(seal, settings):
    settings.SEAL_TIMESTAMP_URL = "file:///etc/passwd"

    with pytest.raises(SealUnavailable, match="http"):
        issued(rendered=True)


def test_before_the_stamp_ends_the_file_gets_another_and_both_versions_are_genuine(stamps, tmp_path):
    stamps.renew(ends=in_days(100))
    certificate = issued(rendered=True)
    stamps.renew(ends=in_days(3000))
    out = io.StringIO()

    call_command("certificate_restamp", "--dry-run", stdout=out)
    call_command("certificate_restamp", stdout=out)
    call_command("certificate_restamp", stdout=out)

    assert "1 berkas perlu cap waktu baru." in out.getvalue()
    first, second = certificate.files.order_by("version")
    assert (second.version, second.signed_by, second.sealed_with) == (2, first.signed_by, first.sealed_with)
    assert second.proven_until > first.proven_until + timedelta(days=1000)
    assert bytes_of(second).startswith(bytes_of(first))
    assert {inspect(bytes_of(one)).verdict for one in (first, second)} == {Verdict.GENUINE}
    assert is_proven_offline(bytes_of(second), tmp_path)
    assert AuditEvent.objects.get(verb="certificate.restamped").subject_id == certificate.officer_id


def test_nothing_is_restamped_without_an_authority(stamps, settings):
    stamps.renew(ends=in_days(100))
    certificate = issued(rendered=True)
    settings.SEAL_TIMESTAMP_URL = ""

    with pytest.raises(CommandError, match="SEAL_TIMESTAMP_URL"):
        call_command("certificate_restamp")
    assert certificate.files.count() == 1


@pytest.mark.judges
def test_a_stamped_file_follows_both_standards_too(stamps, tmp_path):
    certificate = issued(rendered=True)
    (tmp_path / "stamped.pdf").write_bytes(bytes_of(certificate.files.get()))
    call_command("certificate_restamp", "--days", "9999")
    (tmp_path / "restamped.pdf").write_bytes(bytes_of(certificate.files.get(version=2)))

    names = [tmp_path / "stamped.pdf", tmp_path / "restamped.pdf"]
    assert judges.verapdf(names) == {name.name: {"3a": [], "ua1": []} for name in names}
    for name in names:
        assert judges.qpdf(name)
        assert judges.pdfsig(name).count("Signature is Valid.") >= 1
