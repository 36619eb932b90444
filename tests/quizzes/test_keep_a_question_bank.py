"""Trainers write bank questions, two reviews approve them; they are found, used, withdrawn, never lost."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import TaskState, Workflow
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from courses.exceptions import CompileRefused
from courses.models import Topic
from organisation.models import Role
from quizzes.editorial import set_up_bank
from quizzes.models import BankQuestion, BankUse
from quizzes.services import compile_quiz, refuse_deletion
from tests.clock import NOON
from tests.courses.helpers import author, signed_in
from tests.factories.courses import CourseItemFactory, LegalSourceFactory
from tests.factories.organisation import UserFactory
from tests.factories.quizzes import BankQuestionFactory, QuizPageFactory, drawn, from_bank, question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_second_factor"), pytest.mark.once_on("sqlite")]
BANK = "/admin/snippets/quizzes/bankquestion/"


@pytest.fixture
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def trainer():
    return signed_in(author(Role.TRAINER))


@pytest.fixture
def reviewer():
    return signed_in(author(Role.REVIEWER))


def form(text: str = "Loket buka pukul 08.00.", answer: str = "benar", topic: str = "", **fields) -> dict:
    """What the editor sends for a true/false question."""
    value = {
        "text": rich_text(f"<p>{text}</p>"),
        "image": "",
        "image_alt": "",
        "answer": answer,
        "feedback_true": "",
        "feedback_false": "",
        "feedback": "",
        "explanation": "",
        "topic": topic,
        "difficulty": "hard",
        "marks": "1",
        "legal_source": "",
    }
    return nested_form_data({"title": "", "tags": "", "question": streamfield([("truefalse", value)]), **fields})


def approve(client: Client, bank: BankQuestion):
    state = TaskState.objects.get(workflow_state__object_id=str(bank.pk), status=TaskState.STATUS_IN_PROGRESS)
    return client.post(f"{BANK}workflow/action/{bank.pk}/approve/{state.pk}/", {"comment": ""})


def found(client: Client, query: str = "") -> set[str]:
    page = client.get(f"{BANK}?{query}")
    assert page.status_code == 200
    return {bank.title for bank in page.context["object_list"]}


def test_a_trainer_writes_a_question_and_lists_know_what_is_in_it(trainer):
    Topic.objects.named("antrean")

    trainer.post(f"{BANK}add/", form(topic="antrean", tags="loket, pagi"))

    bank = BankQuestion.objects.get()
    assert (bank.title, bank.kind, bank.topic.slug, bank.difficulty) == (
        "Loket buka pukul 08.00.",
        "truefalse",
        "antrean",
        "hard",
    )
    assert bank.live is False
    assert bank.owner.name
    assert {tag.name for tag in bank.tags.all()} == {"loket", "pagi"}
    assert str(bank.uuid) == bank.question[0].id


def test_a_question_goes_over_both_reviews_and_nobody_publishes_it_directly(trainer, reviewer):
    trainer.post(f"{BANK}add/", form(**{"action-submit": "submit"}))
    bank = BankQuestion.objects.get()
    for client in (trainer, reviewer):
        client.post(f"{BANK}edit/{bank.pk}/", form(**{"action-publish": "publish"}))

    approve(reviewer, bank)
    assert not BankQuestion.objects.get().live
    approve(reviewer, bank)

    bank.refresh_from_db()
    assert bank.live
    assert bank.current_workflow_state is None


def test_a_trainer_approves_nothing(trainer):
    trainer.post(f"{BANK}add/", form(**{"action-submit": "submit"}))
    bank = BankQuestion.objects.get()

    approve(trainer, bank)

    assert bank.current_workflow_task.name == "Pemeriksaan isi"


def test_an_incomplete_question_stays_a_draft_and_is_not_handed_in(trainer):
    trainer.post(f"{BANK}add/", form(answer=""))
    bank = BankQuestion.objects.get()

    page = trainer.post(f"{BANK}edit/{bank.pk}/", form(answer="", **{"action-submit": "submit"}))

    assert page.status_code == 200
    assert bank.current_workflow_state is None
    with pytest.raises(CompileRefused):
        bank.get_latest_revision().publish()


def test_a_draft_of_an_approved_question_changes_nothing_until_it_is_approved(trainer, reviewer):
    trainer.post(f"{BANK}add/", form(**{"action-submit": "submit"}))
    bank = BankQuestion.objects.get()
    approve(reviewer, bank)
    approve(reviewer, bank)

    trainer.post(f"{BANK}edit/{bank.pk}/", form("Loket buka pukul 07.00."))

    stored = BankQuestion.objects.get()
    assert "08.00" in stored.block.value["text"].source
    assert stored.has_unpublished_changes
    assert "07.00" in stored.get_latest_revision_as_object().block.value["text"].source


def test_another_block_in_its_place_is_still_the_same_question(trainer):
    trainer.post(f"{BANK}add/", form())
    before = BankQuestion.objects.get()

    trainer.post(f"{BANK}edit/{before.pk}/", form("Soal yang lain sama sekali."))

    after = BankQuestion.objects.get()
    assert after.uuid == before.uuid
    assert after.question[0].id == str(before.uuid)
    assert "lain" in after.words


def test_a_copy_is_a_question_of_its_own(trainer):
    bank = BankQuestionFactory()
    assert trainer.get(f"{BANK}copy/{bank.pk}/").status_code == 200

    # The form of a copy comes with the id of the block that it was copied from.
    trainer.post(f"{BANK}add/", form() | {"question-0-id": str(bank.uuid)})

    copy = BankQuestion.objects.exclude(pk=bank.pk).get()
    assert copy.question[0].id == str(copy.uuid) != str(bank.uuid)


@pytest.mark.parametrize("role", [Role.SDM, Role.HEAD, Role.ADMINISTRATOR])
def test_people_of_other_rooms_do_not_reach_the_bank(role):
    client = signed_in(author(role))
    bank, page = BankQuestionFactory(), QuizPageFactory()

    for url in (
        BANK,
        f"{BANK}add/",
        f"{BANK}edit/{bank.pk}/",
        f"{BANK}usage/{bank.pk}/",
        f"/admin/kuis/{page.pk}/simpan-ke-bank/",
        f"/admin/kuis/{page.pk}/pengambilan/",
        "/admin/laporan/soal-bank-berubah/",
    ):
        assert client.get(url).status_code in (302, 403), url
    assert client.post(f"/admin/kuis/{page.pk}/terbitkan-ulang/").status_code in (302, 403)


def test_a_reviewer_writes_no_new_questions_and_a_trainer_withdraws_none(trainer, reviewer):
    bank = BankQuestionFactory()

    reviewer.post(f"{BANK}add/", form())
    trainer.post(f"{BANK}unpublish/{bank.pk}/")
    trainer.post(f"{BANK}lock/{bank.pk}/")

    bank.refresh_from_db()
    assert BankQuestion.objects.count() == 1
    assert bank.live
    assert not bank.locked


def test_a_reviewer_withdraws_an_approval(reviewer):
    bank = BankQuestionFactory()
    bank.save_revision().publish()
    assert "Tarik persetujuan" in reviewer.get(f"{BANK}edit/{bank.pk}/").content.decode()

    reviewer.post(f"{BANK}unpublish/{bank.pk}/")

    assert not BankQuestion.objects.get().live


def test_a_locked_question_is_not_written_by_others(trainer, reviewer):
    bank = BankQuestionFactory(live=False)
    bank.save_revision()
    reviewer.post(f"{BANK}lock/{bank.pk}/")

    trainer.post(f"{BANK}edit/{bank.pk}/", form("Soal yang lain."))

    assert "lain" not in BankQuestion.objects.get().words


def test_the_list_is_searched_and_filtered(trainer):
    ethics = Topic.objects.create(name="Etika")
    Topic.objects.create(name="Kode etik", parent=ethics)
    source = LegalSourceFactory()
    text = "<p>Pemohon membawa kuitansi.</p>"
    BankQuestionFactory(title="A", topic="etika", kind="multiple", value={"text": text})
    tagged = BankQuestionFactory(title="B", topic="kode-etik", difficulty="hard")
    tagged.tags.add("loket")
    tagged.save()
    BankQuestionFactory(title="C", value={"legal_source": source}, live=False, owner=UserFactory(name="Ipda Uji"))
    reviewed = BankQuestionFactory(title="D", live=False)
    reviewed.save_revision()
    Workflow.objects.get(name="Isi lalu hukum").start(reviewed, UserFactory())
    owner = BankQuestion.objects.get(title="C").owner

    assert found(trainer) == {"A", "B", "C", "D"}
    assert found(trainer, "q=kuitansi") == {"A"}
    assert found(trainer, "topic=etika") == {"A", "B"}
    assert found(trainer, "topic=kode-etik") == {"B"}
    assert found(trainer, "kind=multiple") == {"A"}
    assert found(trainer, "difficulty=hard") == {"B"}
    assert found(trainer, "tag=loket") == {"B"}
    assert found(trainer, f"owner={owner.pk}") == {"C"}
    assert found(trainer, f"legal_source={source.pk}") == {"C"}
    assert found(trainer, "status=approved") == {"A", "B"}
    assert found(trainer, "status=review") == {"D"}
    assert found(trainer, "status=draft") == {"C"}
    assert found(trainer, "status=approved&difficulty=hard&q=tindakan") == {"B"}


def test_the_list_costs_the_same_for_twenty_questions(trainer, django_assert_max_num_queries):
    for number in range(20):
        bank = BankQuestionFactory(owner=UserFactory(), topic=f"topik-{number}", live=number % 2 == 0)
        bank.save_revision()
        QuizPageFactory(questions=[from_bank(bank)]).save_revision()

    trainer.get(BANK)
    # Session and user (4), rights, menu and grants, the choices of the filters, one count and one query for the rows.
    with django_assert_max_num_queries(30):
        page = trainer.get(BANK).content.decode()

    assert page.count("1 kuis") == 20


def test_the_chooser_finds_by_word_and_topic(trainer):
    BankQuestionFactory(title="A", topic="etika", value={"text": "<p>Pemohon membawa kuitansi.</p>"})
    BankQuestionFactory(title="B", topic="antrean")
    chooser = "/admin/snippets/choose/quizzes/bankquestion/results/"

    by_word = trainer.get(f"{chooser}?q=kuitansi").content.decode()
    by_topic = trainer.get(f"{chooser}?topic=antrean").content.decode()

    assert ">A<" in by_word.replace("\n", "").replace(" ", "")
    assert ">B<" not in by_word.replace("\n", "").replace(" ", "")
    assert ">B<" in by_topic.replace("\n", "").replace(" ", "")


def test_where_a_question_is_used_is_listed_for_drafts_live_pages_and_versions(trainer):
    bank = BankQuestionFactory(topic="antrean")
    draft = QuizPageFactory(title="Kuis draf", questions=[from_bank(bank)])
    draft.save_revision()
    live = QuizPageFactory(title="Kuis terbit", questions=[from_bank(bank)])
    live.save_revision().publish()
    drawing = QuizPageFactory(title="Kuis pengambil", questions=[drawn("antrean", 1)])
    drawing.item = CourseItemFactory(kind="quiz")
    drawing.save(clean=False)
    compile_quiz(page=drawing, actor=UserFactory(), at=NOON)

    page = trainer.get(f"{BANK}usage/{bank.pk}/").content.decode()

    for words in ("Kuis draf", "(draf)", "Kuis terbit", "(terbit dan draf)", "Kuis pengambil", "dapat terambil acak"):
        assert words in page
    assert f"/admin/pages/{draft.pk}/edit/" in page


def test_uses_follow_what_is_saved_and_what_is_live():
    one, other = BankQuestionFactory(), BankQuestionFactory()
    page = QuizPageFactory(questions=[from_bank(one)])
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)

    page.questions[0] = ("from_bank", other)
    page.save_revision()
    while_draft = {use.question: use.where for use in BankUse.objects.all()}
    page.get_latest_revision().publish()
    published = {use.question: use.where for use in BankUse.objects.all()}
    type(page).objects.get(pk=page.pk).unpublish()
    withdrawn = {use.question: use.where for use in BankUse.objects.all()}

    assert while_draft == {one: "terbit", other: "draf"}
    assert published == {other: "terbit dan draf"}
    assert withdrawn == {other: "draf"}


def test_a_used_question_is_not_deleted_and_the_refusal_says_where(trainer):
    bank, free = BankQuestionFactory(title="Dipakai"), BankQuestionFactory(title="Bebas")
    QuizPageFactory(title="Kuis loket", questions=[from_bank(bank)]).save_revision()

    single = trainer.post(f"{BANK}delete/{bank.pk}/", follow=True).content.decode()
    bulk = trainer.post(f"/admin/bulk/quizzes/bankquestion/delete/?id={bank.pk}&id={free.pk}", follow=True)
    trainer.post(f"{BANK}delete/{free.pk}/")

    assert "Soal ini dipakai kuis “Kuis loket”" in single
    assert "Soal ini dipakai kuis “Kuis loket”" in bulk.content.decode()
    assert [left.title for left in BankQuestion.objects.all()] == ["Dipakai"]


def test_the_database_itself_keeps_a_question_that_a_quiz_names_or_a_version_holds():
    named, held = BankQuestionFactory(), BankQuestionFactory(topic="antrean")
    QuizPageFactory(questions=[from_bank(named)]).save_revision()
    page = QuizPageFactory(questions=[drawn("antrean", 1)])
    page.item = CourseItemFactory(kind="quiz")
    page.save(clean=False)
    compile_quiz(page=page, actor=UserFactory(), at=NOON)

    for bank in (named, held):
        with pytest.raises(ProtectedError):
            bank.delete()
    with pytest.raises(Exception, match="1 versi kuis yang sudah terbit"):
        refuse_deletion([held])


def test_the_preview_of_a_bank_question_shows_its_key_only_to_who_asks_for_it():
    bank = BankQuestionFactory(value={"explanation": "Karena begitu."})

    officer = bank.make_preview_request(preview_mode="personel").content.decode()
    key = bank.make_preview_request(preview_mode="kunci").content.decode()

    assert "Apa tindakan pertama Anda?" in officer
    assert "Karena begitu." not in officer
    assert "Karena begitu." in key


def test_the_editor_speaks_of_the_bank_in_the_quiz_page(trainer):
    page = QuizPageFactory(questions=[question(), drawn("antrean", 2)])
    page.save_revision()

    html = trainer.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    assert "Simpan ke bank soal" in html
    assert "Soal bank belum cukup" in html
    assert "Ambil acak dari bank" in html


def test_the_editor_of_a_quiz_asks_the_same_for_fifty_questions_as_for_five(trainer):
    def asked(count: int) -> int:
        page = QuizPageFactory(questions=[question("multiple", topic="antrean") for _ in range(count)])
        page.save_revision()
        with CaptureQueriesContext(connection) as queries:
            assert trainer.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
        return len(queries)

    asked(1)
    assert asked(50) == asked(5)


def test_setting_up_the_bank_again_changes_nothing():
    def counted():
        held = Permission.objects.filter(content_type__app_label="quizzes", codename__endswith="bankquestion")
        return sorted(held.exclude(group=None).values_list("codename", "group__name"))

    before = counted()
    set_up_bank()

    assert counted() == before
    assert not [codename for codename, _group in before if codename.startswith("publish")]
