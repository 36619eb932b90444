"""Name, rank and unit are put right, and certificates issued again, by two people; the old one stays and says so."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from certificates import invariants, services
from certificates.exceptions import RulingRefused
from certificates.models import Certificate, CertificateState, Ruling
from enrolments.corrections import Holder, correct_completion
from enrolments.models import CourseCompletion, Message, Notice
from foundation import approvals
from foundation.models import ApprovalRequest, OutboxEntry
from organisation.models import Rank, Role, UnitLevel
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, decided, issued, paper, paper_data, revoked, staff
from tests.factories.courses import published_course
from tests.factories.organisation import RoleGrantFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def certificate(unit):
    return issued(unit=unit, rendered=True)


def right(certificate, **changes) -> Holder:
    completion = CourseCompletion.objects.standing().get(enrolment=certificate.completion.enrolment)
    return replace(Holder.of(completion), **changes)


def ask_correction(certificate, actor=None, *, at=NOON, **changes):
    changes = changes or {"full_name": "Drs. Andi Pratama, S.H."}
    return services.ask_correction(
        certificate=certificate,
        holder=right(certificate, **changes),
        reason="Gelar tertinggal.",
        paper=paper(),
        actor=actor or staff(Role.SDM, certificate.unit),
        at=at,
    )


def ask_reissue(certificate, actor=None):
    actor = actor or staff(Role.SDM, certificate.unit)
    return services.ask_reissue(certificate=certificate, reason="Kop lama.", paper=paper(), actor=actor, at=NOON)


def test_a_correction_issues_a_new_certificate_that_points_back(unit, certificate):
    rank = Rank.objects.exclude(pk=certificate.completion.rank_id).first()

    decided(ask_correction(certificate, full_name="Drs. Andi Pratama, S.H.", rank=rank), unit, at=LATER)
    certificate.refresh_from_db()
    new = certificate.successor

    assert certificate.state_at(LATER) == CertificateState.REPLACED
    assert (new.holder_name, new.holder_rank) == ("Drs. Andi Pratama, S.H.", rank.short)
    assert new.replaces == certificate
    assert new.sequence == certificate.sequence + 1
    assert (new.grade, new.jp, new.completed_on) == (certificate.grade, certificate.jp, certificate.completed_on)
    # The old one keeps every word and its bytes.
    assert certificate.holder_name != new.holder_name
    assert certificate.files.exists()
    ruling = Ruling.objects.get()
    assert (ruling.kind, ruling.certificate, ruling.document_number) == ("corrected", certificate, "B/ND-61/XI/2026")
    assert ruling.document.storage_name


def test_the_ledger_says_what_the_new_certificate_says(unit, certificate):
    decided(ask_correction(certificate), unit, at=LATER)

    row = CourseCompletion.objects.standing().get()
    assert (row.full_name, row.corrects) == ("Drs. Andi Pratama, S.H.", certificate.completion)
    assert Certificate.objects.get(replaces=certificate).completion == row
    assert not invariants.each_completion_has_its_certificate()


def test_the_officer_is_told_of_the_correction_by_app_and_mail(unit, certificate, mailoutbox):
    user = certificate.officer.user
    user.email = "andi@contoh.go.id"
    user.save()

    decided(ask_correction(certificate), unit, at=LATER)

    new = Certificate.objects.get(replaces=certificate)
    assert Notice.objects.get(recipient=user).message.title.startswith("Sertifikat diganti")
    assert new.number in Message.objects.get().text
    assert OutboxEntry.objects.filter(kind="enrolments.messages").count() == 1


def test_the_public_page_of_the_old_one_names_what_replaced_it(client, unit, certificate):
    decided(ask_correction(certificate), unit, at=LATER)
    new = Certificate.objects.get(replaces=certificate)

    page = client.get(f"/verifikasi/{certificate.shown_id}/").content.decode()

    assert "Diganti" in page
    assert new.number in page
    assert f"/verifikasi/{new.shown_id}/" in page


def test_a_unit_is_corrected_within_the_reach_of_both_people():
    polres = UnitFactory(level=UnitLevel.RESORT)
    polsek, other = (UnitFactory(level=UnitLevel.SECTOR, parent=polres) for _ in range(2))
    UnitLetterheadFactory(unit=polres)
    certificate = issued(unit=polsek)

    request = ask_correction(certificate, staff(Role.SDM, polres), unit=other)
    with pytest.raises(approvals.ApprovalRefused, match="di luar kewenangan"):
        decided(request, polsek, at=LATER)
    decided(request, polres, at=LATER)

    assert Certificate.objects.get(replaces=certificate).unit == other


def test_a_unit_outside_the_askers_reach_is_refused(certificate):
    with pytest.raises(RulingRefused, match="di luar kewenangan"):
        ask_correction(certificate, unit=UnitFactory())


def test_a_correction_that_changes_nothing_is_refused(certificate):
    with pytest.raises(RulingRefused, match="Tidak ada yang berubah"):
        ask_correction(certificate, post=certificate.holder_post)


def test_another_number_than_that_of_the_officers_record_is_refused(certificate):
    with pytest.raises(RulingRefused, match="data personel"):
        ask_correction(certificate, number="99999999")


def test_a_number_that_was_wrong_in_the_record_is_put_right_from_the_record(unit, certificate):
    officer = certificate.officer
    officer.number = "85999999"
    officer.save()

    decided(ask_correction(certificate, number="85999999"), unit, at=LATER)

    assert Certificate.objects.get(replaces=certificate).holder_number == "85999999"


# --- attacks ------------------------------------------------------------------


def owner_as(role, certificate):
    return RoleGrantFactory(user=certificate.officer.user, role=role, unit=certificate.unit).user


@pytest.mark.parametrize("ask", [ask_correction, ask_reissue])
def test_nobody_asks_about_the_own_certificate(certificate, ask):
    with pytest.raises(RulingRefused, match="atas nama Anda sendiri"):
        ask(certificate, owner_as(Role.SDM, certificate))


@pytest.mark.parametrize("ask", [ask_correction, ask_reissue])
def test_nobody_decides_about_the_own_certificate(unit, certificate, ask):
    request = ask(certificate)

    with pytest.raises(approvals.ApprovalRefused, match="atas nama Anda sendiri"):
        decided(request, unit, actor=owner_as(Role.HEAD, certificate))

    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("ask", [ask_correction, ask_reissue])
def test_nobody_approves_the_own_request(unit, certificate, ask):
    actor = staff(Role.SDM, unit)
    request = ask(certificate, actor)

    with pytest.raises(approvals.ApprovalRefused, match="Anda buat sendiri"):
        decided(request, unit, actor=actor)

    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("ask", [ask_correction, ask_reissue])
def test_sdm_of_another_unit_cannot_ask(certificate, ask):
    with pytest.raises(RulingRefused, match="kewenangan"):
        ask(certificate, staff(Role.SDM, UnitFactory()))


@pytest.mark.parametrize("ask", [ask_correction, ask_reissue])
def test_an_approved_request_is_not_carried_out_again(unit, certificate, ask):
    request = ask(certificate)
    decided(request, unit, at=LATER)

    with pytest.raises(approvals.ApprovalRefused, match="sudah diputus"):
        decided(request, unit, at=LATER)

    assert Certificate.objects.count() == 2


def test_what_was_revoked_after_the_correction_was_asked_for_is_not_corrected(unit, certificate):
    request = ask_correction(certificate)
    revoked(certificate)

    with pytest.raises(approvals.ApprovalRefused, match="sudah dicabut"):
        decided(request, unit, at=LATER)

    assert Certificate.objects.count() == 1


def test_what_was_revoked_after_the_reissue_was_asked_for_does_not_come_back(unit, certificate):
    request = ask_reissue(certificate)
    revoked(certificate)

    with pytest.raises(approvals.ApprovalRefused, match="dicabut sesudah permintaan"):
        decided(request, unit, at=LATER)

    assert Certificate.objects.count() == 1


def test_a_correction_waits_while_a_revocation_is_undecided(unit, certificate):
    request = ask_correction(certificate)
    services.ask_revocation(
        certificate=certificate, reason="Joki.", paper=paper(), actor=staff(Role.SDM, unit), at=NOON
    )

    with pytest.raises(approvals.ApprovalRefused, match="masih menunggu"):
        decided(request, unit, at=LATER)
    with pytest.raises(RulingRefused, match="masih menunggu"):
        ask_reissue(certificate)


def test_a_replaced_certificate_is_neither_corrected_nor_reissued_nor_revoked(unit, certificate):
    decided(ask_correction(certificate), unit, at=LATER)
    certificate = Certificate.objects.get(pk=certificate.pk)

    for ask in (ask_correction, ask_reissue):
        with pytest.raises(RulingRefused, match="sudah diganti"):
            ask(certificate)
    with pytest.raises(RulingRefused, match="sudah diganti"):
        services.ask_revocation(
            certificate=certificate, reason="Salah.", paper=paper(), actor=staff(Role.SDM, unit), at=NOON
        )


def test_a_second_correction_in_the_queue_is_refused_when_the_first_was_carried_out(unit, certificate):
    correction, reissue = ask_correction(certificate), ask_reissue(certificate)
    decided(correction, unit, at=LATER)

    with pytest.raises(approvals.ApprovalRefused, match="sudah diganti"):
        decided(reissue, unit, at=LATER)

    assert Certificate.objects.count() == 2


def test_what_was_taken_back_in_the_ledger_is_not_issued_again(unit):
    course = published_course()
    certificate = issued(unit=unit, course=course)
    item = course.current_version.version_items.filter(required=True).first().item
    correct_completion(
        enrolment=certificate.completion.enrolment,
        item=item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=staff(Role.TRAINER, unit),
        reason="Kunci salah.",
        at=LATER,
    )
    asked = ApprovalRequest.objects.get(kind=services.REVOKE)
    decided(asked, unit, at=LATER)
    certificate.refresh_from_db()

    with pytest.raises(RulingRefused, match="sudah dicabut"):
        ask_reissue(certificate)


# --- issue again --------------------------------------------------------------


def test_a_reissue_takes_the_letterhead_and_the_ledger_of_today(unit):
    course = published_course(lessons=1)
    certificate = issued(unit=unit, course=course, grade=Decimal("70"))
    letterhead = unit.letterheads.get()
    services.save_letterhead(
        unit=unit,
        values={name: getattr(letterhead, name) for name in ("heading", "place", "signer_post", "signer_rank")}
        | {"signer_name": "PEJABAT BARU, S.I.K."},
        crest=None,
        actor=staff(Role.SDM, unit),
        at=LATER,
    )

    decided(ask_reissue(certificate), unit, at=LATER + timedelta(hours=1))

    new = Certificate.objects.get(replaces=certificate)
    assert new.signer_name == "PEJABAT BARU, S.I.K."
    assert new.completion == certificate.completion
    assert not invariants.each_completion_has_its_certificate()


def test_a_revoked_certificate_is_issued_again_and_stays_revoked(unit, certificate):
    revoked(certificate)
    certificate.refresh_from_db()

    decided(ask_reissue(certificate), unit, at=LATER)
    certificate = Certificate.objects.get(pk=certificate.pk)

    assert certificate.state_at(LATER) == CertificateState.REVOKED
    assert certificate.successor.state_at(LATER) in (CertificateState.QUEUED, CertificateState.VALID)
    with pytest.raises(RulingRefused, match="sudah diganti oleh sertifikat nomor"):
        ask_reissue(certificate)


def test_a_request_needs_number_and_scan_of_a_paper(unit, certificate):
    for bad in (paper(number=" "), services.Paper("B/1", None)):
        with pytest.raises(RulingRefused, match="nomor dokumen"):
            services.ask_reissue(
                certificate=certificate, reason="Kop lama.", paper=bad, actor=staff(Role.SDM, unit), at=NOON
            )
    with pytest.raises(RulingRefused, match="PDF, JPG, atau PNG"):
        services.ask_reissue(
            certificate=certificate,
            reason="Kop lama.",
            paper=paper(content=b"MZ program"),
            actor=staff(Role.SDM, unit),
            at=NOON,
        )


def test_the_whole_way_of_a_correction_by_the_pages(client, unit, certificate):
    sign_in(client, staff(Role.SDM, unit))
    address = f"/sdm/sertifikat/{certificate.shown_id}/"
    assert "Koreksi nama" in client.get(address).content.decode()
    completion = certificate.completion
    sent = client.post(
        f"{address}koreksi/",
        paper_data(
            "Gelar tertinggal.",
            nama="Drs. Andi Pratama",
            pangkat=completion.rank_id,
            jabatan=completion.post,
            kesatuan=completion.unit_id,
        ),
        follow=True,
    )
    assert "Menunggu persetujuan" in sent.content.decode()
    request = ApprovalRequest.objects.get()

    sign_in(client, staff(Role.HEAD, unit))
    page = client.get(f"/sdm/persetujuan/{request.uuid}/").content.decode()
    assert "→ Drs. Andi Pratama" in page
    scan = client.get(f"/sdm/persetujuan/{request.uuid}/dokumen/")
    assert scan.headers["Content-Disposition"].startswith("attachment")
    client.post(f"/sdm/persetujuan/{request.uuid}/", {"putusan": "setuju"})

    page = client.get(address).content.decode()
    assert "Koreksi disetujui" in page
    assert "Diganti" in page
    assert "Unduh pindaian dokumen" in page


def test_the_scan_of_an_approved_request_outlives_its_retention(unit, certificate):
    from django.core.files.storage import storages

    from foundation import retention

    decided(ask_correction(certificate), unit, at=LATER)
    ruling = Ruling.objects.get()

    removed = retention.apply(at=NOON + timedelta(days=4000))["relief_documents"]

    assert removed == 0
    assert storages["private"].exists(ruling.document.storage_name)
