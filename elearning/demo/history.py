"""What the invented people did: orders, lessons read, attempts, completions, certificates, one revocation."""

from datetime import date, datetime, timedelta
from random import Random

from courses.models import Course, ItemKind
from enrolments import services as learning
from enrolments.assignment import AssignmentRule
from enrolments.models import Assignment, Duty, Enrolment, ItemCompletion
from organisation.models import Officer, ServiceFunction, Unit
from programmes.models import Activity, Period, Programme
from quizzes.models import Attempt, QuizVersion, Response
from quizzes.services.sitting import start_attempt
from quizzes.services.submitting import submit_attempt

from .people import NEIGHBOUR, POLRESTA, SEED

# How many of a unit's officers finish: the heat map has weak and strong spots.
DILIGENCE = {
    "PC-SPKT": 0.94, "PC-BAGSDM": 0.92, "PC-SATINTELKAM": 0.85, "PC-SIWAS": 0.9, "PC-SIPROPAM": 0.75, "PC-SIDOKKES": 0.7,
    "PC-SATRESKRIM": 0.55, "PC-SATLANTAS": 0.48, "PC-SATBINMAS": 0.62, "POLSEK-BARAT": 0.72, "POLSEK-UTARA": 0.5,
    "POLSEK-TIMUR": 0.34, "POLSEK-PULAU": 0.22,
}  # fmt: skip
USUAL_DILIGENCE = 0.6


def build_programme(*, today: date) -> Activity:
    """The Quick Wins quarter of ``today`` with one activity in the field SDM Unggul."""
    quarter = (today.month - 1) // 3
    programme = Programme.objects.create(code="quick-wins-presisi", name="Quick Wins Presisi")
    starts_on = date(today.year, quarter * 3 + 1, 1)
    beyond = date(today.year + (quarter == 3), (quarter * 3 + 3) % 12 + 1, 1)
    period = Period.objects.create(
        programme=programme,
        name=f"Triwulan {['I', 'II', 'III', 'IV'][quarter]} {today.year}",
        starts_on=starts_on,
        ends_on=beyond - timedelta(days=1),
    )
    return Activity.objects.create(
        period=period, code="P3.2", field="SDM Unggul", name="Pelatihan etika dan komunikasi pelayanan"
    )


class History:
    """Plays the past forward with the platform's own services; ``now`` is the day the demonstration is loaded."""

    def __init__(self, units: dict[str, Unit], people: dict[str, Officer], activity: Activity, *, now: datetime):
        self.units, self.people, self.activity, self.now = units, people, activity, now
        self.chance = Random(SEED)  # noqa: S311
        self.ethics = Course.objects.select_related("current_version").get(code="C1")
        self.talking = Course.objects.select_related("current_version").get(code="C2")

    def play(self) -> None:
        counters = list(ServiceFunction.objects.all())
        everybody = AssignmentRule(unit=self.units[POLRESTA])
        at_counters = AssignmentRule(unit=self.units[POLRESTA], functions=counters)
        orders = [
            self.order(self.ethics, at_counters, "Sprin/118/{}/DIK.2.6./{}", given=52, due=-9, finish=0.95),
            self.order(self.talking, at_counters, "Sprin/131/{}/DIK.2.6./{}", given=33, due=6, finish=0.6),
            self.order(self.ethics, everybody, "Sprin/140/{}/DIK.2.6./{}", given=20, due=14, finish=0.35),
            self.order(
                self.ethics,
                AssignmentRule(unit=self.units[NEIGHBOUR]),
                "Sprin/77/{}/DIK.2.6./{}",
                given=40,
                due=-3,
                finish=0.55,
                by="neighbour sdm",
            ),
        ]
        for order, finish in orders:
            self.learn(order, finish)
        self.known_people()

    def order(
        self, course: Course, rule: AssignmentRule, number: str, *, given: int, due: int, finish: float, by: str = "sdm"
    ) -> tuple[Assignment, float]:
        at = self.now - timedelta(days=given)
        assignment = learning.assign_course(
            actor=self.people[by].user,
            course=course,
            rule=rule,
            # A due day that lies behind us lay ahead of the day of the order.
            due_at=(self.now + timedelta(days=due)).replace(hour=14, minute=59, second=59, microsecond=0),
            order_number=number.format(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"][at.month - 1], at.year),
            issuer="Kapolresta Contoh" if by == "sdm" else "Kapolres Tetangga",
            reason="Peningkatan mutu layanan loket",
            activity=self.activity,
            at=at,
        )
        return assignment, finish

    def learn(self, assignment: Assignment, finish: float) -> None:
        known = {officer.pk for officer in self.people.values()}
        duties = Duty.objects.open().filter(reason__assignment=assignment).exclude(officer__in=known)
        for duty in duties.select_related("officer__user", "course__current_version").order_by("pk"):
            posting = duty.officer.postings.select_related("unit").get(valid_to=None)
            diligence = finish * DILIGENCE.get(posting.unit.code, USUAL_DILIGENCE)
            draw = self.chance.random()
            days = max((self.now - assignment.recorded_at).days - 1, 1)
            begun = assignment.recorded_at + timedelta(days=self.chance.randrange(days), hours=self.chance.randrange(1, 10))
            if draw < diligence:
                self.finish(duty.officer, duty.course, begun=begun)
            elif draw < diligence + 0.15:
                self.begin(duty.officer, duty.course, begun=begun, lessons=self.chance.randrange(1, 5))

    def begin(self, officer: Officer, course: Course, *, begun: datetime, lessons: int) -> Enrolment:
        """Enrol, sit the pre-test and read some lessons."""
        enrolment = learning.start_course(officer=officer, course=course, actor=officer.user, at=begun)
        entries = list(course.current_version.version_items.select_related("item"))
        quizzes = [entry for entry in entries if entry.item.kind == ItemKind.QUIZ]
        if quizzes and not quizzes[0].decides_grade:
            self.sit(enrolment, quizzes[0].item_id, skill=0.35 + 0.3 * self.chance.random(), at=begun)
        read = [entry for entry in entries if entry.item.kind == ItemKind.LESSON][:lessons]
        ItemCompletion.objects.bulk_create(
            ItemCompletion(
                enrolment=enrolment,
                item=entry.item,
                completed_at=begun + timedelta(minutes=25 * step),
                recorded_at=begun + timedelta(minutes=25 * step),
            )
            for step, entry in enumerate(read, start=1)
        )
        return enrolment

    def finish(self, officer: Officer, course: Course, *, begun: datetime) -> Attempt:
        """Read everything and sit the post-test until it is passed, or three times."""
        enrolment = self.begin(officer, course, begun=begun, lessons=99)
        deciding = course.current_version.version_items.get(decides_grade=True)
        skill = 0.55 + 0.42 * self.chance.random()
        for sitting in range(3):
            at = min(begun + timedelta(hours=3 + 20 * sitting), self.now - timedelta(minutes=5))
            attempt = self.sit(enrolment, deciding.item_id, skill=min(skill + 0.12 * sitting, 0.98), at=at)
            if attempt.passed:
                break
        return attempt

    def sit(self, enrolment: Enrolment, item_id: int, *, skill: float, at: datetime) -> Attempt:
        """One attempt in which each answer is right with probability ``skill`` (0..1)."""
        version = QuizVersion.objects.newest().filter(item=item_id).get()
        attempt = start_attempt(version=version, enrolment=enrolment, at=at, chance=self.chance)
        responses = list(attempt.responses.select_related("question").prefetch_related("question__options"))
        for response in responses:
            options = list(response.question.options.all())
            right = [str(option.uuid) for option in options if option.fraction > 0] if response.question.kind == "multiple" else [
                str(max(options, key=lambda option: option.fraction).uuid)
            ]
            response.chosen = right if self.chance.random() < skill else [str(self.chance.choice(options).uuid)]
            response.epoch, response.sequence = 1, 1
            response.saved_at = at + timedelta(seconds=40 * response.position)
        Response.objects.bulk_update(responses, ["chosen", "epoch", "sequence", "saved_at"])
        return submit_attempt(attempt=attempt, at=at + timedelta(minutes=18))

    def known_people(self) -> None:
        """The officer of the tour: one course done, one half way. The new one: nothing begun yet."""
        officer = self.people["officer"]
        self.chance = Random(SEED)  # noqa: S311
        begun = self.now - timedelta(days=18)
        enrolment = self.begin(officer, self.ethics, begun=begun, lessons=99)
        deciding = self.ethics.current_version.version_items.get(decides_grade=True)
        self.sit(enrolment, deciding.item_id, skill=0.4, at=begun + timedelta(hours=3))
        self.sit(enrolment, deciding.item_id, skill=1, at=begun + timedelta(hours=30))
        self.begin(officer, self.talking, begun=self.now - timedelta(days=2), lessons=2)

