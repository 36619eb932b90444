"""The marker's pages: a queue, one answer at a time, and nothing that says whose it is."""

import pytest
from django.test import Client
from django.urls import reverse

from organisation.models import Role
from quizzes.models import Mark, MarkingClaim, QuizVersion
from quizzes.services import claim
from tests.clock import NOON
from tests.factories.courses import site_catalog
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.quizzes.marking_scene import ANSWER, essay_version, essay_waiting, mark, staff, task_of
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def unit():
    return UnitFactory(name="Polres Rahasia", short_name="Polres Rahasia")


@pytest.fixture
def trainer(unit):
    return staff(Role.TRAINER, unit)


@pytest.fixture
def desk(client, trainer) -> Client:
    return sign_in(client, trainer)


def fields(task, *points: int, **more: str) -> dict[str, str]:
    criteria = task.response.question.shape["criteria"]
    return {f"poin-{one['uuid']}": str(point) for one, point in zip(criteria, points, strict=True)} | more


def test_the_queue_says_what_waits_how_much_and_since_when(desk, unit):
    version = essay_version()
    for _ in range(3):
        essay_waiting(version, unit=unit)

    page = desk.get(reverse("marking-queue")).content.decode()

    assert "3 jawaban menunggu penilaian" in page
    assert version.item.course.code in page
    assert "21 November 2026 12.00 WIB" in page


def test_the_queue_is_narrowed_to_a_quiz(desk, unit):
    kept, other = essay_version(), essay_version()
    essay_waiting(kept, unit=unit)
    essay_waiting(other, unit=unit)

    page = desk.get(reverse("marking-queue"), {"kuis": kept.item_id}).content.decode()

    assert "1 jawaban menunggu" in page


def test_an_answer_in_somebodys_hands_is_not_counted(desk, unit):
    essay_waiting(unit=unit)
    claim(
        task=task_of(essay_waiting(QuizVersion.objects.get(), unit=unit)),
        marker=staff(Role.TRAINER, unit),
        may_decide=False,
        at=NOON,
    )

    # The lease of NOON is long over by the clock of the machine, so only a living one counts.
    MarkingClaim.objects.update(leased_until="2099-01-01T00:00:00Z")

    assert "1 jawaban menunggu" in desk.get(reverse("marking-queue")).content.decode()


def test_taking_marking_and_going_on_to_the_next(desk, unit):
    version = essay_version()
    attempts = [essay_waiting(version, unit=unit) for _ in range(2)]
    first, second = (task_of(attempt) for attempt in attempts)

    taken = desk.post(reverse("take-answer"), {"soal": first.response.question_id})
    assert taken.url == reverse("mark-answer", args=[first.uuid])
    page = desk.get(taken.url).content.decode()
    assert ANSWER in page
    assert "Pedoman: menyebut perasaan warga" in page

    next_one = desk.post(taken.url, fields(first, 4, 5, komentar="Bagus"))

    assert next_one.url == reverse("mark-answer", args=[second.uuid])
    attempts[0].refresh_from_db()
    assert attempts[0].grade == 90
    assert "Semua sudah dinilai" in desk.post(next_one.url, fields(second, 1, 1), follow=True).content.decode()


def test_missing_points_are_asked_for_and_what_was_filled_in_stays(desk, unit):
    task = task_of(essay_waiting(unit=unit))
    url = reverse("mark-answer", args=[task.uuid])
    desk.get(url)
    first, _second = task.response.question.shape["criteria"]

    page = desk.post(url, {f"poin-{first['uuid']}": "3", "komentar": "Cukup baik"})

    assert page.status_code == 422
    shown = page.content.decode()
    assert "Beri poin untuk kriteria 2: Dasar hukum." in shown
    assert "Cukup baik" in shown
    assert f'name="poin-{first["uuid"]}" value="3" checked' in shown
    assert not Mark.objects.exists()


def test_a_draft_is_kept_for_the_form_and_for_the_script(desk, unit):
    task = task_of(essay_waiting(unit=unit))
    url = reverse("mark-answer", args=[task.uuid])
    desk.get(url)

    kept = desk.post(url, {"komentar": "Satu", "penyusup": "x"}, headers={"Accept": "application/json"})
    assert kept.json()["label"].startswith("Draf tersimpan ")
    assert MarkingClaim.objects.get().draft == {"komentar": "Satu"}

    shown = desk.post(url, {"komentar": "Dua", "apa": "draf"}, follow=True).content.decode()
    assert "Draf tersimpan" in shown
    assert ">Dua</textarea>" in shown


def test_the_script_is_told_when_the_answer_went_to_somebody_else(desk, unit):
    task = task_of(essay_waiting(unit=unit))

    refused = desk.post(
        reverse("mark-answer", args=[task.uuid]), {"komentar": "x"}, headers={"Accept": "application/json"}
    )

    assert refused.status_code == 409
    assert "sedang atau sudah dinilai" in refused.json()["label"]


def test_a_skipped_answer_leads_to_the_next_one(desk, unit):
    version = essay_version()
    first, second = (task_of(essay_waiting(version, unit=unit)) for _ in range(2))
    url = reverse("mark-answer", args=[first.uuid])
    desk.get(url)

    assert desk.post(url, {"apa": "lewati"}).url == reverse("mark-answer", args=[second.uuid])


def test_an_answer_that_is_marked_leads_back_to_the_queue(desk, unit, trainer):
    task = task_of(essay_waiting(unit=unit))
    mark(task, trainer, 4, 6)

    assert desk.get(reverse("mark-answer", args=[task.uuid])).url == reverse("marking-queue")


def test_points_beyond_nine_are_typed(desk, unit):
    task = task_of(essay_waiting(essay_version(points=(9, 10)), unit=unit))

    page = desk.get(reverse("mark-answer", args=[task.uuid])).content.decode()

    assert page.count('type="radio"') == 10
    assert 'max="10"' in page


def test_the_reviewer_who_decides_sees_both_marks_and_no_marker(client, unit):
    attempt = essay_waiting(essay_version(two_markers=True), unit=unit)
    task, markers = task_of(attempt), [staff(Role.TRAINER, unit) for _ in range(2)]
    mark(task, markers[0], 4, 6, comment="Lengkap sekali")
    mark(task, markers[1], 1, 1, comment="Terlalu umum")
    sign_in(client, staff(Role.REVIEWER, unit))

    page = client.get(reverse("mark-answer", args=[task.uuid])).content.decode()

    assert "Lengkap sekali" in page
    assert "Terlalu umum" in page
    assert not [marker for marker in markers if marker.name in page]


def test_the_second_marker_sees_nothing_of_the_first(desk, unit):
    task = task_of(essay_waiting(essay_version(two_markers=True), unit=unit))
    mark(task, staff(Role.TRAINER, unit), 4, 6, comment="Lengkap sekali")

    page = desk.get(reverse("mark-answer", args=[task.uuid])).content.decode()

    assert "Lengkap sekali" not in page
    assert "checked" not in page


def test_nothing_on_a_markers_page_or_in_its_headers_says_whose_answer_it_is(desk, unit):
    officer = OfficerFactory(posting__unit=unit, name="Mawar Anggraini", number="90909090")
    attempt = essay_waiting(officer=officer)
    task = task_of(attempt)
    secrets = ["Mawar", "Anggraini", "90909090", "Polres Rahasia", str(attempt.uuid), str(officer.uuid)]

    for url in (
        reverse("marking-queue"),
        reverse("mark-answer", args=[task.uuid]),
        reverse("blind-sittings"),
    ):
        answer = desk.get(url)
        everything = answer.content.decode() + str(answer.headers) + str(answer.cookies)
        allowed = [str(attempt.uuid)] if url == reverse("blind-sittings") else []
        assert not [secret for secret in secrets if secret not in allowed and secret in everything], url
    blind = desk.get(reverse("blind-sitting", args=[attempt.uuid]))
    assert not [secret for secret in secrets[:4] if secret in blind.content.decode() + str(blind.headers)]


def test_the_officer_reads_points_and_comments_and_is_told_on_the_start_page(client, unit, trainer):
    site_catalog()
    attempt = essay_waiting(unit=unit)
    officer = attempt.enrolment.officer.user
    client.force_login(officer)
    result = reverse("quiz-result", args=[attempt.uuid])
    assert "masih dibaca penilai" in client.get(result).content.decode()

    mark(task_of(attempt), trainer, 3, 4, comment="Sebut pasalnya.")

    assert "Uraian Anda sudah dinilai" in client.get("/").content.decode()
    page = client.get(result).content.decode()
    assert "Uraian Anda sudah dinilai" in page
    assert "7 dari 10 poin" in page
    assert "Sebut pasalnya." in page
    assert trainer.name not in page
    assert "Uraian Anda sudah dinilai" not in client.get("/").content.decode()


def test_the_queue_asks_as_many_queries_for_twenty_answers_as_for_one(desk, unit, django_assert_max_num_queries):
    version = essay_version()
    for _ in range(20):
        essay_waiting(version, unit=unit)

    # Session, user, roles (middleware, page, frame), scope and its third seat, essays, disputes.
    with django_assert_max_num_queries(10):
        desk.get(reverse("marking-queue"))


def test_an_answers_page_asks_few_queries(desk, unit, django_assert_max_num_queries):
    task = task_of(essay_waiting(unit=unit))
    url = reverse("mark-answer", args=[task.uuid])
    desk.get(url)

    with django_assert_max_num_queries(18):
        desk.get(url)


HOSTILE = ["9" * 30, "9" * 5000, "²", "-1", "1e3", "\x00", "'; DROP TABLE quizzes_mark;--", "<script>alert(1)</script>"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_gets_a_sentence_and_never_an_error_of_ours(desk, unit, text):
    attempt = essay_waiting(unit=unit)
    task = task_of(attempt)
    url = reverse("mark-answer", args=[task.uuid])
    desk.get(url)

    answers = [
        desk.post(reverse("take-answer"), {"soal": text}),
        desk.post(reverse("take-answer"), {"sanggahan": text}),
        desk.get(reverse("marking-queue"), {"kuis": text, "page": text}),
        desk.get(reverse("blind-sittings"), {"kuis": text}),
        desk.get(reverse("blind-sitting", args=[attempt.uuid]), {"page": text}),
        desk.get(f"/nilai/terlambat/{'9' * 30}/"),
        desk.post(url, dict.fromkeys(fields(task, 1, 1), text) | {"apa": "draf", "komentar": text}),
        desk.post(url, dict.fromkeys(fields(task, 1, 1), text) | {"komentar": text}),
    ]

    assert all(answer.status_code < 500 for answer in answers)
    assert not Mark.objects.exists()
    assert "<script>alert" not in answers[-1].content.decode()


def test_too_long_a_comment_is_refused_and_kept_on_the_page(desk, unit):
    task = task_of(essay_waiting(unit=unit))
    url = reverse("mark-answer", args=[task.uuid])
    desk.get(url)

    page = desk.post(url, fields(task, 1, 1, komentar="a" * 2001))

    assert page.status_code == 422
    assert "Komentar terlalu panjang: 2001 huruf" in page.content.decode()
