"""Menunggu TTE: certificates wait for the certified signature of the person printed on them."""

from datetime import timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from certificates import invariants
from certificates.exceptions import SealUnavailable
from certificates.models import CertificateState, SealKind, SignatureBatch, SignatureOrder
from certificates.sealing import filling, signers, signing_off
from certificates.sealing.signers import Bsre
from certificates.sealing.signing_off import sign_off, waiting_for_actor
from foundation import outbox
from foundation.models import AuditEvent
from tests.certificates.sealing import OTHER_KEY
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")

SECRETS = {"nik": "9171010101850001", "frasa": "frasa sandi penanda tangan"}


class Provider(Bsre):
    """A certified provider as it would answer: appends a signature of its own to each file."""

    asked: list = []

    def missing(self) -> str:
        return ""

    def sign_all(self, pdfs, *, identity, passphrase):
        if passphrase != SECRETS["frasa"]:
            raise SealUnavailable("BSrE menolak: frasa sandi salah.")
        Provider.asked.append(len(pdfs))
        return [self._signed(pdf) for pdf in pdfs]

    def _signed(self, pdf: bytes) -> bytes:
        how = PdfSignatureMetadata(field_name="TTE", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
        signer = PdfSigner(how, filling.KeptKeySigner(OTHER_KEY))
        return filling.run(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))).getvalue()


@pytest.fixture
def signer(db, settings):
    """An officer who is printed as the signer of the unit below, with a provider in use that works."""
    settings.SEAL_SIGNER = "bsre"
    return OfficerFactory(number="80010001")


@pytest.fixture
def unit(signer):
    unit = UnitFactory()
    UnitLetterheadFactory(unit=unit, signer_number=signer.number)
    return unit


@pytest.fixture
def connected(monkeypatch):
    monkeypatch.setitem(signers.PROVIDERS, "bsre", Provider)


def test_a_certificate_waits_for_its_signer_and_has_no_file_meanwhile(unit, signer):
    certificate = issued(unit=unit, rendered=True)

    assert certificate.state_at(NOON) == CertificateState.UNSIGNED
    assert not certificate.files.exists()
    assert [order.certificate for order in waiting_for_actor(signer.user)] == [certificate]


def test_who_waits_for_a_signature_is_not_reported_as_forgotten(unit):
    issued(unit=unit, rendered=True)

    assert invariants.each_completion_has_its_certificate() == []


def test_waiting_twice_is_waiting_once(unit):
    certificate = issued(unit=unit, rendered=True)

    from certificates.rendering.store import render

    render({"certificate": certificate.pk})

    assert SignatureOrder.objects.count() == 1


def test_nobody_signs_for_another(unit, connected):
    issued(unit=unit, rendered=True)
    other = OfficerFactory().user

    assert not waiting_for_actor(other).exists()
    with pytest.raises(SealUnavailable):
        sign_off(orders=SignatureOrder.objects.all(), identity="1", passphrase="2", actor=other, at=NOON)


def test_without_the_provider_the_page_says_so_and_asks_for_nothing(unit, signer, client):
    issued(unit=unit, rendered=True)
    sign_in(client, signer.user)

    text = client.get("/sertifikat/tte/").content.decode()

    assert "1 sertifikat menunggu tanda tangan Anda" in text
    assert "Sambungan ke BSrE belum tersedia" in text
    assert 'name="frasa"' not in text


def test_the_signer_signs_off_a_page_at_once(unit, signer, client, connected):
    rows = [issued(unit=unit, rendered=True) for _ in range(3)]
    sign_in(client, signer.user)

    answer = client.post("/sertifikat/tte/", SECRETS, follow=True)

    assert "3 sertifikat ditandatangani dan terbit." in answer.content.decode()
    for row in rows:
        row.refresh_from_db()
        assert row.state_at(NOON) == CertificateState.VALID
        assert row.files.get().signed_by == SealKind.BSRE
    batch = SignatureBatch.objects.get()
    assert (batch.signer, batch.count, batch.orders.count()) == (signer, 3, 3)
    assert AuditEvent.objects.filter(verb="certificate.signed_off", actor_id=signer.user_id).count() == 3


@pytest.mark.both_databases
def test_number_and_passphrase_are_kept_nowhere(unit, signer, client, connected):
    issued(unit=unit, rendered=True)
    sign_in(client, signer.user)
    client.post("/sertifikat/tte/", SECRETS)

    kept = repr(list(AuditEvent.objects.values())) + repr(list(SignatureBatch.objects.values()))
    kept += repr(dict(client.session))
    assert SECRETS["nik"] not in kept
    assert SECRETS["frasa"] not in kept


def test_a_wrong_passphrase_signs_nothing_and_the_work_waits_on(unit, signer, client, connected):
    certificate = issued(unit=unit, rendered=True)
    sign_in(client, signer.user)

    answer = client.post("/sertifikat/tte/", {**SECRETS, "frasa": "salah"}, follow=True)

    assert "frasa sandi salah" in answer.content.decode()
    assert not certificate.files.exists()
    assert waiting_for_actor(signer.user).count() == 1


def test_a_second_press_of_the_button_signs_nothing_again(unit, signer, connected):
    issued(unit=unit, rendered=True)
    orders = list(waiting_for_actor(signer.user))
    options = {"identity": SECRETS["nik"], "passphrase": SECRETS["frasa"], "actor": signer.user, "at": NOON}
    sign_off(orders=orders, **options)

    with pytest.raises(SealUnavailable, match="Tidak ada sertifikat"):
        sign_off(orders=orders, **options)

    assert SignatureBatch.objects.count() == 1


def test_when_the_institution_seals_by_itself_again_nothing_waits_for_a_person(unit, signer, seal):
    certificate = issued(unit=unit)
    SignatureOrder.objects.create(certificate=certificate, signer_number=signer.number, created_at=NOON)
    from foundation.models import OutboxEntry

    OutboxEntry.objects.filter(key=str(certificate.pk)).update(done_at=NOON)

    assert signing_off.release(at=NOON) == 1
    outbox.sweep(at=NOON + timedelta(minutes=1))

    certificate.refresh_from_db()
    assert certificate.state_at(NOON) == CertificateState.VALID
    assert not waiting_for_actor(signer.user).exists()
    assert signing_off.release(at=NOON) == 0


def test_the_page_costs_the_same_for_twenty(unit, signer, client, django_assert_max_num_queries):
    for _ in range(20):
        issued(unit=unit, rendered=True)
    sign_in(client, signer.user)
    client.get("/sertifikat/tte/")

    # Session, user, officer, roles and notices of the frame; the count; the page.
    with django_assert_max_num_queries(12):
        assert client.get("/sertifikat/tte/").status_code == 200
