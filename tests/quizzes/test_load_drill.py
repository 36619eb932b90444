"""The drill of make bench-quiz in small: officers at the same time, and a checker of what they were promised."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from benchmarks.quiz_load.checker import checked
from benchmarks.quiz_load.officers import Acknowledged
from benchmarks.quiz_load.people import Person, make_exam, make_people
from organisation.models import User
from quizzes.models import Attempt, Response
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

OFFICERS, SAVES = 10, 10
AS_SCRIPT = {"Accept": "application/json"}


class Sitting:
    """What the checker wants to know of an officer."""

    def __init__(self, exam, person: Person, user) -> None:
        self.exam, self.person = exam, person
        self.client = sign_in(Client(), user)
        self.chance = random.Random(person.number)
        self.attempt, self.submitted = "", False
        self.acknowledged: list[Acknowledged] = []

    def sit(self) -> None:
        try:
            started = self.client.post(reverse("quiz-start", args=[self.exam.item]))
            self.attempt = started.url.split("/")[2]
            self.client.get(started.url, follow=True)
            for sequence in range(1, SAVES + 1):
                self._save(self.chance.randint(1, len(self.exam.questions)), sequence)
            self.submitted = self.client.post(reverse("quiz-submit", args=[self.attempt])).status_code == 302
            # A second tab presses too, and the last save comes once more.
            self.client.post(reverse("quiz-submit", args=[self.attempt]))
        finally:
            connections.close_all()

    def _save(self, position: int, sequence: int) -> None:
        answer = self.exam.questions[position - 1].answer(self.chance)
        sent = {"pilihan": answer, "epoch": 1, "sequence": sequence}
        path = reverse("quiz-question", args=[self.attempt, position])
        for _again in range(self.chance.randint(1, 2)):
            assert self.client.post(path, sent, headers=AS_SCRIPT).json()["state"] == "saved"
        self.acknowledged.append(Acknowledged(position, 1, sequence, answer))


@pytest.fixture
def sat():
    """Ten officers who sat the same exam at the same time."""
    exam = make_exam(last=True)
    people = make_people(exam, OFFICERS)
    sittings = [Sitting(exam, person, User.objects.get(pk=person.number)) for person in people]
    with ThreadPoolExecutor(OFFICERS) as pool:
        list(pool.map(Sitting.sit, sittings))
    return exam, sittings


def test_ten_officers_at_once_lose_nothing_and_double_nothing(sat):
    exam, sittings = sat

    verdict = checked(sittings, exam.version_id)

    assert (verdict.lost, verdict.doubled) == ([], [])
    assert Attempt.objects.filter(submitted_at__isnull=False).count() == OFFICERS


def test_the_checker_sees_a_lost_answer_a_wrong_grade_and_a_second_attempt(sat):
    exam, (first, second, third, *_others) = sat
    promised = first.acknowledged[-1]
    Response.objects.filter(attempt__uuid=first.attempt, position=promised.position).update(sequence=0)
    Attempt.objects.filter(uuid=second.attempt).update(grade=1)
    double = Attempt.objects.get(uuid=third.attempt)
    double.pk, double.uuid, double.number = None, "00000000-0000-4000-8000-000000000000", 2
    double.save()

    verdict = checked([first, second, third], exam.version_id)

    assert any(first.attempt in sentence and "question" in sentence for sentence in verdict.lost)
    assert any(second.attempt in sentence and "grade" in sentence for sentence in verdict.lost)
    assert verdict.doubled == [f"{third.person.number}: 2 attempts"]
