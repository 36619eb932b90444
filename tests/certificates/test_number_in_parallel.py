"""200 issues at the same moment, some rolled back, leave every number used, reserved or cancelled exactly once."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from certificates import invariants, services
from certificates.models import Certificate, NumberSeries, SetAsideNumber
from organisation.models import Role
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued, staff
from tests.factories.courses import published_course
from tests.factories.enrolments import completed
from tests.factories.organisation import OfficerFactory, UnitFactory

OFFICERS, THREADS = 200, 8
# Every so many of them the transaction fails after the certificate was written; the registrar works meanwhile.
FAILS, RESERVED, TIMES = 5, 3, 6


@pytest.mark.django_db(transaction=True)
def test_two_hundred_issues_at_once_with_rollbacks_leave_no_gap_and_no_double(monkeypatch):
    # The file of each would be set at once by the tests' task queue; here only the numbers matter.
    monkeypatch.setattr("certificates.services.issuing.ask_for_file", lambda certificate, *, at: None)
    unit = UnitFactory()
    UnitLetterheadFactory(unit=unit)
    sdm = staff(Role.SDM, unit)
    course = published_course(lessons=1, posttest=False)
    issued(unit=unit, course=course)
    series = NumberSeries.objects.get()
    officers = OfficerFactory.create_batch(OFFICERS, posting__unit=unit)
    together = threading.Barrier(THREADS + 1)
    failures = []

    def issue(mine):
        for place, officer in mine:
            with transaction.atomic():
                completed(officer, course, at=NOON)
                if place % FAILS == 0:
                    transaction.set_rollback(True)

    def keep(_none):
        for _time in range(TIMES):
            first = services.reserve(series=series, count=RESERVED, reason="Kertas", actor=sdm, at=NOON)[0]
            services.cancel_number(series=series, sequence=first, reason="Rusak", actor=sdm, at=NOON)

    def work(act, mine):
        try:
            together.wait()
            act(mine)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    numbered = list(enumerate(officers))
    threads = [threading.Thread(target=work, args=(issue, numbered[start::THREADS])) for start in range(THREADS)]
    threads.append(threading.Thread(target=work, args=(keep, None)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    used = list(Certificate.objects.values_list("sequence", flat=True))
    aside = list(SetAsideNumber.objects.values_list("sequence", flat=True))
    # The last reserved numbers may lie beyond the last one given out.
    series.refresh_from_db()
    last = max(used + aside)
    assert sorted(used + aside) == list(range(1, last + 1))
    assert len(used) == 1 + OFFICERS - OFFICERS // FAILS
    assert len(aside) == RESERVED * TIMES
    assert SetAsideNumber.objects.exclude(cancelled_at=None).count() == TIMES
    assert series.last_number == max(used)
    assert invariants.each_number_is_used_once() == []


def test_the_year_changes_on_the_clock_of_the_unit(db):
    far = UnitFactory(zone="Asia/Jayapura")
    UnitLetterheadFactory(unit=far)
    new_year = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)

    old, new = issued(unit=far, at=NOON), issued(unit=far, at=new_year)

    assert (old.series.year, new.series.year) == (2026, 2027)
    assert new.number == "Sertif/1/I/DIK.2.6./2027"


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

    assert "1 dari 2 nomor terpakai, dipesan, atau dibatalkan" in invariants.each_number_is_used_once()[0]
