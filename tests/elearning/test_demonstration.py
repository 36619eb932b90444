"""The demonstration: loaded once, full of life, and every account of its table opens a door."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from certificates.models import Certificate
from enrolments.models import CourseCompletion, Duty, Message, Notice
from enrolments.moves import MOVES
from foundation.models import AuditEvent
from organisation.models import Officer, User
from quizzes.models import BankQuestion, Dispute, LateAnswer, MarkingTask

# The demonstration runs on SQLite.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]


def test_the_demonstration_loads_and_leaves_no_screen_empty(settings):
    settings.DEMO = True
    call_command("load_courses", verbosity=0, stdout=StringIO())
    call_command("load_demo", stdout=StringIO())

    assert Officer.objects.count() > 500
    for rows in (Duty, CourseCompletion, Certificate, BankQuestion, MarkingTask, Dispute, LateAnswer, Message, Notice):
        assert rows.objects.exists(), rows.__name__
    for change in MOVES[:2]:
        assert AuditEvent.objects.filter(verb=change).exists(), change
    shown = StringIO()
    call_command("demo_accounts", "--json", stdout=shown)
    accounts = json.loads(shown.getvalue())
    assert {account["role"] for account in accounts} == {
        "officer",
        "head",
        "sdm",
        "trainer",
        "reviewer",
        "administrator",
    }
    for account in accounts:
        assert User.objects.get(login=account["login"]).check_password(account["password"])
