"""Marking by keyboard alone and by touch at 360 px; without a script the same buttons do the same."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from organisation.models import Role
from quizzes.models import Attempt, LateAnswer, Mark, MarkingClaim
from quizzes.services import question_result, submit_attempt
from tests.browser import DESK, PHONE
from tests.clock import NOON
from tests.factories.courses import site_catalog
from tests.factories.organisation import UnitFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all
from tests.journeys.steps import arrive
from tests.quizzes.marking_scene import essay_version, essay_waiting, staff, task_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def waiting(unit):
    """Two essays at one question, the older one first."""
    version = essay_version()
    return [task_of(essay_waiting(version, unit=unit)) for _ in range(2)]


def disputed(unit) -> Attempt:
    attempt = AttemptFactory(version=QuizVersionFactory())
    attempt.enrolment.officer.postings.update(unit=unit)
    answer_all(attempt, right=2)
    attempt = submit_attempt(attempt=attempt, at=NOON)
    actor = attempt.enrolment.officer.user
    question_result(attempt=attempt, actor=actor, position=3, text="Sesuai materi 3.", at=NOON)
    LateAnswer.objects.create(
        response=attempt.responses.get(position=4),
        answer=[],
        epoch=2,
        sequence=1,
        received_at=NOON + timedelta(minutes=9),
    )
    return attempt


def test_two_essays_are_marked_by_keyboard_alone(desk, unit, waiting):
    arrive(desk, staff(Role.TRAINER, unit))
    desk.goto(reverse("marking-queue"))
    desk.get_by_role("button", name="Nilai").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{reverse('mark-answer', args=[waiting[0].uuid])}")

    for key in ("4", "5", "Enter"):
        desk.keyboard.press(key)
    desk.wait_for_url(f"**{reverse('mark-answer', args=[waiting[1].uuid])}")
    # Back over both comments to the points: the arrow corrects them, Enter there saves too.
    for key in ("3", "6", "Shift+Tab", "Shift+Tab", "Shift+Tab", "ArrowLeft", "Enter"):
        desk.keyboard.press(key)
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Tidak ada yang menunggu")

    assert [mark.earned for mark in Mark.objects.order_by("pk")] == [9, 8]


def test_digits_in_a_comment_are_text(desk, unit, waiting):
    arrive(desk, staff(Role.TRAINER, unit))
    desk.goto(reverse("mark-answer", args=[waiting[0].uuid]))

    desk.get_by_label("Komentar keseluruhan").click()
    desk.keyboard.type("Pasal 4")

    assert desk.locator("input[type=radio]:checked").count() == 0
    expect(desk.locator("#draf-tersimpan")).to_contain_text("Draf tersimpan", timeout=20_000)
    assert MarkingClaim.objects.get().draft == {"komentar": "Pasal 4"}
    desk.reload()
    expect(desk.get_by_label("Komentar keseluruhan")).to_have_value("Pasal 4")


def test_by_touch_at_360_pixels(phone, unit, waiting):
    arrive(phone, staff(Role.TRAINER, unit))
    phone.goto(reverse("mark-answer", args=[waiting[0].uuid]))
    for points, criterion in (("2", "Poin kriteria 1"), ("6", "Poin kriteria 2")):
        button = phone.get_by_role("radiogroup", name=criterion).locator("label", has_text=points)
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 48
        button.tap()
    phone.get_by_role("button", name="Simpan nilai").tap()
    phone.wait_for_url(f"**{reverse('mark-answer', args=[waiting[1].uuid])}")

    assert Mark.objects.get().earned == 8


def test_without_script_the_same_buttons_do_the_work(visit, unit, waiting):
    page = visit(PHONE, java_script_enabled=False)
    arrive(page, staff(Role.TRAINER, unit))
    page.goto(reverse("marking-queue"))
    page.get_by_role("button", name="Nilai").click()
    page.get_by_role("radiogroup", name="Poin kriteria 1").locator("label", has_text="4").click()
    page.get_by_role("button", name="Simpan draf").click()
    assert page.locator("input[type=radio]:checked").count() == 1
    page.get_by_role("radiogroup", name="Poin kriteria 2").locator("label", has_text="3").click()
    page.get_by_role("button", name="Simpan nilai").click()

    assert Mark.objects.get().earned == 7


def test_every_page_about_marking_fits_and_is_accessible(visit, fits, unit, waiting):
    site_catalog()
    attempt = disputed(unit)
    late, officer = LateAnswer.objects.get(), attempt.enrolment.officer.user
    tasks = [waiting[0].uuid, attempt.dispute.task.uuid]
    pages = {
        staff(Role.TRAINER, unit): [
            reverse("marking-queue"),
            *(reverse("mark-answer", args=[task]) for task in tasks),
            reverse("blind-sittings"),
            reverse("blind-sitting", args=[attempt.uuid]),
            reverse("blind-late-answers"),
            reverse("blind-late-answer", args=[late.pk]),
        ],
        staff(Role.SDM, unit): [
            reverse("used-up-attempts"),
            reverse("sittings"),
            reverse("sitting", args=[attempt.uuid]),
            reverse("late-answers"),
            reverse("late-answer", args=[late.pk]),
        ],
        officer: ["/", reverse("quiz-result", args=[attempt.uuid])],
    }
    Attempt.objects.filter(pk=attempt.pk).update(news="marked")
    for who, addresses in pages.items():
        page = visit(PHONE)
        arrive(page, who)
        for address in addresses:
            assert page.goto(address).ok, address
            fits(page, PHONE, DESK)
    assert MarkingClaim.objects.held(at=timezone.now()).count() == 2
