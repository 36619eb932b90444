"""Revoking takes two people: one asks with a reason, another who may approve decides."""

from datetime import timedelta

import pytest

from certificates import services
from certificates.exceptions import RulingRefused
from certificates.models import CertificateState
from foundation import approvals
from foundation.models import Approval, ApprovalRequest, AuditEvent
from organisation.models import Role
from tests.clock import NOON
from tests.factories.certificates import issued, paper, paper_data, staff
from tests.factories.organisation import UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def certificate(unit):
    return issued(unit=unit, rendered=True)


def ask(certificate, actor, reason="Dikerjakan orang lain."):
    return services.ask_revocation(certificate=certificate, reason=reason, paper=paper(), actor=actor, at=NOON)


def test_the_certificate_is_revoked_when_another_person_approves(unit, certificate):
    request = ask(certificate, staff(Role.SDM, unit))

    approvals.decide(request=request, approved=True, note="", actor=staff(Role.HEAD, unit), at=LATER)
    certificate.refresh_from_db()

    assert certificate.state_at(LATER) == CertificateState.REVOKED
    assert (certificate.revoked_at, certificate.revoked_reason) == (LATER, "Dikerjakan orang lain.")
    assert certificate.files.exists()
    event = AuditEvent.objects.get(verb="certificate.revoked")
    assert event.subject_id == certificate.officer_id


def test_one_person_alone_cannot_revoke(unit, certificate):
    actor = staff(Role.SDM, unit)
    request = ask(certificate, actor)

    with pytest.raises(approvals.ApprovalRefused, match="Orang lain"):
        approvals.decide(request=request, approved=True, note="", actor=actor, at=LATER)
    certificate.refresh_from_db()

    assert certificate.state_at(LATER) == CertificateState.VALID
    assert not Approval.objects.exists()


def test_a_refused_request_changes_nothing_and_may_be_asked_again(unit, certificate):
    actor = staff(Role.SDM, unit)
    approvals.decide(
        request=ask(certificate, actor), approved=False, note="Bukti kurang", actor=staff(Role.HEAD, unit), at=LATER
    )
    certificate.refresh_from_db()

    assert certificate.revoked_at is None
    assert ask(certificate, actor)


def test_a_second_request_while_one_waits_is_refused(unit, certificate):
    ask(certificate, staff(Role.SDM, unit))

    with pytest.raises(RulingRefused, match="sudah menunggu"):
        ask(certificate, staff(Role.SDM, unit))


def test_a_request_needs_a_reason(unit, certificate):
    with pytest.raises(RulingRefused, match="alasan"):
        ask(certificate, staff(Role.SDM, unit), reason="  ")


def test_a_head_may_approve_but_not_ask(unit, certificate):
    with pytest.raises(RulingRefused, match="kewenangan"):
        ask(certificate, staff(Role.HEAD, unit))


def test_sdm_of_another_unit_cannot_ask(certificate):
    with pytest.raises(RulingRefused, match="kewenangan"):
        ask(certificate, staff(Role.SDM, UnitFactory()))


def test_the_whole_way_by_the_pages(client, unit, certificate):
    asker, decider = staff(Role.SDM, unit), staff(Role.HEAD, unit)
    sign_in(client, asker)
    client.post(f"/sdm/sertifikat/{certificate.shown_id}/cabut/", paper_data())
    request = ApprovalRequest.objects.get()

    own = client.post(f"/sdm/persetujuan/{request.uuid}/", {"putusan": "setuju"}, follow=True)
    assert "Anda buat sendiri" in own.content.decode()

    sign_in(client, decider)
    assert certificate.number in client.get("/sdm/persetujuan/").content.decode()
    client.post(f"/sdm/persetujuan/{request.uuid}/", {"putusan": "setuju", "catatan": "Sesuai berita acara."})

    timeline = client.get(f"/sdm/sertifikat/{certificate.shown_id}/").content.decode()
    assert "Pencabutan disetujui" in timeline
    assert "Dicabut" in client.get(f"/verifikasi/{certificate.shown_id}/").content.decode()
    sign_in(client, certificate.officer.user)
    assert "Dicabut" in client.get("/sertifikat/").content.decode()


def test_revoking_asks_for_a_fresh_login(client, unit, certificate, settings, monkeypatch):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    monkeypatch.setattr("organisation.middleware.SecondFactorMiddleware._lacks_factor", lambda *_: False)
    client.force_login(staff(Role.SDM, unit))

    answer = client.get(f"/sdm/sertifikat/{certificate.shown_id}/cabut/")

    assert answer.status_code == 302
    assert "konfirmasi" in answer.headers["Location"]
