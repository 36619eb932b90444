"""Essays waiting in the queue, and people who mark them."""

from organisation.models import Officer, Role, Unit, User
from quizzes.models import Attempt, MarkingTask, QuizVersion
from quizzes.services import claim, compile_quiz, give_marks, save_answer, submit_attempt
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizPageFactory, options_of, question, quiz_item

ANSWER = "Saya minta maaf lebih dahulu, lalu menjelaskan dasar hukumnya."


def essay_version(*, two_markers: bool = False, points: tuple[int, int] = (4, 6), before: tuple = ()) -> QuizVersion:
    """A post-test compiled from a page: the questions of ``before``, then an essay with two criteria."""
    rubric = [
        {"text": "Empati", "points": points[0], "guide": "Pedoman: menyebut perasaan warga"},
        {"text": "Dasar hukum", "points": points[1], "guide": ""},
    ]
    questions = [*before, question("essay", two_markers=two_markers, rubric=rubric)]
    page = QuizPageFactory(questions=questions, shuffle_questions=False, shuffle_options=False)
    page.item = quiz_item(published_course(lessons=0))
    page.save(clean=False)
    return compile_quiz(page=page, actor=UserFactory(), at=NOON)


def essay_waiting(
    version: QuizVersion | None = None, *, unit: Unit | None = None, officer: Officer | None = None, text: str = ANSWER
) -> Attempt:
    """A submitted attempt whose essay, its last question, waits for a marker; all before it is answered rightly."""
    version = version or essay_version()
    officer = officer or (OfficerFactory(posting__unit=unit) if unit else OfficerFactory())
    enrolment = EnrolmentFactory(officer=officer, course=version.item.course)
    attempt = AttemptFactory(version=version, enrolment=enrolment)
    *others, essay = attempt.responses.select_related("question")
    for response in others:
        save_answer(
            attempt=attempt,
            position=response.position,
            sent={"pilihan": options_of(response)[:1]},
            epoch=1,
            sequence=1,
            at=NOON,
        )
    save_answer(attempt=attempt, position=essay.position, sent={"jawaban": [text]}, epoch=1, sequence=1, at=NOON)
    return submit_attempt(attempt=attempt, at=NOON)


def task_of(attempt: Attempt) -> MarkingTask:
    return MarkingTask.objects.get(attempt=attempt, dispute=None, closed_at=None)


def staff(role: Role, unit: Unit) -> User:
    """Somebody with a role over ``unit`` and without anything to learn."""
    return RoleGrantFactory(role=role, unit=unit).user


def mark(task: MarkingTask, marker: User, *points: int, may_decide: bool = False, at=NOON, comment: str = ""):
    """Take the answer and give it points, criterion by criterion."""
    claim(task=task, marker=marker, may_decide=may_decide, at=at)
    criteria = task.response.question.shape["criteria"]
    given = {criterion["uuid"]: str(point) for criterion, point in zip(criteria, points, strict=True)}
    return give_marks(task=task, marker=marker, points=given, comments={}, comment=comment, at=at)
