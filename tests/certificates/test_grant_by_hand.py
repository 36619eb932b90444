"""A certificate for a completion that brought none is asked for by one person and approved by another."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from certificates import invariants, services
from certificates.exceptions import RulingRefused
from certificates.models import Certificate, Ruling, without_certificate
from enrolments.corrections import correct_completion
from enrolments.models import CourseCompletion, Message
from enrolments.services import complete_item, withdraw_recognition
from foundation import approvals
from foundation.models import ApprovalRequest
from organisation.models import Role
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, decided, issued, paper, paper_data, revoked, staff
from tests.factories.courses import published_course
from tests.factories.enrolments import completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.recognitions import recognised
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def unit():
    unit = UnitFactory()
    UnitLetterheadFactory(unit=unit)
    return unit


@pytest.fixture
def completion(unit):
    """A training that another school held."""
    officer = OfficerFactory(posting__unit=unit)
    return recognised(officer, published_course()).completions.get()


def missed(officer, course=None) -> CourseCompletion:
    """A completion of here whose certificate was never issued."""
    with patch("certificates.receivers.services.issue_certificate"):
        return completed(officer, course or published_course(lessons=1))


def ask(completion, actor=None):
    actor = actor or staff(Role.SDM, completion.unit)
    return services.ask_grant(completion=completion, reason="Diminta Sprin.", paper=paper(), actor=actor, at=NOON)


@pytest.mark.both_databases
def test_recognised_training_has_no_certificate_until_two_people_grant_one(unit, completion):
    assert not Certificate.objects.exists()

    decided(ask(completion), unit, at=LATER)

    certificate = Certificate.objects.get(completion=completion)
    # It says that it was not held here, and by whom.
    assert certificate.programme == "diakui dari Pusdik Uji, SERT/7/2026"
    assert "diakui dari Pusdik Uji" in certificate.wording["detail"]
    assert Ruling.objects.get().kind == "granted"
    assert Message.objects.get(recipient=completion.officer.user).title.startswith("Sertifikat terbit")


def test_the_minutes_of_recognised_training_are_those_of_its_jp(unit):
    officer = OfficerFactory(posting__unit=unit)
    completion = recognised(officer, published_course(), jp=6).completions.get()

    decided(ask(completion), unit, at=LATER)

    assert Certificate.objects.get().minutes == 270


def test_a_completion_with_a_certificate_is_granted_no_second_one(unit):
    certificate = issued(unit=unit)

    with pytest.raises(RulingRefused, match="sudah bersertifikat"):
        ask(certificate.completion)


def test_a_revoked_certificate_is_not_won_back_by_a_grant(unit):
    certificate = issued(unit=unit)
    revoked(certificate)

    with pytest.raises(RulingRefused, match="sudah bersertifikat"):
        ask(certificate.completion)


def test_two_approved_requests_for_one_completion_bring_one_certificate(unit, completion):
    first = ask(completion)
    second = ApprovalRequest.objects.create(
        kind=first.kind,
        object_id=first.object_id,
        unit_path=first.unit_path,
        reason="Lagi",
        requested_by_id=first.requested_by_id,
        requested_by_name="x",
        requested_at=NOON,
    )
    decided(first, unit, at=LATER)

    with pytest.raises(approvals.ApprovalRefused, match="sudah bersertifikat"):
        decided(second, unit, at=LATER)

    assert Certificate.objects.count() == 1


def test_what_was_taken_back_meanwhile_is_not_granted(unit, completion):
    request = ask(completion)
    withdraw_recognition(recognition=completion.recognition, reason="Palsu.", actor=staff(Role.SDM, unit), at=LATER)

    with pytest.raises(approvals.ApprovalRefused, match="sudah dicabut"):
        decided(request, unit, at=LATER)


def test_taking_the_recognition_back_asks_for_the_revocation_of_its_certificate(unit, completion):
    decided(ask(completion), unit, at=LATER)

    withdraw_recognition(recognition=completion.recognition, reason="Palsu.", actor=staff(Role.SDM, unit), at=LATER)

    assert ApprovalRequest.objects.filter(kind=services.REVOKE, approval=None).count() == 1


def test_nobody_asks_or_decides_for_the_own_completion(unit, completion):
    own = RoleGrantFactory(user=completion.officer.user, role=Role.SDM, unit=unit).user

    with pytest.raises(RulingRefused, match="atas nama Anda sendiri"):
        ask(completion, own)
    with pytest.raises(approvals.ApprovalRefused, match="atas nama Anda sendiri"):
        decided(ask(completion), unit, actor=own)

    assert not Certificate.objects.exists()


def test_sdm_of_another_unit_cannot_ask(completion):
    with pytest.raises(RulingRefused, match="kewenangan"):
        ask(completion, staff(Role.SDM, UnitFactory()))


def test_a_grade_corrected_after_issue_does_not_look_like_a_missing_certificate(unit):
    course = published_course()
    certificate = issued(unit=unit, course=course)
    entry = course.current_version.version_items.filter(decides_grade=True).first()
    if entry:
        correct_completion(
            enrolment=certificate.completion.enrolment,
            item=entry.item,
            evidence=None,
            grade=90,
            withdrawn=False,
            actor=staff(Role.TRAINER, unit),
            reason="Kunci salah.",
            at=LATER,
        )
        assert CourseCompletion.objects.count() == 2

    assert not without_certificate(CourseCompletion.objects.all()).exists()


def test_what_was_taken_back_and_completed_again_is_missing_its_certificate(unit):
    course = published_course(lessons=1)
    enrolment = issued(unit=unit, course=course).completion.enrolment
    item = course.current_version.version_items.filter(decides_grade=False).first().item
    given = {"enrolment": enrolment, "item": item, "evidence": None, "grade": None, "at": LATER}
    correct_completion(withdrawn=True, actor=staff(Role.TRAINER, unit), reason="Keliru.", **given)
    assert not without_certificate(CourseCompletion.objects.all()).exists()
    enrolment.refresh_from_db()
    with patch("certificates.receivers.services.issue_certificate"):
        complete_item(**given)

    assert without_certificate(CourseCompletion.objects.all()).get().corrects.withdrawn


def test_a_missed_certificate_is_found_by_the_list_and_by_the_check(unit):
    completion = missed(OfficerFactory(posting__unit=unit))

    assert without_certificate(CourseCompletion.objects.all()).get() == completion
    assert invariants.each_completion_has_its_certificate()


def test_the_whole_way_by_the_pages(client, unit, completion):
    sign_in(client, staff(Role.SDM, unit))
    listed = client.get("/sdm/sertifikat/belum/").content.decode()
    assert completion.full_name in listed
    assert "SERT/7/2026" in listed
    client.post(f"/sdm/sertifikat/belum/{completion.uuid}/", paper_data("Diminta Sprin."))
    request = ApprovalRequest.objects.exclude(kind="enrolment.recognise").get()

    sign_in(client, staff(Role.HEAD, unit))
    client.post(f"/sdm/persetujuan/{request.uuid}/", {"putusan": "setuju"})

    certificate = Certificate.objects.get()
    page = client.get(f"/sdm/sertifikat/{certificate.shown_id}/").content.decode()
    assert "Pelatihan di luar diakui" in page
    assert "Penerbitan disetujui" in page
    assert completion.full_name not in client.get("/sdm/sertifikat/belum/").content.decode()
