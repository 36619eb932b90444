"""What is counted beforehand equals the rows, whatever happens to people, duties and the clock."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from certificates.models import Certificate
from certificates.services.issuing import write_certificate
from enrolments import services
from enrolments.corrections import Holder, correct_holder
from enrolments.exceptions import ReliefRefused
from enrolments.jp import set_jp_target
from enrolments.models import Duty
from organisation.models import Unit, Zone
from organisation.services import change_posting, move_unit
from reports import day_counts, marking, recounting
from reports.certificates import valid_certificates
from reports.core import Wanted
from reports.counting import counted
from reports.jp import jp_totals
from reports.models import CountMark, CountRow, UnitCount
from reports.proving import differences
from reports.quick_wins.counted import CountedBoard, board_of
from reports.recounting import recount_marked
from reports.scope import scope_of
from tests.clock import NOON
from tests.examples import examples
from tests.factories.certificates import issued
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, RankFactory, ServiceFunctionFactory, UnitFactory, UserFactory
from tests.factories.programmes import ActivityFactory
from tests.factories.reliefs import exempted

from .counts import assert_equal_rows
from .scenes import busy_polres, owes, polres

DAY = timedelta(days=1)


def assert_counts_equal_rows(actor, *, at, units=()):
    assert_equal_rows(scope_of(actor, at=at), units)


@pytest.mark.django_db
def test_the_figures_of_a_polres_are_those_of_its_rows():
    here = busy_polres()

    assert_counts_equal_rows(here.sdm, at=NOON, units=[here.satlantas, here.polsek])


@pytest.mark.django_db
def test_nothing_is_counted_twice_while_nothing_changes(django_assert_num_queries):
    here = busy_polres()
    scope = scope_of(here.sdm, at=NOON)
    counted(scope, Wanted(unit=here.unit))

    with django_assert_num_queries(2):  # the marks with what the clock changed, the figures
        counted(scope, Wanted(unit=here.unit)).figures()


@pytest.mark.django_db
def test_a_date_that_passes_makes_late_without_counting_anew():
    here = busy_polres()
    counted(scope_of(here.sdm, at=NOON), Wanted(unit=here.unit))

    assert_counts_equal_rows(here.sdm, at=NOON + 8 * DAY)
    assert set(UnitCount.objects.values_list("counted_at", flat=True)) == {NOON}


@pytest.mark.django_db
def test_who_arrives_tomorrow_is_counted_tomorrow_though_nothing_is_written_then():
    here = busy_polres()
    officer = here.officers["Dewi"]
    posting = officer.postings.get()
    change_posting(
        officer=officer,
        unit=here.polsek,
        rank=posting.rank,
        post="",
        functions=[],
        valid_from=NOON + DAY,
        actor=UserFactory(),
        at=NOON,
    )
    assert_counts_equal_rows(here.sdm, at=NOON, units=[here.satlantas, here.polsek])

    assert not CountMark.objects.exists()
    assert_counts_equal_rows(here.sdm, at=NOON + 2 * DAY, units=[here.satlantas, here.polsek])


@pytest.mark.django_db
def test_certificates_in_force_are_those_of_the_register_on_every_day_until_the_last_has_ended():
    here = busy_polres()
    officers = list(here.officers.values())[:4]
    certificates = [issued(officer, rendered=True, at=NOON - age * DAY) for age, officer in enumerate(officers)]

    def in_force(at):
        scope = scope_of(here.sdm, at=at)
        found = [valid_certificates(scope, Wanted(), counts)[0] for counts in (counted(scope, Wanted()), None)]
        assert found[0] == found[1]
        return found[0]

    before = in_force(NOON)
    Certificate.objects.filter(pk=certificates[0].pk).update(revoked_at=NOON)
    Certificate.objects.filter(pk=certificates[1].pk).update(expires_at=None)
    Certificate.objects.filter(pk=certificates[2].pk).update(expires_at=NOON + 40 * DAY)

    assert (before, [in_force(NOON + day * DAY) for day in (0, 39, 40, 41, 2_000)]) == (4, [3, 3, 2, 2, 1])
    assert not any(words for _unit, words in differences(at=NOON + 41 * DAY))


@pytest.mark.django_db
def test_a_certificate_corrected_to_another_unit_is_in_force_there_and_not_where_it_was():
    here = busy_polres()
    citra = here.officers["Citra"]
    certificate = issued(citra, rendered=True, at=NOON)
    change_posting(officer=citra, unit=here.unit, rank=RankFactory(), functions=[], actor=here.sdm, at=NOON + DAY)
    recount_marked(at=NOON + 2 * DAY)

    completion = correct_holder(
        enrolment=certificate.completion.enrolment,
        holder=replace(Holder.of(certificate.completion), unit=here.polsek),
        actor=here.sdm,
        reason="Satuan keliru",
        at=NOON + 2 * DAY,
    )
    write_certificate(completion=completion, at=NOON + 2 * DAY, replaces=certificate, actor=here.sdm)

    assert (certificate.unit, completion.unit) == (here.satlantas, here.polsek)
    assert_counts_equal_rows(here.sdm, at=NOON + 2 * DAY, units=[here.satlantas, here.polsek, here.unit])


@pytest.mark.django_db
def test_a_change_is_marked_in_its_own_transaction_and_tick_counts_it():
    here = busy_polres()
    recount_marked(at=NOON)
    owes(here.officers["Andi"], here.komunikasi, "late")

    marks = CountMark.objects.count()
    counted_units = recount_marked(at=NOON)

    assert marks
    assert counted_units == 1
    assert not CountMark.objects.exists()
    assert recount_marked(at=NOON) == 0


@pytest.mark.django_db
def test_marks_are_answered_some_at_a_time_however_many_an_order_left(monkeypatch):
    monkeypatch.setattr(day_counts, "VALUES_AT_ONCE", 10)
    here = busy_polres()
    recount_marked(at=NOON)
    CountMark.objects.bulk_create([CountMark(unit_id=here.polsek.pk) for _mark in range(25)])
    most = []

    def count_values(execute, sql, params, many, context):
        if "countmark" in sql:
            most.append(len(params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count_values):
        recount_marked(at=NOON)

    assert not CountMark.objects.exists()
    assert max(most) <= 10


@pytest.mark.django_db
def test_many_marks_are_left_to_tick_and_the_figures_say_from_when_they_are(monkeypatch):
    here = busy_polres()
    recount_marked(at=NOON - DAY)
    monkeypatch.setattr(recounting, "MOST_MARKS", 2)
    for name in ("Andi", "Budi", "Citra"):
        owes(here.officers[name], here.komunikasi, "late", valid_from=NOON)

    def seen():
        found = counted(scope_of(here.sdm, at=NOON), Wanted(unit=here.unit))
        return found.since, found.figures().total

    before = seen()
    recount_marked(at=NOON)

    assert before == (NOON - DAY, 6)
    assert seen() == (None, 9)


@pytest.mark.django_db
def test_units_that_were_never_counted_are_read_from_the_rows_when_they_are_many(monkeypatch):
    here = busy_polres()
    monkeypatch.setattr(recounting, "AT_ONCE", 0)

    assert counted(scope_of(here.sdm, at=NOON), Wanted(unit=here.unit)) is None


@pytest.mark.django_db
def test_the_proof_passes_and_finds_a_count_that_somebody_altered():
    here = busy_polres()
    recount_marked(at=NOON)
    unit_count = Unit.objects.count()

    fine = list(differences(at=NOON))
    CountRow.objects.filter(unit=here.satlantas, kind="c", state="d").update(finals=F("finals") + 1)
    CountRow.objects.filter(unit=here.polsek, kind="c").update(number=99)
    wrong = [unit for unit, words in differences(at=NOON) if words]

    assert (len(fine), [words for _unit, words in fine if words]) == (unit_count, [])
    assert wrong == [here.satlantas, here.polsek]
    UnitCount.objects.update(counted_at=NOON - 9 * DAY)
    with pytest.raises(CommandError):
        call_command("check_counts", stderr=StringIO())


@pytest.mark.django_db
def test_a_second_order_for_the_same_duty_is_counted_in_its_own_period():
    here = busy_polres()
    period = ActivityFactory(period__ends_on=NOON.date() + 9 * DAY).period
    assigned(here.etika, here.polsek, actor=here.sdm, at=NOON)
    recount_marked(at=NOON)

    assigned(here.etika, here.polsek, actor=here.sdm, at=NOON, activity=period.activities.get())

    assert_counts_equal_rows(here.sdm, at=NOON, units=[here.polsek])


@pytest.mark.django_db
def test_a_period_that_got_another_last_day_is_read_from_the_rows_until_tick_has_counted_it():
    here = busy_polres()
    activity = ActivityFactory(period__ends_on=NOON.date() + 9 * DAY)
    assigned(here.komunikasi, here.unit, actor=here.sdm, at=NOON, activity=activity)
    completed(here.officers["Budi"], here.komunikasi, at=NOON + 5 * DAY)
    now, scope = NOON + 6 * DAY, scope_of(here.sdm, at=NOON + 6 * DAY)
    recount_marked(at=now)
    activity.period.ends_on = NOON.date() + 2 * DAY
    activity.period.save()

    def board():
        return board_of(
            scope, Wanted(unit=here.unit), activity.period, [activity], counted(scope, Wanted(unit=here.unit))
        )

    before = board()
    recount_marked(at=now)

    assert not isinstance(before, CountedBoard)
    assert isinstance(board(), CountedBoard)
    assert board().lines() == before.lines()
    assert before.lines()[0].figures.done == 0


@pytest.mark.django_db
def test_another_jp_target_and_another_year_are_counted_anew():
    here = busy_polres()
    completed(here.officers["Andi"], here.komunikasi, at=NOON)
    recount_marked(at=NOON)
    new_year = NOON.replace(year=2027, month=1, day=1)

    each = here.komunikasi.current_version.jp
    set_jp_target(first_year=2026, rank_group="", jp=each, basis="Perkap Uji", actor=here.sdm, at=NOON)
    assert_counts_equal_rows(here.sdm, at=NOON)
    assert jp_totals(scope_of(here.sdm, at=NOON), Wanted(unit=here.unit), 2026).reached == 1

    assert_counts_equal_rows(here.sdm, at=new_year)
    assert jp_totals(scope_of(here.sdm, at=new_year), Wanted(unit=here.unit), 2027).reached == 0


@pytest.mark.django_db
def test_a_unit_that_got_another_clock_is_counted_anew():
    here = busy_polres()
    recount_marked(at=NOON)
    Unit.objects.filter(pk=here.polsek.pk).update(zone=Zone.WIT)

    assert recount_marked(at=NOON) == 1


@pytest.mark.django_db
def test_every_trigger_stands_after_migrating():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}

    assert {name for _table, name in marking.names()} <= there


ACTS = ["order", "finish", "move", "move tomorrow", "leave unit", "exempt", "withdraw", "serve", "look", "tick"]


class Stories(TestCase):
    """Random stories; after each act the counts are the rows, on both databases."""

    @settings(max_examples=examples(4))
    @given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(1, 40)), max_size=9))
    def test_the_counts_are_the_rows_after_whatever_happens(self, acts):
        here = polres()
        other = UnitFactory()
        officers = [here.officer(name, here.satlantas) for name in ("Andi", "Budi", "Citra", "Dewi")]
        courses = [here.etika, here.komunikasi]
        function = ServiceFunctionFactory(code="sim")
        now = NOON
        activity = ActivityFactory(period__ends_on=NOON.date() + 2 * DAY)
        orders = []
        for act, who, hours in acts:
            now += timedelta(hours=hours)
            officer, course = officers[who], courses[who % 2]
            if act == "order":
                due_at = now + timedelta(hours=hours * 3)
                asked = {"activity": activity if hours % 3 else None}
                orders.append(assigned(course, here.unit, actor=here.sdm, at=now, due_at=due_at, **asked))
            elif act == "finish" and Duty.objects.open().filter(officer=officer, course=course).exists():
                completed(officer, course, at=now, grade=80 + who)
            elif act in ("move", "move tomorrow"):
                unit = (here.unit, here.satlantas, here.polsek, other)[hours % 4]
                _go(officer, unit, at=now, valid_from=now + DAY if act == "move tomorrow" else now)
            elif act == "leave unit" and not here.polsek.path.startswith(here.satlantas.path):
                move_unit(unit=here.polsek, parent=here.satlantas, actor=UserFactory(), at=now)
                here.polsek.refresh_from_db()
            elif act == "exempt":
                with suppress(ReliefRefused):
                    exempted(officer, course, at=now)
            elif act == "withdraw" and orders:
                order = orders.pop()
                services.withdraw_assignment(assignment=order, reason="Keliru", actor=order.assigned_by, at=now)
            elif act == "serve":
                officer.postings.latest("valid_from").functions.set([function] if hours % 2 else [])
            elif act == "tick":
                recount_marked(at=now)
            assert_counts_equal_rows(here.sdm, at=now)


def _go(officer, unit, *, at, valid_from):
    posting = officer.postings.filter(valid_to=None).first()
    if posting is None or posting.valid_from >= valid_from:
        return
    change_posting(
        officer=officer,
        unit=unit,
        rank=posting.rank,
        post="",
        functions=posting.functions.all(),
        valid_from=valid_from,
        actor=UserFactory(),
        at=at,
    )


@pytest.mark.django_db
def test_an_officer_who_stands_nowhere_leaves_no_mark_behind():
    officer, course = OfficerFactory(), published_course()
    owes(officer, course)
    officer.postings.update(valid_to=NOON - DAY)

    recount_marked(at=NOON)

    assert not CountMark.objects.exists()
