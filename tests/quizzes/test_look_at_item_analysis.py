"""Trainers and reviewers see how questions do, and correct a key in the browser."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from organisation.models import Role
from quizzes import analysis
from quizzes.models import GradeChange, KeyCorrection
from quizzes.services.regrading import continue_regrade
from tests.factories.quizzes import QuizVersionFactory
from tests.quizzes.corrections import LATER, answered, asked, corrected, first_question, right_is, staff
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    # Rolled back and made again, another test's attempts look the same to the cache.
    analysis._worked_out.cache_clear()


@pytest.fixture
def trainer(client):
    return sign_in(client, staff(Role.TRAINER))


def version_with_wrong_key():
    """Twenty-four officers: two thirds pick the second option of the first question, the best among them."""
    version = QuizVersionFactory()
    for _ in range(8):
        answered(version, 1, 0, 0, 0)
        answered(version, 1, 0, 0, 1)
        answered(version, 0, 1, 1, 1)
    return version


def page(client, name, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_list_shows_each_quiz_with_its_figures(trainer):
    version_with_wrong_key()

    shown = page(trainer, "analysis")

    assert "Pos-tes" in shown
    assert ">24</td>" in shown
    assert "2 soal" in shown


def test_the_quiz_page_flags_the_question_whose_wrong_option_beats_the_key(trainer):
    version = version_with_wrong_key()

    shown = page(trainer, "analysis-quiz", version.item.uuid)

    assert "Pilihan salah mengalahkan kunci" in shown
    assert "Daya beda negatif" in shown
    assert shown.index("1. Apa tindakan pertama pada kasus 1?") < shown.index("2. Apa tindakan pertama pada kasus 2?")


def test_the_question_page_shows_what_high_and_low_thirds_chose(trainer):
    version = version_with_wrong_key()

    shown = page(trainer, "analysis-question", version.item.uuid, first_question(version).uuid)

    assert "Sepertiga atas (8)" in shown
    # The key: 8 of all, none of the high third, all of the low one.
    assert 'Semua">8 <span class="muted">(33%)</span></td><td class="num" data-label="Sepertiga atas">0' in shown
    assert 'data-label="Sepertiga bawah">8 <span class="muted">(100%)</span>' in shown


def test_no_name_and_number_of_an_officer_is_on_these_pages(trainer):
    version = version_with_wrong_key()
    officers = [attempt.enrolment.officer for attempt in version.attempts.select_related("enrolment__officer")]
    question = first_question(version).uuid
    shown = page(trainer, "analysis-quiz", version.item.uuid) + page(
        trainer, "analysis-question", version.item.uuid, question
    )

    assert not [officer for officer in officers if officer.name in shown or officer.number in shown]


def test_fewer_than_five_attempts_show_nothing(trainer):
    version = QuizVersionFactory()
    for _ in range(4):
        answered(version, 0, 0, 0, 0)

    assert "Belum cukup percobaan" in page(trainer, "analysis-quiz", version.item.uuid)
    assert "Belum cukup percobaan" in page(trainer, "analysis")
    book = trainer.get(reverse("analysis-quiz-xlsx", args=[version.item.uuid]))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content)))["Data"].values)
    assert rows[1][5:] == (None,) * 7


def test_only_the_first_attempt_of_each_officer_counts_unless_all_are_asked_for(trainer):
    version = QuizVersionFactory()
    for _ in range(6):
        first = answered(version, 1, 1, 1, 1)
        again = answered(version, 0, 0, 0, 0)
        again.enrolment, again.number = first.enrolment, 2
        again.save()

    first_only, every = (
        analysis.analysis_of(analysis.Selection(version.item_id, every_attempt=every)) for every in (False, True)
    )

    assert (first_only.figures.n, first_only.figures.mean) == (6, 0)
    assert (every.figures.n, every.figures.mean) == (12, 50)


def test_the_file_holds_what_the_screen_shows(trainer):
    version = version_with_wrong_key()
    url = reverse("analysis-question-csv", args=[version.item.uuid, first_question(version).uuid])

    lines = b"".join(trainer.get(url).streaming_content).decode().splitlines()

    assert lines[1] == "Tindakan 1 pada kasus 1;Ya;8;33,3%;0;8"
    assert lines[2] == "Tindakan 2 pada kasus 1;Tidak;16;66,7%;8;0"


def test_the_quiz_page_asks_as_many_queries_for_many_attempts_as_for_few(trainer, django_assert_max_num_queries):
    version = version_with_wrong_key()

    with django_assert_max_num_queries(25):
        page(trainer, "analysis-quiz", version.item.uuid)


def test_a_trainer_looks_at_the_effect_asks_and_a_reviewer_approves(trainer, client):
    version = version_with_wrong_key()
    question = first_question(version)
    second = str(question.options.all()[1].uuid)
    url = reverse("correct-key", args=[version.item.uuid, question.uuid])
    form = {"treatment": "key", "kunci": second, "reason": "Aturannya berubah."}

    preview = trainer.post(url, form | {"tindakan": "pratinjau"}).content.decode()
    assert "24 dari 24 hasil berubah" in preview
    assert not KeyCorrection.objects.exists()
    sent = trainer.post(url, form | {"tindakan": "minta"})
    assert "Pemeriksa lain yang harus memutuskannya." in trainer.get(sent.url).content.decode()

    sign_in(client, staff(Role.REVIEWER))
    assert "24 dari 24 hasil berubah" in client.get(sent.url).content.decode()
    done = client.post(sent.url, {"consequence": "keep", "note": "", "putusan": "setuju"}, follow=True)
    assert "Semua percobaan sedang dihitung ulang." in done.content.decode()
    continue_regrade(regrade=KeyCorrection.objects.get().regrade, at=LATER)
    assert GradeChange.objects.count() == 24
    assert "24 hasil berubah" in client.get(sent.url).content.decode()


def test_a_key_that_nothing_satisfies_is_refused_on_the_form(trainer):
    version = QuizVersionFactory(questions=["situational"], draw_count=1)
    question = first_question(version)
    weights = {f"kunci-{option.uuid}": "0,5" for option in question.options.all()}

    shown = trainer.post(
        reverse("correct-key", args=[version.item.uuid, question.uuid]),
        {"treatment": "key", "reason": "x", "tindakan": "pratinjau", **weights},
    ).content.decode()

    assert "tidak ada jawaban yang bernilai penuh" in shown


def test_names_in_the_preview_are_only_those_the_reader_is_in_charge_of(client):
    version = version_with_wrong_key()
    mine = version.attempts.order_by("pk").first().enrolment.officer
    other = version.attempts.order_by("pk").last().enrolment.officer
    trainer = staff(Role.TRAINER)
    from tests.factories.organisation import RoleGrantFactory

    RoleGrantFactory(user=trainer, role=Role.SDM, unit=mine.postings.get().unit)
    sign_in(client, trainer)
    request = asked(first_question(version), right_is(first_question(version), 1))

    shown = client.get(reverse("key-correction", args=[request.uuid])).content.decode()

    assert mine.full_name in shown
    assert other.full_name not in shown


def test_the_officer_reads_why_the_grade_is_another_one(client):
    version = QuizVersionFactory()
    attempt = answered(version, 1, 0, 0, 1)
    corrected(first_question(version), right_is(first_question(version), 1))
    client.force_login(attempt.enrolment.officer.user)

    shown = page(client, "quiz-result", attempt.uuid)

    assert "Nilai Anda dihitung ulang" in shown
    assert "50 → 75" in shown
    assert "Pilihan kedua yang sesuai aturan." in shown


def test_who_keeps_a_pass_is_told_so(client):
    version = QuizVersionFactory()
    attempt = answered(version, 0, 0, 0, 1)
    corrected(first_question(version), right_is(first_question(version), 1))
    client.force_login(attempt.enrolment.officer.user)

    assert "Kelulusan Anda tetap berlaku" in page(client, "quiz-result", attempt.uuid)


def test_time_on_a_question_runs_from_the_save_before_it():
    version = QuizVersionFactory()
    for _ in range(5):
        answered(version, 0, 0, 0, 0)

    found = analysis.analysis_of(analysis.Selection(version.item_id))

    assert [row.figures.seconds for row in found.rows] == [timedelta(minutes=1).seconds] * 4
