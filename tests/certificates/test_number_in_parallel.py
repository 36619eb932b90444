"""Forty completions at the same moment get the numbers 1 to 40, each once, on both databases."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from certificates import invariants
from certificates.models import Certificate, NumberSeries
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued
from tests.factories.courses import published_course
from tests.factories.enrolments import completed
from tests.factories.organisation import OfficerFactory, UnitFactory

OFFICERS, THREADS = 40, 8


@pytest.mark.django_db(transaction=True)
def test_forty_issues_at_once_leave_no_gap_and_no_double(monkeypatch):
    # The file of each would be set at once by the tests' task queue; here only the numbers matter.
    monkeypatch.setattr("certificates.services.issuing.ask_for_file", lambda certificate, *, at: None)
    unit = UnitFactory()
    UnitLetterheadFactory(unit=unit)
    course = published_course(lessons=1)
    officers = OfficerFactory.create_batch(OFFICERS, posting__unit=unit)
    together = threading.Barrier(THREADS)
    failures = []

    def work(mine):
        try:
            together.wait()
            for officer in mine:
                completed(officer, course, at=NOON, grade=Decimal("80"))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(officers[start::THREADS],)) for start in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    assert sorted(Certificate.objects.values_list("sequence", flat=True)) == list(range(1, OFFICERS + 1))
    assert NumberSeries.objects.get().last_number == OFFICERS
    assert invariants.each_number_is_used_once() == []


def test_a_number_taken_in_a_transaction_that_fails_is_not_lost(db):
    unit = UnitFactory()
    UnitLetterheadFactory(unit=unit)

    with transaction.atomic():
        issued(unit=unit)
        transaction.set_rollback(True)

    assert issued(unit=unit).sequence == 1


def test_a_missing_number_is_named_by_the_check(db):
    certificate = issued()
    NumberSeries.objects.filter(pk=certificate.series_id).update(last_number=2)

    assert "1 dari 2 nomor terpakai" in invariants.each_number_is_used_once()[0]
