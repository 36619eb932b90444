"""What the invented people did: orders, lessons read, attempts, completions, certificates.

Orders and completions go through the platform's services. Enrolments, lessons and answers of hundreds
of people are written in bulk, graded by the platform's own arithmetic, so that it takes seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from courses.models import Course, ItemKind
from enrolments import services as learning
from enrolments.assignment import AssignmentRule, Due
from enrolments.models import Assignment, Duty, Enrolment, ItemCompletion
from foundation import audit
from foundation.formats import roman_month
from organisation.models import Officer, ServiceFunction, Unit
from programmes.models import Activity
from quizzes.drawing import draw
from quizzes.grading import grade_percent, has_passed, rounded
from quizzes.models import Attempt, AttemptEnd, QuizRole, QuizVersion, Response

from .answers import answer_of
from .people import NEIGHBOUR, POLRESTA, SEED

BATCH = 500

# How many of a unit's officers finish: the heat map has weak and strong spots.
DILIGENCE = {
    "PC-SPKT": 0.94,
    "PC-BAGSDM": 0.92,
    "PC-SATINTELKAM": 0.85,
    "PC-SIWAS": 0.9,
    "PC-SIPROPAM": 0.75,
    "PC-SIDOKKES": 0.7,
    "PC-SATRESKRIM": 0.55,
    "PC-SATLANTAS": 0.48,
    "PC-SATBINMAS": 0.62,
    "POLSEK-BARAT": 0.72,
    "POLSEK-UTARA": 0.5,
    "POLSEK-TIMUR": 0.34,
    "POLSEK-PULAU": 0.22,
}
USUAL_DILIGENCE = 0.6


@dataclass
class Past:
    """What one officer did in one course: lessons read, and how well each sitting went (0..1)."""

    officer: Officer
    course: Course
    begun: datetime
    lessons: int
    pretest: float
    posttests: list[float] = field(default_factory=list)


class History:
    """``now`` is the day the demonstration is loaded; everything lies before it.

    ``before`` and ``activity`` are the Quick Wins activities of the quarter before and of this one.
    """

    def __init__(
        self, units: dict[str, Unit], people: dict[str, Officer], before: Activity, activity: Activity, *, now: datetime
    ):
        self.units, self.people, self.before, self.activity, self.now = units, people, before, activity, now
        self.chance = Random(SEED)  # noqa: S311
        self.ethics = Course.objects.select_related("current_version").get(code="C1")
        self.talking = Course.objects.select_related("current_version").get(code="C2")
        self.quizzes = {version.item_id: version for version in QuizVersion.objects.newest()}
        self.questions = {
            version.pk: list(version.questions.prefetch_related("options")) for version in self.quizzes.values()
        }

    def play(self) -> None:
        everybody = AssignmentRule(unit=self.units[POLRESTA])
        at_counters = AssignmentRule(unit=self.units[POLRESTA], functions=list(ServiceFunction.objects.all()))
        neighbours = AssignmentRule(unit=self.units[NEIGHBOUR])
        traffic = AssignmentRule(unit=self.units["PC-SATLANTAS"])
        east = AssignmentRule(unit=self.units["POLSEK-TIMUR"])
        self.last_quarter()
        self.learn(self.order(self.ethics, traffic, 96, given=75, due=-24), finish=0.7)
        self.learn(self.order(self.ethics, at_counters, 118, given=52, due=-9), finish=0.95)
        self.learn(self.order(self.talking, at_counters, 131, given=33, due=6, follows=True), finish=0.6)
        self.learn(self.order(self.talking, east, 135, given=25, due=-2), finish=0.8)
        self.learn(self.order(self.ethics, everybody, 140, given=20, due=14), finish=0.35)
        self.learn(self.order(self.ethics, neighbours, 77, given=40, due=-3, by="neighbour sdm"), finish=0.55)
        self.write(self.known_people())

    def last_quarter(self) -> None:
        """SPKT of both Polres learned ethics in the quarter before; most by its end."""
        period = self.before.period
        given, due = ((self.now.date() - day).days for day in (period.starts_on + timedelta(days=10), period.ends_on))
        for code, number, by in (("PC-SPKT", 52, "sdm"), ("PT-SPKT", 31, "neighbour sdm")):
            rule = AssignmentRule(unit=self.units[code])
            order = self.order(self.ethics, rule, number, given=given, due=-due, by=by, activity=self.before)
            self.learn(order, finish=0.95, within=given - due - 8)

    def order(
        self,
        course: Course,
        rule: AssignmentRule,
        number: int,
        *,
        given: int,
        due: int,
        by: str = "sdm",
        activity: Activity | None = None,
        follows: bool = False,
    ) -> Assignment:
        """An order given ``given`` days ago and due in ``due`` days, 23.59 WIT."""
        at = self.now - timedelta(days=given)
        due_at = (self.now + timedelta(days=due)).replace(hour=14, minute=59, second=59, microsecond=0)
        return learning.assign_course(
            actor=self.people[by].user,
            course=course,
            rule=rule,
            due=Due(at=due_at),
            order_number=f"Sprin/{number}/{roman_month(at, 'Asia/Jayapura')}/DIK.2.6./{at.year}",
            issuer="Kapolresta Contoh" if by == "sdm" else "Kapolres Tetangga",
            reason="Peningkatan mutu layanan loket",
            activity=activity or self.activity,
            at=at,
            follows=follows,
        )

    def learn(self, assignment: Assignment, *, finish: float, within: int = 0) -> None:
        """Let those who owe the order finish, begin or ignore it, as their unit's diligence has it.

        They begin ``within`` so many days; without it, until a few days ago.
        """
        begun_already = Enrolment.objects.filter(course=assignment.course).values("officer")
        duties = Duty.objects.open().filter(reason__assignment=assignment).exclude(officer__in=begun_already)
        duties = duties.exclude(officer__in=[officer.pk for officer in self.people.values()])
        unit_codes = dict(Unit.objects.filter(posting__valid_to=None).values_list("posting__officer", "code"))
        days = within or max((self.now - assignment.recorded_at).days - 4, 1)
        pasts = []
        for duty in duties.select_related("officer__user").order_by("pk"):
            diligence = finish * DILIGENCE.get(unit_codes[duty.officer_id], USUAL_DILIGENCE)
            draw_of_luck = self.chance.random()
            past = Past(
                officer=duty.officer,
                course=self.ethics if assignment.course_id == self.ethics.pk else self.talking,
                begun=assignment.recorded_at
                + timedelta(days=self.chance.randrange(days), minutes=self.chance.randrange(60, 600)),
                lessons=self.chance.randrange(1, 5),
                pretest=0.35 + 0.3 * self.chance.random(),
            )
            if draw_of_luck < diligence:
                skill = 0.6 + 0.38 * self.chance.random()
                past.lessons, past.posttests = 99, [min(skill + 0.15 * sitting, 1) for sitting in range(3)]
            elif draw_of_luck > diligence + 0.15:
                continue
            pasts.append(past)
        self.write(pasts)

    def known_people(self) -> list[Past]:
        """The officer of the tour: one course passed at the second try, one half way. The new one has not begun."""
        officer = self.people["officer"]
        return [
            Past(officer, self.ethics, self.now - timedelta(days=18), 99, 0.5, [0.35, 1]),
            Past(officer, self.talking, self.now - timedelta(days=2), 2, 0.6),
        ]

    def write(self, pasts: Iterable[Past]) -> None:
        """Write what everybody did, then let the platform complete whoever earned it."""
        pasts = list(pasts)
        enrolments = Enrolment.objects.bulk_create(
            [Enrolment(officer=past.officer, course=past.course, started_at=past.begun) for past in pasts], BATCH
        )
        attempts: list[Attempt] = []
        responses: list[Response] = []
        facts: list[ItemCompletion] = []
        earned: list[tuple[datetime, Enrolment]] = []
        for past, enrolment in zip(pasts, enrolments, strict=True):
            entries = list(past.course.current_version.version_items.select_related("item"))
            lessons = [entry for entry in entries if entry.item.kind == ItemKind.LESSON][: past.lessons]
            facts += [
                _fact(enrolment, entry.item_id, past.begun + timedelta(minutes=25 * step))
                for step, entry in enumerate(lessons, start=1)
            ]
            for entry in entries:
                if entry.item.kind != ItemKind.QUIZ:
                    continue
                if self.quizzes[entry.item_id].role == QuizRole.PRACTICE:
                    # Practice is for whoever likes; about every fourth of those who got that far.
                    sittings = [past.posttests[0]] if past.posttests and self.chance.random() < 0.25 else []
                else:
                    sittings = past.posttests if entry.decides_grade else [past.pretest]
                start = past.begun + timedelta(hours=3 if entry.decides_grade else 0)
                for number, skill in enumerate(sittings, start=1):
                    at = min(start + timedelta(hours=20 * (number - 1)), self.now - timedelta(hours=1))
                    attempt, answers = self.sit(enrolment, entry.item_id, number, skill, at)
                    attempts.append(attempt)
                    responses += answers
                    if attempt.passed or (attempt.graded_at and not entry.decides_grade):
                        facts.append(_fact(enrolment, entry.item_id, attempt.submitted_at, attempt))
                    if attempt.passed:
                        earned.append((attempt.submitted_at, enrolment))
                        break
        Attempt.objects.bulk_create(attempts, BATCH)
        for response in responses:
            response.attempt_id = response.attempt.pk
        Response.objects.bulk_create(responses, BATCH)
        ItemCompletion.objects.bulk_create(facts, BATCH)
        audit.record_many(
            audit.event(
                verb="enrolment.started",
                actor=past.officer.user,
                at=past.begun,
                obj=enrolment,
                subject_id=past.officer.pk,
            )
            for past, enrolment in zip(pasts, enrolments, strict=True)
        )
        for at, enrolment in sorted(earned, key=lambda pair: pair[0]):
            learning.complete_course_when_earned(enrolment=enrolment, at=at)

    def sit(
        self, enrolment: Enrolment, item_id: int, number: int, skill: float, at: datetime
    ) -> tuple[Attempt, list[Response]]:
        """One graded attempt in which each answer is right with probability ``skill``; not saved yet."""
        version = self.quizzes[item_id]
        drawn = draw(
            self.questions[version.pk],
            count=version.draw_count,
            min_scenarios=version.min_scenarios,
            shuffle=version.shuffle_questions,
            chance=self.chance,
        )
        ended_at = at + timedelta(minutes=18)
        attempt = Attempt(
            enrolment=enrolment,
            item_id=item_id,
            version=version,
            number=number,
            started_at=at,
            epoch=1,
            submitted_at=ended_at,
            graded_at=ended_at,
            ended_as=AttemptEnd.SUBMITTED,
        )
        responses, graded = [], []
        for position, question in enumerate(drawn, start=1):
            options = list(question.options.all())
            chosen = answer_of(question, skill=skill, chance=self.chance)
            fraction = question.rules.fraction(question.answer_key, chosen)
            graded.append((fraction, question.marks))
            responses.append(
                Response(
                    attempt=attempt,
                    question=question,
                    position=position,
                    option_order=[str(option.uuid) for option in self.chance.sample(options, len(options))],
                    answer=chosen,
                    epoch=1,
                    sequence=1,
                    saved_at=at + timedelta(seconds=40 * position),
                    fraction=None if fraction is None else rounded(fraction, places=5),
                )
            )
        if any(fraction is None for fraction, _marks in graded):
            # Somebody still has to read an essay.
            attempt.graded_at = None
            return attempt, responses
        attempt.grade = grade_percent(graded)
        attempt.passed = None if version.pass_fraction is None else has_passed(graded, version.pass_fraction)
        return attempt, responses


def _fact(enrolment: Enrolment, item_id: int, at: datetime, attempt: Attempt | None = None) -> ItemCompletion:
    return ItemCompletion(
        enrolment=enrolment,
        item_id=item_id,
        completed_at=at,
        recorded_at=at,
        grade=attempt.grade if attempt else None,
        evidence=attempt.uuid if attempt else None,
    )
