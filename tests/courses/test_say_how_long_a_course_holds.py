"""An author says how long a completion holds, by months or by the calendar, and when it is asked for again."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from courses.compiling import fingerprint
from courses.exceptions import CompileRefused
from courses.models import CoursePage
from organisation.models import Role
from tests.courses.helpers import author, publish, published_course_page, signed_in
from tests.factories.courses import CourseVersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
NEW_YEARS_EVE = date(2026, 12, 31)


def handed_in(course_page: CoursePage, **fields) -> str:
    """The editor's answer to a trainer who hands the course page in with these fields."""
    form = {
        "title": course_page.title,
        "slug": course_page.slug,
        "code": course_page.code,
        "summary": "Ringkasan.",
        "audience": "Personel loket",
        "objectives": streamfield([]),
        "jp": "4",
        "minutes": "180",
        "validity_months": "0",
        "cycle_ends_on": "",
        "cycle_years": "1",
        "renewal_days": "60",
        "comments": inline_formset([]),
        "action-submit": "submit",
    }
    client = signed_in(author(Role.TRAINER))
    answer = client.post(f"/admin/pages/{course_page.pk}/edit/", nested_form_data(form | fields), follow=True)
    return " ".join(answer.content.decode().split())


def draft_of(course_page: CoursePage) -> CoursePage:
    return CoursePage.objects.get(pk=course_page.pk).get_latest_revision_as_object()


@pytest.mark.both_databases
def test_a_calendar_cycle_is_handed_in_and_kept_by_the_version_that_is_published():
    course_page = published_course_page()

    handed_in(course_page, cycle_ends_on="2026-12-31", cycle_years="2", renewal_days="90")
    version = publish(draft_of(course_page)).course.version

    assert (version.cycle_ends_on, version.cycle_years, version.renewal_days) == (NEW_YEARS_EVE, 2, 90)
    assert version.validity_months == 0


def test_months_and_a_cycle_together_are_refused_with_what_to_do():
    answer = handed_in(published_course_page(), validity_months="12", cycle_ends_on="2026-12-31")

    assert "Pilih satu: tulis 0 bulan, atau kosongkan akhir siklusnya." in answer


def test_a_window_longer_than_half_of_what_holds_is_refused_with_what_to_write():
    assert "Tulis paling banyak 15 hari" in handed_in(published_course_page(), validity_months="1")
    assert "Tulis paling banyak 182 hari" in handed_in(
        published_course_page(), cycle_ends_on="2026-12-31", renewal_days="200"
    )


def test_a_file_or_an_action_publishes_no_such_window_either():
    course_page = published_course_page()
    course_page.validity_months = 1

    with pytest.raises(CompileRefused, match="Tulis paling banyak 15 hari"):
        publish(course_page)


def test_a_course_as_it_was_before_the_calendar_is_the_same_version_still():
    page = published_course_page(lessons=1, validity_months=24)
    (item,) = page.course.version.version_items.all()
    names = ("title", "summary", "audience", "jp", "minutes", "validity_months", "self_enrolment")
    step = {name: getattr(item, name) for name in ("title", "slug", "required", "waits_for_required", "decides_grade")}

    hashed_then = {name: getattr(page, name) for name in names} | {
        "objectives": [],
        "items": [step | {"minutes": item.minutes, "item": item.item.uuid}],
    }

    assert page.course.version.sha256 == fingerprint(hashed_then)


def test_the_database_keeps_a_version_to_one_rule():
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseVersionFactory(validity_months=12, cycle_ends_on=NEW_YEARS_EVE)


def test_an_older_draft_that_knows_nothing_of_it_opens_with_what_held_then():
    course_page = published_course_page(validity_months=24)
    revision = course_page.save_revision()
    for name in ("cycle_ends_on", "cycle_years", "renewal_days"):
        del revision.content[name]
    revision.save()

    draft = draft_of(course_page)

    assert (draft.validity_months, draft.cycle_ends_on, draft.cycle_years, draft.renewal_days) == (24, None, 1, 60)


def test_the_preview_tells_the_rule_in_words():
    course_page = published_course_page(validity_months=0, cycle_ends_on=NEW_YEARS_EVE)

    facts = course_page.make_preview_request(preview_mode="officer").render().content.decode()

    assert "Sampai 31 Desember tiap tahun. Yang masih ditugaskan mengulang mulai 60 hari sebelum berakhir" in facts
