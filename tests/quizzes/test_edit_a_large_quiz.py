"""The editor builds a question's fields when it is opened; what was not opened is saved as it was, byte for byte."""

import json

import pytest
import wagtail_factories
from django.core.exceptions import SuspiciousOperation
from playwright.sync_api import expect

from courses.models import LegalSource
from organisation.models import Role
from quizzes.blocks import QUESTION_BLOCKS
from quizzes.models import QuizPage
from tests.browser import DESK
from tests.factories.courses import LegalSourceFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.quizzes import ALL_KINDS, OWN_ANSWERS, QuizPageFactory, question
from tests.journeys.steps import arrive

pytestmark = pytest.mark.once_on("sqlite")

BLOCKS = dict(QUESTION_BLOCKS)


def every_kind(**fields) -> list:
    return [question(kind, **fields) for kind in ALL_KINDS]


def stored(page: QuizPage) -> list:
    """The questions of the newest draft, as they lie in the database."""
    return json.loads(QuizPage.objects.get(pk=page.pk).get_latest_revision().content["questions"])


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_folded_question_comes_back_as_it_was(kind):
    source, picture = LegalSourceFactory(), wagtail_factories.ImageFactory()
    page = QuizPageFactory(
        questions=[question(kind, legal_source=source, image=picture, image_alt="Denah ruang tunggu", marks=3)]
    )
    child = QuizPage.objects.get(pk=page.pk).questions[0]
    before = child.get_prep_value()["value"]

    folded = child.block.get_form_state(child.value)["folded"]
    value = child.block.value_from_datadict({"q-folded": folded}, {}, "q")

    assert child.block.get_prep_value(value) == before
    assert LegalSource.objects.get() == value["legal_source"]


@pytest.mark.django_db
def test_a_folded_question_that_was_tampered_with_is_refused():
    child = QuizPageFactory(questions=[question()]).questions[0]
    folded = child.block.get_form_state(child.value)["folded"]

    for forged in (folded[:-3] + "abc", "", "x", "eyJ0ZXh0IjoiIn0:1:abc", "\x00"):
        with pytest.raises(SuspiciousOperation):
            child.block.value_from_datadict({"q-folded": forged}, {}, "q")


@pytest.mark.django_db
def test_a_question_that_was_opened_is_read_from_its_fields():
    block = BLOCKS["truefalse"]
    form = {"q-text": "null", "q-answer": "salah", "q-marks": "2", "q-topic": "antrean"}

    value = block.value_from_datadict(form, {}, "q")

    assert (value["answer"], value["marks"], value["topic"]) == ("salah", "2", "antrean")
    assert not block.value_omitted_from_data({"q-folded": "x"}, {}, "q")


def test_answers_stand_right_below_the_text():
    for kind, block in BLOCKS.items():
        names = list(block.child_blocks)
        assert names[0] == "text"
        if kind in OWN_ANSWERS:
            assert names[1] == next(iter(key for key in OWN_ANSWERS[kind] if key != "text")), kind
        assert names.index("image") > names.index("explanation")


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_every_icon_of_the_editor_exists(kind):
    from pathlib import Path

    import wagtail.admin

    icons = Path(wagtail.admin.__file__).parent / "templates" / "wagtailadmin" / "icons"
    assert (icons / f"{BLOCKS[kind].meta.icon}.svg").exists()


@pytest.fixture
def editor(transactional_db, visit, settings):
    """Open the editor of a quiz as its trainer; give the page and the quiz."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False

    def begin(questions: list):
        trainer = OfficerFactory().user
        RoleGrantFactory(user=trainer, role=Role.TRAINER, unit=UnitFactory())
        quiz = QuizPageFactory(questions=questions)
        quiz.save_revision()
        screen = visit(DESK)
        # Wagtail's editor is heavy, and the machine may be busy with other tests.
        screen.set_default_timeout(60_000)
        arrive(screen, trainer)
        screen.goto(f"/admin/pages/{quiz.pk}/edit/")
        expect(screen.locator(".quiz-folded")).to_have_count(len(questions))
        return screen, quiz

    return begin


def save(screen, quiz) -> None:
    drafts = quiz.revisions.count()
    screen.get_by_role("button", name="Simpan draf").click(no_wait_after=True)
    for _wait in range(300):
        if quiz.revisions.count() > drafts:
            return
        screen.wait_for_timeout(100)
    raise AssertionError("the draft was not saved")


@pytest.mark.browser
def test_saving_without_opening_a_question_loses_nothing(editor):
    screen, quiz = editor(every_kind(feedback="Umpan balik umum.", explanation="Karena “asas” & <aturan>."))
    before = stored(quiz)

    screen.locator("#id_title").fill("Judul baru")
    save(screen, quiz)

    assert stored(quiz) == before
    assert QuizPage.objects.get(pk=quiz.pk).get_latest_revision_as_object().title == "Judul baru"


@pytest.mark.browser
def test_looking_into_a_question_is_no_change_and_changing_it_changes_only_that(editor):
    screen, quiz = editor(every_kind())
    before = stored(quiz)
    toggles = screen.locator("[data-streamfield-child] > section > .w-panel__header > [data-panel-toggle]")

    toggles.nth(0).click()
    expect(screen.locator("[name='questions-0-value-options-count']")).to_have_value("4")
    screen.wait_for_timeout(3000)
    assert not screen.evaluate("window.wagtail.app.queryController('w-unsaved').hasEditsValue")

    screen.locator("[name='questions-0-value-explanation']").fill("Pembahasan baru.")
    save(screen, quiz)

    after = stored(quiz)
    assert after[0]["value"].pop("explanation") == "Pembahasan baru."
    before[0]["value"].pop("explanation")
    assert [option["id"] for option in after[0]["value"]["options"]] == [
        option["id"] for option in before[0]["value"]["options"]
    ]
    assert after[1:] == before[1:]


@pytest.mark.browser
def test_a_question_can_be_doubled_moved_and_removed_while_it_is_folded(editor):
    screen, quiz = editor([question("single"), question("gaps"), question("scenario")])
    before = stored(quiz)
    child = screen.locator("[data-streamfield-child]")

    child.nth(2).locator("[data-streamfield-action=DUPLICATE]").first.click()
    child.nth(1).locator("[data-streamfield-action=DELETE]").first.click()
    child.nth(2).locator("[data-streamfield-action=MOVE_UP]").first.click()
    save(screen, quiz)

    after = stored(quiz)
    assert [one["type"] for one in after] == ["scenario", "single", "scenario"]
    assert after[1] == before[0]
    assert after[0]["id"] == before[2]["id"]
    first, second = (one["value"]["scenes"] for one in (after[0], after[2]))
    assert [scene["value"]["name"] for scene in first] == [scene["value"]["name"] for scene in second]
    assert {scene["id"] for scene in first}.isdisjoint(scene["id"] for scene in second)


@pytest.mark.browser
def test_a_new_question_opens_at_once(editor):
    screen, _quiz = editor([question("single")])

    screen.get_by_role("button", name="Sisipkan blok").last.click()
    screen.get_by_role("option", name="Jawaban singkat").click()

    expect(screen.locator("[name='questions-1-value-accepted-count']")).to_be_attached()
