"""A course asks for more, or for something else: its author says who must take it again, SDM orders it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from courses.models import Course, CoursePage
from enrolments.models import CourseCompletion, Duty, DutyReason, Enrolment
from enrolments.services import complete_what_a_new_version_freed, progress_of, start_course
from foundation.models import AuditEvent, OutboxEntry
from organisation.models import Role
from quizzes.choices import RedoScope
from quizzes.exceptions import RedoRefused
from quizzes.models import RedoOrder, RedoRequest, unanswered_course_versions
from quizzes.redo import CourseRedo, reach_of
from quizzes.services import order_redo, redoing, request_redo
from tests.clock import NOON
from tests.courses.helpers import author, lesson_draft, publish, published_course_page, signed_in
from tests.factories.enrolments import DutyFactory, EnrolmentFactory, assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YESTERDAY, TOMORROW = NOON - DAY, NOON + DAY


@pytest.fixture(autouse=True)
def at_noon(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def polres():
    return UnitFactory(name="Polres Uji")


@pytest.fixture
def sdm(polres):
    return RoleGrantFactory(role=Role.SDM, unit=polres).user


@pytest.fixture
def page():
    return published_course_page(lessons=1)


@pytest.fixture
def course(page):
    return page.course


def newest(page) -> Course:
    return Course.objects.select_related("current_version").get(pk=page.course_id)


def with_a_lesson_more(page):
    """The next version of the course: it asks for one more lesson."""
    publish(lesson_draft(CoursePage.objects.get(pk=page.pk), title="Lapor gratifikasi"))
    publish(CoursePage.objects.get(pk=page.pk))
    return newest(page).current_version


def officer_of(unit):
    return OfficerFactory(posting__unit=unit)


def requested(version, scope=RedoScope.EVERYONE, *, before=NOON, since=None):
    return request_redo(
        version=version,
        scope=scope,
        since=since,
        before=before,
        reason="Aturan gratifikasi baru",
        actor=UserFactory(),
        at=NOON,
    )


def ordered(request, unit, sdm, *, at=NOON):
    order = {"due_at": NOON + 7 * DAY, "order_number": "Sprin/9/XI/2026", "issuer": "Kapolres Uji"}
    return order_redo(request=request, unit=unit, actor=sdm, at=at, **order)


# --- asking -----------------------------------------------------------------


def test_a_new_required_lesson_asks_the_author_once_somebody_had_completed(page, course, polres):
    completed(officer_of(polres), course, at=YESTERDAY)
    assert unanswered_course_versions() == []
    second = with_a_lesson_more(page)
    assert unanswered_course_versions() == [second]

    requested(second, RedoScope.NOBODY)

    assert unanswered_course_versions() == []
    assert not Duty.objects.exists()


def test_a_shorter_validity_asks_and_another_title_does_not(page, course, polres):
    completed(officer_of(polres), course, at=YESTERDAY)
    page.title = "Judul yang lebih baik"
    page = publish(page)
    assert newest(page).current_version.number == 2
    assert unanswered_course_versions() == []

    page.validity_months = 12
    publish(page)

    assert unanswered_course_versions() == [newest(page).current_version]


def test_a_correction_of_words_afterwards_neither_swallows_the_question_nor_asks_again(page, course, polres):
    completed(officer_of(polres), course, at=YESTERDAY)
    with_a_lesson_more(page)
    page = CoursePage.objects.get(pk=page.pk)
    page.title = "Judul yang lebih baik"
    publish(page)
    third = newest(page).current_version
    assert unanswered_course_versions() == [third]

    requested(third, RedoScope.NOBODY)
    page.summary = "Ringkasan yang lebih baik."
    publish(page)

    assert newest(page).current_version.number == 4
    assert unanswered_course_versions() == []


def test_nobody_is_asked_about_a_course_that_nobody_completed(page, course, polres):
    EnrolmentFactory(officer=officer_of(polres), course=course)
    with_a_lesson_more(page)

    assert unanswered_course_versions() == []


def test_a_version_is_answered_once_with_a_reason_and_days_that_make_sense(page, course, polres):
    completed(officer_of(polres), course, at=YESTERDAY)
    first, second = newest(page).current_version, with_a_lesson_more(page)
    with pytest.raises(RedoRefused, match="lebih baru"):
        requested(first)
    with pytest.raises(RedoRefused, match="sudah mengikuti"):
        requested(second, RedoScope.UNFINISHED)
    with pytest.raises(RedoRefused, match="Tanggal awal"):
        requested(second, since=NOON)
    requested(second)

    with pytest.raises(RedoRefused, match="Sudah dijawab"):
        requested(second, RedoScope.NOBODY)


# --- what it does -----------------------------------------------------------


def test_whoever_completed_the_old_version_owes_a_new_round_and_the_past_stays_as_it_was(page, course, polres, sdm):
    officer = officer_of(polres)
    old = completed(officer, course, at=YESTERDAY)
    ledger = list(CourseCompletion.objects.values())
    second = with_a_lesson_more(page)

    ordered(requested(second), polres, sdm)

    duty = Duty.objects.get(officer=officer)
    assert (duty.cycle, duty.due_at, duty.valid_to) == (2, NOON + 7 * DAY, None)
    assert list(CourseCompletion.objects.values()) == ledger
    assert CourseCompletion.objects.in_force(at=TOMORROW).get() == old
    # The new round asks for both lessons and ends in a completion of its own, under the new version.
    begun = start_course(officer=officer, course=newest(page), actor=officer.user, at=NOON)
    assert progress_of(begun, newest(page)).total == 2
    new = completed(officer, newest(page), at=TOMORROW)
    assert (new.cycle, new.course_version) == (2, second)
    assert list(CourseCompletion.objects.filter(pk=old.pk).values()) == ledger
    assert Duty.objects.get(officer=officer).ended_as == "completed"


def test_only_those_meant_are_asked(page, course, polres, sdm):
    long_ago = completed(officer_of(polres), course, at=NOON - 400 * DAY).officer
    meant = completed(officer_of(polres), course, at=YESTERDAY).officer
    after = completed(officer_of(polres), course, at=NOON).officer
    elsewhere = completed(officer_of(UnitFactory()), course, at=YESTERDAY).officer
    owing = completed(officer_of(polres), course, at=YESTERDAY).officer
    DutyFactory(officer=owing, course=course, cycle=2)
    unfinished = EnrolmentFactory(officer=officer_of(polres), course=course).officer
    second = with_a_lesson_more(page)
    with_new = completed(officer_of(polres), newest(page), at=NOON - DAY / 2).officer

    reach = reach_of(CourseRedo(second, RedoScope.EVERYONE, NOON, None, NOON - 30 * DAY), at=NOON)
    order = ordered(requested(second, since=NOON - 30 * DAY), polres, sdm)

    assert (reach.completed, reach.unfinished) == (2, 0)
    assert dict(reach.per_unit)["Polres Uji"] == 1
    assert order.officers == 1
    assert [duty.officer for duty in Duty.objects.filter(reason__assignment=order.assignment)] == [meant]
    asked = set(DutyReason.objects.values_list("duty__officer", flat=True))
    assert not asked & {o.pk for o in (long_ago, after, elsewhere, owing, unfinished, with_new)}


def test_who_began_the_next_round_alone_is_asked_for_that_round(page, course, polres, sdm):
    officer = completed(officer_of(polres), course, at=YESTERDAY).officer
    EnrolmentFactory(officer=officer, course=course, cycle=2)

    ordered(requested(with_a_lesson_more(page)), polres, sdm)

    assert Duty.objects.open().get(officer=officer).cycle == 2


def test_with_nobody_to_redo_the_unfinished_follow_the_new_version_all_the_same(page, course, polres, sdm):
    begun = EnrolmentFactory(officer=officer_of(polres), course=course)
    completed(officer_of(polres), course, at=YESTERDAY)
    second = with_a_lesson_more(page)
    requested(second, RedoScope.NOBODY)

    complete_what_a_new_version_freed(at=TOMORROW)

    assert progress_of(begun, newest(page)).total == 2
    assert not Duty.objects.exists()
    assert Enrolment.objects.open().get() == begun


def test_an_ordinary_order_still_leaves_whoever_completed_as_done(page, course, polres, sdm):
    officer = completed(officer_of(polres), course, at=YESTERDAY).officer
    with_a_lesson_more(page)

    assigned(newest(page), polres, actor=sdm)

    assert Duty.objects.get(officer=officer).ended_as == "completed"


def test_twice_changes_nothing_also_after_the_new_round_was_finished(page, course, polres, sdm):
    officer = completed(officer_of(polres), course, at=YESTERDAY).officer
    order = ordered(requested(with_a_lesson_more(page)), polres, sdm)
    redoing.carry_out(order, at=NOON)
    start_course(officer=officer, course=newest(page), actor=officer.user, at=NOON)
    completed(officer, newest(page), at=TOMORROW)

    redoing.carry_out(order, at=TOMORROW)

    assert Duty.objects.filter(officer=officer).count() == 1
    assert DutyReason.objects.count() == 1
    with pytest.raises(RedoRefused, match="sudah diperintahkan"):
        ordered(order.request, polres, sdm, at=TOMORROW)


def test_many_go_through_the_outbox_in_batches(page, course, polres, sdm, monkeypatch):
    monkeypatch.setattr(redoing, "FEW", 3)
    monkeypatch.setattr(redoing, "BATCH", 2)
    for _ in range(5):
        completed(officer_of(polres), course, at=YESTERDAY)
    order = ordered(requested(with_a_lesson_more(page)), polres, sdm)
    assert not Duty.objects.exists()
    entry = OutboxEntry.objects.get(kind=redoing.REDO)

    assert redoing._one_batch(order, at=NOON) == 2
    redoing.carry_out_later(entry.payload)
    redoing.carry_out_later(entry.payload)

    assert Duty.objects.count() == DutyReason.objects.count() == 5
    assert RedoOrder.objects.get().done_at is not None


def test_who_asked_who_ordered_and_whom_it_concerned_is_on_record(page, course, polres, sdm):
    officer = completed(officer_of(polres), course, at=YESTERDAY).officer

    ordered(requested(with_a_lesson_more(page)), polres, sdm)

    assert AuditEvent.objects.get(verb="redo.asked").detail["course"] == course.code
    assert AuditEvent.objects.get(verb="redo.ordered").detail["completed"] == 1
    assert AuditEvent.objects.get(verb="duty.asked_again").subject_id == officer.pk


# --- screens ----------------------------------------------------------------


def test_the_author_is_asked_sdm_orders_and_the_officer_reads_why(page, course, polres, sdm):
    officer = completed(officer_of(polres), course, at=NOON - 3 * DAY).officer
    second = with_a_lesson_more(page)
    trainer = signed_in(author(Role.TRAINER))
    url = reverse("quizzes-redo-course", args=[second.uuid])
    answer = {"scope": "everyone", "before": "2026-11-20", "reason": "Aturan gratifikasi baru"}

    home = trainer.get(reverse("wagtailadmin_home")).content.decode()
    editor = trainer.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Pelatihan yang berubah: siapa yang harus mengulang?" in home
    assert url in home
    assert url in editor
    asking = trainer.get(url)
    assert asking.context["form"]["scope"].value() == "nobody"
    assert "yang belum selesai mengikuti versi ini, seperti biasa" in asking.content.decode()
    assert "1 sudah menyelesaikan" in trainer.post(url, answer).content.decode()
    assert not RedoRequest.objects.exists()
    trainer.post(url, answer | {"pasti": "ya"})
    assert url not in trainer.get(reverse("wagtailadmin_home")).content.decode()

    staff = signed_in(sdm)
    order_url = reverse("redo-order", args=[RedoRequest.objects.get().uuid])
    assert "semua yang selesai sebelum 20 November 2026" in staff.get(reverse("redo-requests")).content.decode()
    assert "1 personel di Polres Uji" in staff.get(order_url, {"unit": polres.pk}).content.decode()
    assert not Duty.objects.exists()
    staff.post(order_url, {"unit": polres.pk, "due_on": "2026-12-01", "order_number": "Sprin/9", "issuer": "Kapolres"})

    why = signed_in(officer.user).get(course.url).content.decode()
    assert "Mengapa saya mendapat ini?" in why
    assert "Mengulang karena pelatihan berubah: Aturan gratifikasi baru" in why
    assert "Sprin/9" in why
    assert "1 Desember 2026" in why


def test_only_who_writes_or_reviews_content_answers(page, course, polres, sdm):
    completed(officer_of(polres), course, at=YESTERDAY)
    url = reverse("quizzes-redo-course", args=[with_a_lesson_more(page).uuid])

    answer = signed_in(sdm).post(url, {"scope": "nobody"})

    assert answer.status_code in (302, 403)
    assert not RedoRequest.objects.exists()
