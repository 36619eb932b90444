"""Completing a course writes the certificate in the same transaction, with every printed field of that day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from certificates import services
from certificates.models import CertificateState, NumberSeries
from enrolments.models import CourseCompletion
from enrolments.services import complete_item
from foundation.models import AuditEvent, OutboxEntry
from organisation.models import UnitLevel, Zone
from programmes.models import Activity, Period, Programme
from tests.clock import NOON
from tests.factories.certificates import CertificateTemplateFactory, UnitLetterheadFactory, issued
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory, assigned
from tests.factories.organisation import OfficerFactory, RankFactory, UnitFactory

pytestmark = pytest.mark.once_on("sqlite")


def test_completing_a_course_brings_one_certificate_with_a_number_and_open_work_for_its_file(db):
    certificate = issued()

    assert certificate.number == "Sertif/1/XI/DIK.2.6./2026"
    assert certificate.state_at(NOON) == CertificateState.QUEUED
    assert OutboxEntry.objects.get(kind="certificate.render").payload == {"certificate": certificate.pk}
    assert AuditEvent.objects.get(verb="certificate.issued").subject_id == certificate.officer_id


def test_issuing_twice_for_one_completion_gives_the_same_certificate(db):
    certificate = issued()

    again = services.issue_certificate(completion=certificate.completion, at=NOON + timedelta(days=1))

    assert again == certificate
    assert NumberSeries.objects.get().last_number == 1


def test_an_error_while_issuing_rolls_back_the_completion_too(db, monkeypatch):
    course = published_course(lessons=1, posttest=False)
    enrolment = EnrolmentFactory(course=course)

    def broken(**_kwargs):
        raise RuntimeError

    monkeypatch.setattr(services.issuing, "take_number", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        complete_item(enrolment=enrolment, item=course.items.get(), evidence=None, grade=None, at=NOON)

    assert not CourseCompletion.objects.exists()
    assert not NumberSeries.objects.exists()


def test_every_printed_field_is_the_one_of_that_day_even_when_the_officer_moves_on(db):
    unit = UnitFactory(name="SPKT Polresta Contoh")
    officer = OfficerFactory(
        name_prefix="Dr.", name="Yohanis Wamafma", name_suffix="S.H.", posting__unit=unit, posting__post="Banit"
    )
    certificate = issued(officer)

    officer.name = "Nama Baru"
    officer.save()
    unit.name = "Satuan Baru"
    unit.save()
    certificate.refresh_from_db()

    assert certificate.holder_name == "Dr. Yohanis Wamafma, S.H."
    assert certificate.shown_place == "Banit SPKT Polresta Contoh"
    assert (
        certificate.wording["holder"] == f"Brigadir Polisi Kepala · NRP {officer.number} · Banit SPKT Polresta Contoh"
    )


def test_a_general_is_named_without_the_number(db):
    officer = OfficerFactory(posting__rank=RankFactory(code="brigjen"), posting__post="Karo SDM")

    certificate = issued(officer)

    assert officer.number not in certificate.wording["holder"]
    assert certificate.wording["holder"].startswith("Brigadir Jenderal Polisi · Karo SDM")


def test_degrees_keep_their_letters(db):
    officer = OfficerFactory(name="Budi", name_suffix="S.Tr.K., S.I.K., M.Si.")

    assert issued(officer).holder_name == "Budi, S.Tr.K., S.I.K., M.Si."


def test_a_course_without_a_post_test_says_completed_and_not_passed(db):
    certificate = issued(course=published_course(lessons=1, posttest=False), grade=None)

    assert certificate.wording["statement"] == "telah menyelesaikan pelatihan"


def test_the_certificate_ends_when_the_completion_does(db):
    certificate = issued(course=published_course(validity_months=24))

    assert certificate.expires_at == certificate.completion.expires_at
    assert certificate.wording["validity"] == "Berlaku sampai 21 November 2028"


def test_a_certificate_without_end_prints_no_validity(db):
    assert issued(course=published_course(validity_months=0)).wording["validity"] == ""


def test_the_quick_wins_activity_that_asked_for_the_course_is_printed(db):
    officer = OfficerFactory()
    unit = officer.postings.get().unit
    programme = Programme.objects.create(code="quick-wins", name="Quick Wins Presisi")
    period = Period.objects.create(programme=programme, name="TW IV", starts_on=NOON, ends_on=NOON + timedelta(days=30))
    activity = Activity.objects.create(period=period, code="P3.2", field="SDM Unggul", name="Pelatihan layanan")
    course = published_course()
    assigned(course, unit, activity=activity)

    certificate = issued(officer, course=course)

    assert certificate.programme == "Program Quick Wins Presisi bidang SDM Unggul"
    assert certificate.wording["detail"].endswith(", Program Quick Wins Presisi bidang SDM Unggul")


def test_a_template_of_the_course_is_taken_before_the_general_one(db):
    course = published_course()
    CertificateTemplateFactory(course=course, title="PIAGAM")
    CertificateTemplateFactory(title="BUKAN INI", active=False)

    assert issued(course=course).wording["title"] == "PIAGAM"


def test_the_letterhead_of_the_nearest_unit_above_is_used(db):
    polda = UnitFactory(level=UnitLevel.PROVINCE)
    polres = UnitFactory(parent=polda)
    polsek = UnitFactory(parent=polres, level=UnitLevel.SECTOR)
    UnitLetterheadFactory(unit=polda, signer_post="KARO SDM")
    UnitLetterheadFactory(unit=polres, signer_post="KABAG SDM")

    certificate = issued(unit=polsek)

    assert certificate.signer_post == "KABAG SDM"
    assert certificate.series.unit == polres


def test_a_certificate_without_any_letterhead_waits_with_its_number(db):
    polres = UnitFactory(name="Polres Uji Kop", level=UnitLevel.RESORT)
    polsek = UnitFactory(parent=polres, level=UnitLevel.SECTOR)

    certificate = issued(unit=polsek, letterhead=False)

    assert certificate.state_at(NOON) == CertificateState.WAITING
    assert certificate.series.unit == polres
    assert certificate.heading == "KEPOLISIAN NEGARA REPUBLIK INDONESIA\nPOLRES UJI KOP"
    assert not OutboxEntry.objects.exists()


def test_the_year_of_the_number_turns_at_midnight_of_the_unit(db):
    unit = UnitFactory(zone=Zone.WIT)
    # 15.00 UTC is midnight in WIT: one minute apart, two years.
    before, after = (datetime(2026, 12, 31, 14, 59, tzinfo=UTC), datetime(2026, 12, 31, 15, 0, tzinfo=UTC))

    old, new = issued(unit=unit, at=before), issued(unit=unit, at=after)

    assert (old.number, new.number) == ("Sertif/1/XII/DIK.2.6./2026", "Sertif/1/I/DIK.2.6./2027")


def test_the_function_code_ends_the_number_only_when_there_is_one(db):
    unit = UnitFactory()
    UnitLetterheadFactory(unit=unit, function_code="Sdm")

    assert issued(unit=unit).number == "Sertif/1/XI/DIK.2.6./2026/Sdm"


def test_a_public_id_that_is_taken_is_drawn_again(db, monkeypatch):
    unit = UnitFactory()
    first = issued(unit=unit)
    drawn = iter([first.public_id, "0" * 17])
    monkeypatch.setattr(services.issuing, "new_identifier", lambda: next(drawn))

    second = issued(unit=unit)

    assert second.public_id == "0" * 17
    assert second.sequence == 2
