"""A trainer brings questions in and takes them out, in the CMS and at the server."""

import json
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.images import get_image_model

from courses.models import Topic
from foundation.models import AuditEvent
from organisation.models import Role
from quizzes.content import standing_of
from quizzes.exceptions import QuestionImportRefused
from quizzes.formats import FORMATS
from quizzes.formats.portable import portable
from quizzes.models import BankQuestion, ImportedSitting, QuestionImport, QuizPage
from quizzes.services import export_questions, forget_question_uploads, stage_import, store_reading
from quizzes.services.compiling import problems_of
from quizzes.services.importing import KEPT_FOR, reading_of
from tests.clock import NOON
from tests.courses.helpers import author
from tests.factories.courses import LegalSourceFactory
from tests.factories.old_quiz import fixture
from tests.factories.organisation import OfficerFactory, UserFactory
from tests.factories.questions import picture
from tests.factories.quizzes import ALL_KINDS, BankQuestionFactory, QuizPageFactory, drawn, from_bank, question
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]

TWO = "Laporan gratis. {T}\n\nSiapa menyapa? {=petugas ~tamu}"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def page():
    return QuizPageFactory(questions=[])


@pytest.fixture
def trainer(client):
    return sign_in(client, author(Role.TRAINER))


def draft_of(page) -> list:
    return list(QuizPage.objects.get(pk=page.pk).get_latest_revision_as_object().questions)


def post(client, page, **fields):
    return client.post(
        reverse("quizzes-import"), {"format": "gift", "text": "", "page": page.pk, "topic": ""} | fields, follow=True
    )


def test_a_trainer_pastes_sees_and_imports_into_the_draft(trainer, page):
    shown = post(trainer, page, text=TWO, topic="loket")

    assert "2 soal terbaca, 0 ditolak" in shown.content.decode()
    assert not draft_of(page)
    done = trainer.post(shown.redirect_chain[-1][0], follow=True)

    assert "2 soal kini ada dalam draf" in done.content.decode()
    assert [(child.block_type, child.value["topic"]) for child in draft_of(page)] == [
        ("truefalse", "loket"),
        ("single", "loket"),
    ]
    assert AuditEvent.objects.filter(verb="questions.imported").count() == 1
    assert not QuestionImport.objects.get().storage_name


def test_a_file_is_imported_once_however_often_the_button_is_pressed(trainer, page):
    address = post(trainer, page, text=TWO).redirect_chain[-1][0]

    trainer.post(address)
    trainer.post(address)

    assert len(draft_of(page)) == 2


def test_with_one_refusal_the_table_names_its_line_and_nothing_is_imported(trainer, page):
    shown = post(trainer, page, text=f"{TWO}\n\nUrutkan {{>3 ALL}}")
    text = shown.content.decode()

    assert "2 soal terbaca, 1 ditolak" in text
    assert "Soal mengurutkan tidak termasuk GIFT" in text
    assert "<td>5</td>" in text
    trainer.post(shown.redirect_chain[-1][0])
    assert not draft_of(page)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Pilih berkasnya, atau tempel isinya."),
        ({"text": "x", "file": SimpleUploadedFile("a.txt", b"x")}, "Pilih salah satu"),
        ({"file": SimpleUploadedFile("a.gift", b"\x00\x01\x02")}, "bukan teks"),
        ({"file": SimpleUploadedFile("a.gift", b"a" * (10 * 1024 * 1024 + 1))}, "lebih besar dari 10 MB"),
        ({"format": "xlsx", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}, "rusak"),
        ({"format": "moodle-xml", "text": "<!DOCTYPE a><quiz/>"}, "DOCTYPE"),
    ],
)
def test_what_is_no_file_of_questions_gets_a_sentence_on_the_form(trainer, page, fields, says):
    shown = post(trainer, page, **fields)

    assert shown.status_code == 200
    assert says in shown.content.decode()
    assert not QuestionImport.objects.exists()


def test_an_unknown_legal_source_is_refused_with_its_line(page):
    LegalSourceFactory(code="uu-25-2009")
    reading = reading_of(
        b"// [tag:presisi:legal=uu-25-2009]\nSoal {T}\n\n// [tag:presisi:legal=uu-1]\nSoal {T}", "gift"
    )

    assert [(refusal.line, "uu-1" in refusal.sentence) for refusal in reading.refusals] == [(5, True)]


def test_pictures_become_images_only_when_the_import_is_carried_out(page):
    shown = question("single", image=picture(), image_alt="Loket")
    content = FORMATS["moodle-xml"].write(portable_of(shown)).content
    reading = reading_of(content, "moodle-xml")

    assert not get_image_model().objects.exists()
    store_reading(reading, page=page, topic="", actor=None, at=NOON)

    (child,) = draft_of(page)
    assert child.value["image"] == get_image_model().objects.get()
    assert child.value["image_alt"] == "Loket"


def portable_of(*shown) -> list:
    from quizzes.formats.building import built

    return [built(kind, value, line=1, topic=[value["topic"]]) for kind, value in shown]


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_page_comes_back_as_it_went_out(kind, page):
    first = QuizPageFactory(questions=[question(kind, feedback="Umum", legal_source=LegalSourceFactory())])
    exported = portable(standing_of(first))
    written = FORMATS["xlsx"].write(exported)

    store_reading(reading_of(written.content, "xlsx"), page=page, topic="", actor=UserFactory(), at=NOON)

    draft = QuizPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert portable(standing_of(draft)) == exported


def test_a_locked_page_takes_nothing(page):
    QuizPage.objects.filter(pk=page.pk).update(locked=True)

    with pytest.raises(QuestionImportRefused, match="dikunci"):
        store_reading(reading_of(TWO.encode(), "gift"), page=page, topic="", actor=None, at=NOON)


def test_uploads_that_nobody_confirmed_are_forgotten_after_a_day(page):
    upload = stage_import(
        content=TWO.encode(), file_name="a", format="gift", page=page, topic="", actor=UserFactory(), at=NOON
    )

    assert forget_question_uploads(at=NOON) == 0
    assert forget_question_uploads(at=NOON + KEPT_FOR * 1.1) == 1
    upload.refresh_from_db()
    assert not upload.storage_name


@pytest.mark.parametrize(("role", "status"), [(Role.TRAINER, 200), (Role.REVIEWER, 200), (Role.SDM, 302)])
def test_only_those_who_write_questions_reach_the_screens(client, role, status, page):
    sign_in(client, author(role))

    for name in ("quizzes-import", "quizzes-import-template", "quizzes-export"):
        assert client.get(reverse(name)).status_code == status


def test_nobody_opens_the_upload_of_somebody_else(client, trainer, page):
    address = post(trainer, page, text=TWO).redirect_chain[-1][0]
    sign_in(client, author(Role.TRAINER))

    assert client.get(address).status_code == 404


def test_a_trainer_sees_what_a_format_leaves_behind_before_downloading(trainer):
    page = QuizPageFactory(questions=[question("single"), question("ordering")])

    shown = trainer.get(reverse("quizzes-export"), {"page": page.pk, "format": "gift"}).content.decode()
    file = trainer.get(reverse("quizzes-export-download"), {"page": page.pk, "format": "gift"})

    assert "1 dari 2 soal terbawa" in shown
    assert "GIFT tidak mengenal soal jenis Mengurutkan" in shown
    assert "attachment" in file["Content-Disposition"]
    assert len(FORMATS["gift"].read(file.content).questions) == 1
    assert AuditEvent.objects.filter(verb="questions.exported").count() == 1


# --- commands ---------------------------------------------------------------


def run(*args, **options) -> dict:
    out, status = StringIO(), 0
    try:
        call_command("import_questions", *map(str, args), "--json", stdout=out, **options)
    except SystemExit as end:
        status = end.code
    return json.loads(out.getvalue()) | {"exit": status}


def test_the_command_counts_and_a_dry_run_writes_nothing(page, tmp_path):
    file = tmp_path / "soal.txt"
    file.write_text(TWO)

    answer = run(file, format="gift", dry_run=True)

    assert (answer["exit"], answer["applied"], answer["counts"]["soal"]) == (0, False, 2)
    assert run(file, format="gift", quiz=page.slug)["applied"]
    assert len(draft_of(page)) == 2


def test_the_command_ends_with_status_one_and_the_line_of_each_refusal(page, tmp_path):
    file = tmp_path / "soal.txt"
    file.write_text(f"{TWO}\n\nSoal tanpa jawaban")

    answer = run(file, format="gift", quiz=page.slug)

    assert answer["exit"] == 1
    assert [refusal["line"] for refusal in answer["refusals"]] == [5]
    assert not draft_of(page)


def test_without_a_quiz_the_command_imports_into_the_bank_as_drafts(tmp_path):
    file = tmp_path / "soal.txt"
    file.write_text(TWO)

    answer = run(file, format="gift", topic="loket")

    assert (answer["exit"], answer["applied"], answer["counts"]["soal"]) == (0, True, 2)
    assert [(bank.kind, bank.topic.slug, bank.live) for bank in BankQuestion.objects.order_by("pk")] == [
        ("truefalse", "loket", False),
        ("single", "loket", False),
    ]


def test_the_bank_goes_out_as_it_was_approved(tmp_path):
    approved = BankQuestionFactory(topic="loket")
    BankQuestionFactory(live=False)
    file = tmp_path / "bank.xml"

    call_command("export_questions", format="moodle-xml", output=file)

    reading = FORMATS["moodle-xml"].read(file.read_bytes())
    assert [one.value["text"] for one in reading.questions] == [approved.block.value["text"].source]


def test_a_trainer_imports_into_the_bank_when_no_quiz_is_chosen(trainer):
    shown = trainer.post(
        reverse("quizzes-import"), {"format": "gift", "text": TWO, "page": "", "topic": ""}, follow=True
    )
    done = trainer.post(shown.redirect_chain[-1][0], follow=True)

    assert "Soal masuk ke bank soal sebagai draf." in shown.content.decode()
    assert "2 soal kini menjadi draf di bank soal" in done.content.decode()
    assert BankQuestion.objects.filter(live=False).count() == 2


def test_the_command_says_that_a_quiz_is_not_there(tmp_path):
    file = tmp_path / "soal.txt"
    file.write_text(TWO)

    with pytest.raises(CommandError, match="tidak ada"):
        call_command("import_questions", str(file), format="gift", quiz="tidak-ada")


def test_the_export_command_writes_a_file_and_lists_what_is_left_behind(tmp_path):
    page = QuizPageFactory(questions=[question("single"), question("essay")])
    file, errors = tmp_path / "soal.txt", StringIO()

    call_command("export_questions", format="aiken", quiz=page.slug, output=file, stderr=errors)

    assert b"ANSWER: A" in file.read_bytes()
    assert "soal 2" in errors.getvalue()


def test_the_old_application_becomes_a_draft_quiz_and_history_that_repeats_nothing(page, tmp_path):
    officer = OfficerFactory(number="85010001")
    file = tmp_path / "lama.json"
    file.write_text(json.dumps(fixture()))

    answer = run(file, format="django-quiz-app", quiz=page.slug)
    again = run(file, format="django-quiz-app", quiz=page.slug)

    assert (answer["counts"]["kuis"], answer["counts"]["riwayat"], answer["counts"]["riwayat_cocok"]) == (1, 2, 1)
    assert again["counts"]["riwayat"] == 0
    quiz = QuizPage.objects.get(title="Etika dasar", slug="etika-dasar")
    assert (quiz.live, quiz.pass_mark, quiz.max_attempts, quiz.draw_count) == (False, 60, 1, 2)
    assert len(quiz.questions) == 3
    assert not draft_of(page)
    assert officer.imported_sittings.get().percent == 67
    assert ImportedSitting.objects.unmatched().get().name == "Ani Tamu"


def test_the_page_of_a_trainer_leaves_the_results_of_people_alone(trainer, page):
    file = SimpleUploadedFile("lama.json", json.dumps(fixture()).encode())

    shown = post(trainer, page, format="django-quiz-app", file=file)

    assert "2 hasil lama dalam berkas ini tidak dibawa" in shown.content.decode()
    trainer.post(shown.redirect_chain[-1][0])
    assert not ImportedSitting.objects.exists()
    assert QuizPage.objects.filter(slug="etika-dasar").exists()


def test_the_template_can_be_downloaded_and_opened(trainer):
    import openpyxl

    file = trainer.get(reverse("quizzes-import-template"))

    assert openpyxl.load_workbook(BytesIO(file.content)).sheetnames[0] == "Soal"


def test_the_category_of_an_imported_question_becomes_a_topic_of_the_tree(page):
    text = "$CATEGORY: Pelayanan/Loket SKCK\n\nLaporan gratis. {T}"

    store_reading(reading_of(text.encode(), "gift"), page=page, topic="", actor=None, at=NOON)

    topic = Topic.objects.get(slug="loket-skck")
    assert (topic.name, topic.parent.name) == ("Loket SKCK", "Pelayanan")
    assert [child.value["topic"] for child in draft_of(page)] == ["loket-skck"]
    assert not problems_of(QuizPage.objects.get(pk=page.pk).get_latest_revision_as_object())


def test_an_export_holds_named_bank_questions_and_says_that_draws_are_left_behind():
    bank = BankQuestionFactory(kind="single")
    page = QuizPageFactory(questions=[from_bank(bank), drawn(bank.topic.slug, 1)])

    written = export_questions(page=page, format="gift")

    assert [unheld.number for unheld in written.unheld if unheld.omitted] == [2]
    assert len(FORMATS["gift"].read(written.content).questions) == 1
