"""Which lessons lean on a rule that must be looked at again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.models import LegalSource, LessonLegalBasis, LessonPage, SourceStatus
from courses.review import content_to_review
from organisation.models import Role
from tests.courses.helpers import author, lesson_draft, publish, published_course_page, signed_in
from tests.factories.courses import LegalSourceFactory, TariffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.indexed, pytest.mark.once_on("sqlite")]

TODAY = date(2026, 11, 21)


def lesson_on(source: LegalSource, title: str = "Menyapa") -> LessonPage:
    lesson = lesson_draft(published_course_page(lessons=1), title=title)
    lesson.legal_bases = [LessonLegalBasis(source=source)]
    return publish(lesson)


def reasons(on: date = TODAY) -> dict[str, str]:
    return {row.title: row.reason for row in content_to_review(on=on)}


def test_a_source_in_force_and_checked_lately_troubles_nobody():
    lesson_on(LegalSourceFactory(review_by=TODAY + timedelta(days=1)))

    assert reasons() == {}


def test_a_lesson_is_listed_on_the_day_its_source_falls_due():
    lesson_on(LegalSourceFactory(review_by=TODAY))

    assert reasons() == {"Menyapa": "Pemeriksaan jatuh tempo 21 November 2026."}


@pytest.mark.parametrize("status", [SourceStatus.REPEALED, SourceStatus.UNVERIFIED])
def test_a_lesson_on_a_repealed_or_unverified_rule_is_listed(status):
    lesson_on(LegalSourceFactory(status=status))

    assert status.label.lower() in reasons()["Menyapa"]


def test_a_rule_that_changed_after_publishing_marks_the_lesson_until_it_is_published_again():
    source = LegalSourceFactory()
    lesson = lesson_on(source)
    source.short = "UU 25/2009 jo. UU 1/2027"
    source.save()

    assert "Dasar hukum berubah" in reasons()["Menyapa"]

    publish(LessonPage.objects.get(pk=lesson.pk))
    assert reasons() == {}


def test_a_new_check_date_alone_is_no_change():
    source = LegalSourceFactory()
    source.checked_on = TODAY
    source.save()

    assert source.changed_at is None


def test_a_callout_and_a_tariff_that_name_the_rule_are_found_too():
    source = LegalSourceFactory(status=SourceStatus.REPEALED)
    TariffFactory(name="Penerbitan SKCK", service="SKCK", legal_source=source)
    callout = {"kind": "hukum", "title": "Dasar", "text": "<p>Pasal 4.</p>", "source": source}
    publish(lesson_draft(published_course_page(lessons=1), title="Kotak", body=[("callout", callout)]))

    rows = content_to_review(on=TODAY)

    assert [(row.title, row.kind) for row in rows] == [("Kotak", "materi"), ("SKCK: Penerbitan SKCK", "tarif")]
    assert [label for label, _path in rows[0].places] == ["Isi → Kotak catatan"]


def test_the_report_links_to_the_place_and_comes_as_a_sheet():
    lesson = lesson_on(LegalSourceFactory(review_by=timezone.localdate(), short="UU 25/2009"))
    client = signed_in(author(Role.REVIEWER))

    page = client.get("/admin/laporan/dasar-hukum/").content.decode()
    sheet = client.get("/admin/laporan/dasar-hukum/?export=csv")

    assert f"/admin/pages/{lesson.pk}/edit/#:w:contentpath=" in page
    assert "UU 25/2009" in b"".join(sheet.streaming_content).decode()
    assert client.get("/admin/laporan/dasar-hukum/?export=xlsx").status_code == 200


def test_the_start_page_of_the_cms_shows_what_is_due():
    lesson_on(LegalSourceFactory(review_by=timezone.localdate()))

    assert "Dasar hukum perlu diperiksa" in signed_in(author(Role.TRAINER)).get("/admin/").content.decode()


def test_a_check_date_in_the_past_of_its_check_is_refused():
    source = LegalSourceFactory.build(checked_on=TODAY, review_by=TODAY)

    with pytest.raises(ValidationError, match="sesudah tanggal pemeriksaan"):
        source.clean()
