"""SDM orders a course for units, ranks, counters and named people."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile

from enrolments import services
from enrolments.assignment import AssignmentRule, Due, preview
from enrolments.exceptions import AssignmentRefused, CourseNotOpen
from enrolments.models import Assignment, DueRule, Duty, DutyReason
from organisation.models import Role
from tests.clock import NOON
from tests.factories.courses import CourseFactory, published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import (
    OfficerFactory,
    RankFactory,
    RoleGrantFactory,
    ServiceFunctionFactory,
    UnitFactory,
)
from tests.factories.reliefs import exempted
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def polres():
    return UnitFactory()


@pytest.fixture
def polsek(polres):
    return UnitFactory(parent=polres)


def owing(course):
    return {duty.officer for duty in Duty.objects.open().filter(course=course)}


def test_an_order_for_a_polres_reaches_its_polsek_and_nobody_beside_it(polres, polsek):
    below = OfficerFactory(posting__unit=polsek)
    OfficerFactory(posting__unit=UnitFactory())
    course = published_course()

    assigned(course, polres)

    assert owing(course) == {below}


def test_only_the_named_counters_are_reached(polres):
    skck, spkt = ServiceFunctionFactory(code="skck"), ServiceFunctionFactory(code="spkt")
    at_skck = OfficerFactory(posting__unit=polres, posting__functions=[skck])
    OfficerFactory(posting__unit=polres, posting__functions=[spkt])
    course = published_course()

    assigned(course, polres, rule=AssignmentRule(unit=polres, functions=[skck]))

    assert owing(course) == {at_skck}


def test_ranks_and_counters_narrow_together(polres):
    skck = ServiceFunctionFactory(code="skck")
    both = OfficerFactory(posting__unit=polres, posting__rank=RankFactory(code="aipda"), posting__functions=[skck])
    OfficerFactory(posting__unit=polres, posting__rank=RankFactory(code="akp"), posting__functions=[skck])
    OfficerFactory(posting__unit=polres, posting__rank=RankFactory(code="aipda"))
    course = published_course()

    assigned(course, polres, rule=AssignmentRule(polres, ranks=[RankFactory(code="aipda")], functions=[skck]))

    assert owing(course) == {both}


def test_a_second_order_adds_a_reason_and_the_earlier_date_to_the_same_duty(polres):
    officer = OfficerFactory(posting__unit=polres)
    course = published_course()
    assigned(course, polres, due_at=NOON + timedelta(days=30))

    assigned(course, polres, due_at=NOON + timedelta(days=3))

    duty = Duty.objects.get(officer=officer)
    assert duty.due_at == NOON + timedelta(days=3)
    assert duty.reasons.count() == 2


def test_a_later_date_of_a_second_order_does_not_move_the_first(polres):
    OfficerFactory(posting__unit=polres)
    course = published_course()
    assigned(course, polres, due_at=NOON + timedelta(days=3))

    assigned(course, polres, due_at=NOON + timedelta(days=30))

    assert Duty.objects.get().due_at == NOON + timedelta(days=3)


def test_who_holds_a_completion_that_counts_is_done_from_the_start(polres):
    officer = OfficerFactory(posting__unit=polres)
    course = published_course()
    completed(officer, course, at=NOON - timedelta(days=10))

    assignment = assigned(course, polres)

    assert Duty.objects.get(officer=officer).is_done
    assert assignment.figures(at=NOON).percent == 100


def test_an_expired_completion_does_not_count_and_opens_the_next_cycle(polres):
    officer = OfficerFactory(posting__unit=polres)
    course = published_course(validity_months=1)
    completed(officer, course, at=NOON - timedelta(days=60))

    assigned(course, polres)

    duty = Duty.objects.open().get(officer=officer)
    assert duty.cycle == 2


def test_the_preview_says_what_the_order_then_does(polres):
    new, owes, done, exempt = (OfficerFactory(posting__unit=polres) for _ in range(4))
    course = published_course()
    assigned(course, polres, rule=AssignmentRule(polres, people=[owes]))
    completed(done, course)
    exempted(exempt, course)
    rule = AssignmentRule(polres)

    reached = preview(rule, course, Due(at=NOON + timedelta(days=7)), at=NOON)
    assignment = assigned(course, polres, rule=rule)

    assert [posting.officer for posting in reached.gains] == [new]
    assert [posting.officer for posting in reached.already_owes] == [owes]
    assert [posting.officer for posting in reached.already_complete] == [done]
    assert [posting.officer for posting in reached.exempt] == [exempt]
    # Who is exempt is counted nowhere.
    assert (assignment.figures(at=NOON).total, reached.total) == (3, 4)


def test_excluded_units_and_people_stay_out_with_all_below(polres, polsek):
    reached, named = OfficerFactory(posting__unit=polres), OfficerFactory(posting__unit=polres)
    OfficerFactory(posting__unit=polsek)
    OfficerFactory(posting__unit=UnitFactory(parent=polsek))
    course = published_course()

    assigned(course, polres, rule=AssignmentRule(polres, excluded_units=[polsek], excluded_people=[named]))

    assert owing(course) == {reached}


def test_posts_are_met_however_they_are_capitalised(polres):
    clerk = OfficerFactory(posting__unit=polres, posting__post="Banit SPKT")
    OfficerFactory(posting__unit=polres, posting__post="Kanit SPKT")
    course = published_course()

    assigned(course, polres, rule=AssignmentRule(polres, posts=["BANIT spkt"]))

    assert owing(course) == {clerk}


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_days_count_from_the_order_and_end_with_the_day_where_the_officer_stands(zone):
    unit = UnitFactory(zone=zone)
    OfficerFactory(posting__unit=unit, posting__valid_from=NOON - timedelta(days=400))
    new_year = datetime(2026, 12, 31, 23, 59, 59, tzinfo=ZoneInfo(zone))

    assigned(published_course(), unit, due=Due(DueRule.POSTED, days=10), at=new_year - timedelta(days=10))

    assert Duty.objects.get().due_at == new_year


def test_undoing_an_order_puts_everything_back(polres):
    new, owed, done, ordered_before = (OfficerFactory(posting__unit=polres) for _ in range(4))
    course = published_course()
    before = [owed, ordered_before]
    assigned(course, polres, rule=AssignmentRule(polres, people=before), due_at=NOON + timedelta(days=30))
    completed(done, course, at=NOON - timedelta(days=10))
    completed(ordered_before, course)
    wrong = assigned(course, polres, due_at=NOON + timedelta(days=2))

    ended = services.undo_assignment(assignment=wrong, reason="Salah pilih", actor=wrong.assigned_by, at=NOON)

    assert ended == 2
    ends = {duty.officer: duty.ended_as for duty in Duty.objects.all()}
    assert ends == {new: "undone", owed: "", done: "undone", ordered_before: "completed"}
    assert Duty.objects.get(officer=owed).due_at == NOON + timedelta(days=30)
    assert wrong.figures(at=NOON).total == 0


def test_an_order_can_be_undone_for_seven_days_only(polres):
    OfficerFactory(posting__unit=polres)
    order = assigned(published_course(), polres)

    with pytest.raises(AssignmentRefused, match="7 hari"):
        services.undo_assignment(
            assignment=order, reason="Salah", actor=order.assigned_by, at=NOON + timedelta(days=7, seconds=1)
        )


# --- the three steps --------------------------------------------------------


@pytest.fixture
def sdm(client, polres, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sign_in(client, RoleGrantFactory(role=Role.SDM, unit=polres).user)
    return client


def whom(unit, **answers) -> dict:
    return {"unit": unit.pk} | answers


def what(course, **answers) -> dict:
    given = {"course": course.pk, "due_rule": "assigned", "due_days": "14"}
    return given | {"order_number": "Sprin/1/XI/2026", "issuer": "Kapolres", "reason": "Mutu loket"} | answers


def test_two_presses_of_the_last_button_give_one_order(sdm, polres):
    OfficerFactory(posting__unit=polres)
    step = sdm.post("/sdm/penugasan/baru/", whom(polres)).url
    step = sdm.post(step, what(published_course())).url

    first, second = sdm.post(step), sdm.post(step)

    assert first.url == second.url
    assert Assignment.objects.count() == 1


def test_a_list_of_numbers_comes_from_a_spreadsheet_and_can_be_corrected(sdm, polres):
    known = OfficerFactory(posting__unit=polres)
    OfficerFactory(posting__unit=polres)
    file = SimpleUploadedFile("daftar.csv", f"NRP;Nama\n{known.number};Budi\n99999999;Siapa\n".encode())

    step = sdm.post("/sdm/penugasan/baru/", whom(polres, file=file)).url
    page = sdm.get(step).content.decode()

    assert "99999999 (baris 2)" in page
    step = sdm.post(step, whom(polres, numbers=known.number)).url
    step = sdm.post(step, what(published_course())).url
    assert "1 personel di 1 satuan akan ditugaskan" in sdm.get(step).content.decode()


def test_a_group_of_ranks_stands_for_all_its_ranks_and_single_ones_join_it(sdm, polres):
    briptu, bripda, iptu, kompol = (RankFactory(code=code) for code in ("briptu", "bripda", "iptu", "kompol"))
    low, lower, single, _out = (
        OfficerFactory(posting__unit=polres, posting__rank=rank) for rank in (briptu, bripda, iptu, kompol)
    )
    course = published_course()
    ranks = ["Iptu", "Bripka", "Brigpol", "Briptu", "Bripda"]

    step = sdm.post("/sdm/penugasan/baru/", whom(polres, rank_groups=["Bintara"], ranks=[iptu.pk])).url
    step = sdm.post(step, what(course)).url
    shown = sdm.get(step).content.decode()
    sdm.post(step)

    assert owing(course) == {low, lower, single}
    assert [rank.short for rank in Assignment.objects.get().ranks.all()] == ranks
    assert "pangkat Iptu, Bripka, Brigpol, Briptu, dan Bripda" in shown


def test_a_post_that_nobody_holds_is_named(sdm, polres):
    OfficerFactory(posting__unit=polres, posting__post="Banit SPKT")

    page = sdm.post("/sdm/penugasan/baru/", whom(polres, posts="Banit SPKT\nBanit SPTK")).content.decode()

    assert "Tidak ada yang menjabat: Banit SPTK" in page


def test_the_check_says_whose_date_comes_earlier(sdm, polres):
    owing, new = OfficerFactory.create_batch(2, posting__unit=polres)
    course = published_course()
    late = datetime(2036, 11, 18, 5, tzinfo=UTC)
    assigned(course, polres, rule=AssignmentRule(polres, people=[owing]), order_number="Sprin/7/I/2026", due_at=late)
    step = sdm.post("/sdm/penugasan/baru/", whom(polres)).url
    step = sdm.post(step, what(course)).url

    page = sdm.get(step).content.decode()

    gains = page.index("Mendapat kewajiban baru: 1 personel")
    clashes = page.index("Berbenturan dengan perintah lain: 1 personel")
    assert gains < page.index(new.full_name) < clashes < page.index(owing.full_name)
    assert "Sprin/7/I/2026 sampai 18 November 2036" in page[page.index(owing.full_name) :]


def test_the_sorts_of_the_check_add_up_to_the_unit(sdm, polres):
    exempt, _new = OfficerFactory.create_batch(2, posting__unit=polres)
    course = published_course()
    exempted(exempt, course)
    step = sdm.post("/sdm/penugasan/baru/", whom(polres)).url
    step = sdm.post(step, what(course)).url

    page = sdm.get(step).content.decode()

    row = page[page.index(f'<th scope="row">{polres.name}') :].partition("</tr>")[0]
    total, *parts = [int(figure) for figure in re.findall(r">(\d+)</td>", row)]
    assert (total, sum(parts), len(parts)) == (2, 2, 5)


def test_nobody_opens_the_draft_of_somebody_else(sdm, polres, client):
    step = sdm.post("/sdm/penugasan/baru/", whom(polres)).url
    sign_in(client, RoleGrantFactory(role=Role.SDM, unit=polres).user)

    assert client.get(step).status_code == 404


def test_sdm_of_a_neighbour_cannot_order_here(polres):
    OfficerFactory(posting__unit=polres)
    neighbour = RoleGrantFactory(role=Role.SDM, unit=UnitFactory()).user

    with pytest.raises(AssignmentRefused):
        assigned(published_course(), polres, actor=neighbour)


def test_an_order_that_reaches_nobody_is_refused(polres):
    with pytest.raises(AssignmentRefused, match="Tidak ada personel"):
        assigned(published_course(), polres)


def test_a_date_in_the_past_is_refused(polres):
    OfficerFactory(posting__unit=polres)

    with pytest.raises(AssignmentRefused, match="sudah lewat"):
        assigned(published_course(), polres, due_at=NOON)


def test_a_course_that_is_not_published_cannot_be_ordered(polres):
    OfficerFactory(posting__unit=polres)

    with pytest.raises(AssignmentRefused, match="belum terbit"):
        assigned(CourseFactory(), polres)


def test_withdrawing_an_order_ends_what_only_it_asked_for(polres):
    alone, asked_twice, done = (OfficerFactory(posting__unit=polres) for _ in range(3))
    course = published_course()
    order = assigned(course, polres, due_at=NOON + timedelta(days=3))
    assigned(course, polres, rule=AssignmentRule(polres, people=[asked_twice]), due_at=NOON + timedelta(days=9))
    completed(done, course)

    ended = services.withdraw_assignment(assignment=order, reason="Salah satuan", actor=order.assigned_by, at=NOON)

    assert ended == 1
    assert Duty.objects.get(officer=alone).ended_as == "withdrawn"
    assert Duty.objects.get(officer=asked_twice).due_at == NOON + timedelta(days=9)
    assert Duty.objects.get(officer=done).is_done


def test_an_order_from_the_polda_is_not_taken_back_by_the_polres():
    polda = UnitFactory()
    polres = UnitFactory(parent=polda)
    OfficerFactory(posting__unit=polres)
    above = RoleGrantFactory(role=Role.SDM, unit=polda).user
    below = RoleGrantFactory(role=Role.SDM, unit=polres).user
    order = assigned(published_course(), polres, actor=above)

    with pytest.raises(AssignmentRefused, match="satuan atas"):
        services.withdraw_assignment(assignment=order, reason="Angka kami buruk", actor=below, at=NOON)


def test_an_order_of_a_predecessor_is_taken_back_by_the_successor(polres):
    OfficerFactory(posting__unit=polres)
    order = assigned(published_course(), polres)
    order.assigned_by.role_grants.update(valid_to=NOON)
    successor = RoleGrantFactory(role=Role.SDM, unit=polres).user

    ended = services.withdraw_assignment(assignment=order, reason="Salah satuan", actor=successor, at=NOON)

    assert ended == 1


def test_done_stays_counted_under_an_order_that_was_taken_back(polres):
    done, _late = (OfficerFactory(posting__unit=polres) for _ in range(2))
    course = published_course()
    order = assigned(course, polres)
    completed(done, course)

    services.withdraw_assignment(assignment=order, reason="Salah satuan", actor=order.assigned_by, at=NOON)

    figures = order.figures(at=NOON)
    assert (figures.total, figures.done) == (1, 1)


def test_every_figure_of_an_order_is_the_length_of_the_list_under_it(polres):
    done, *_others = (OfficerFactory(posting__unit=polres) for _ in range(5))
    course = published_course()
    order = assigned(course, polres)
    completed(done, course)
    later = NOON + timedelta(days=8)

    figures = order.figures(at=later)
    under = DutyReason.objects.for_assignment(order, seen_from=polres, at=later)
    states = [reason.state(at=later) for reason in under]

    assert figures.total == len(states) == 5
    assert (figures.done, figures.overdue) == (states.count("done"), states.count("overdue")) == (1, 4)


def test_who_was_not_ordered_may_enrol_only_where_the_course_allows_it():
    officer = OfficerFactory()
    closed, open_to_all = published_course(), published_course(self_enrolment=True)

    services.start_course(officer=officer, course=open_to_all, actor=officer.user, at=NOON)

    with pytest.raises(CourseNotOpen):
        services.start_course(officer=officer, course=closed, actor=officer.user, at=NOON)


def test_starting_twice_gives_the_same_enrolment():
    officer = OfficerFactory()
    course = published_course(self_enrolment=True)

    first = services.start_course(officer=officer, course=course, actor=officer.user, at=NOON)
    second = services.start_course(officer=officer, course=course, actor=officer.user, at=NOON)

    assert first == second


def test_the_names_under_an_order_leave_only_after_a_fresh_sign_in(client, polres):
    OfficerFactory(posting__unit=polres)
    order = assigned(published_course(), polres)
    sdm = RoleGrantFactory(role=Role.SDM, unit=polres).user
    Authenticator.objects.create(user=sdm, type=Authenticator.Type.TOTP, data={})
    client.force_login(sdm)

    answer = client.get(f"/sdm/penugasan/{order.uuid}/unduh.xlsx")

    assert answer.url.startswith("/akun/konfirmasi/")
