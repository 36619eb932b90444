"""SDM asks for an exemption, a later date or a pause; another person decides; the dates follow, and come back."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from enrolments.exceptions import ReliefRefused
from enrolments.models import DueChange, Duty, DutyEnd, DutyReason, Relief, ReliefDocument, ReliefKind
from enrolments.services import end_relief, withdraw_assignment, withdraw_relief
from enrolments.services.returning import keep_clock
from foundation import approvals
from foundation.formats import day_of
from foundation.models import AppendOnlyViolation, AuditEvent
from organisation.models import Role, Zone
from tests.clock import NOON
from tests.enrolments.test_follow_moves import move
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory, assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.reliefs import approver_of, asked, deferred, exempted, paused, relieved, sdm_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WIB = ZoneInfo("Asia/Jakarta")
# The order's date: 30 November 2026, 23.59.59 WIB.
DUE = datetime(2026, 11, 30, 23, 59, 59, tzinfo=WIB)
TODAY = date(2026, 11, 21)
PDF = b"%PDF-1.7 surat"


@pytest.fixture
def officer():
    return OfficerFactory(posting__unit=UnitFactory())


@pytest.fixture
def unit(officer):
    return officer.postings.get().unit


@pytest.fixture
def course():
    return published_course()


def order(course, unit, **answers):
    return assigned(course, unit, **{"due_at": DUE} | answers)


def due_day(officer, course, zone=Zone.WIB):
    return day_of(Duty.objects.open().get(officer=officer, course=course).due_at, zone)


def late(at):
    return {duty.officer for duty in Duty.objects.overdue(at=at)}


# --- pauses -----------------------------------------------------------------


def test_a_pause_moves_everything_the_officer_owes_and_nobody_elses(officer, unit):
    courses = [published_course(), published_course()]
    colleague = OfficerFactory(posting__unit=unit)
    for course in courses:
        order(course, unit)

    paused(officer, date(2026, 11, 23), date(2026, 11, 29), code="operation")

    assert [due_day(officer, course) for course in courses] == [date(2026, 12, 7)] * 2
    assert due_day(colleague, courses[0]) == date(2026, 11, 30)
    assert late(DUE + DAY) == {colleague}


def test_nothing_changes_before_somebody_else_approves(officer, unit, course):
    order(course, unit)
    actor = sdm_of(officer)
    request = asked(officer, ReliefKind.PAUSE, first=TODAY, last=TODAY + 6 * DAY, actor=actor)

    with pytest.raises(approvals.ApprovalRefused, match="Orang lain"):
        approvals.decide(request=request, approved=True, note="", actor=actor, at=NOON)

    assert due_day(officer, course) == date(2026, 11, 30)
    with pytest.raises(approvals.ApprovalRefused, match="tentang Anda"):
        approvals.decide(request=request, approved=True, note="", actor=officer.user, at=NOON)


def test_an_order_given_later_counts_the_days_of_a_pause_that_goes_on(officer, unit, course):
    paused(officer, TODAY, TODAY + 4 * DAY)

    order(course, unit)

    assert due_day(officer, course) == date(2026, 12, 5)


def test_a_second_earlier_order_is_dated_with_the_pause_and_its_withdrawal_gives_the_first_date_back(
    officer, unit, course
):
    order(course, unit)
    paused(officer, date(2026, 11, 23), date(2026, 11, 24))
    second = order(course, unit, due_at=DUE - 5 * DAY)
    assert due_day(officer, course) == date(2026, 11, 27)

    withdraw_assignment(assignment=second, reason="Keliru", actor=second.assigned_by, at=NOON + DAY)

    assert due_day(officer, course) == date(2026, 12, 2)


def test_while_a_pause_without_end_runs_nobody_is_late_and_it_ends_with_the_days_left(officer, unit, course):
    order(course, unit)
    pause = paused(officer, date(2026, 11, 28))
    for month in range(8):
        at = NOON + month * 30 * DAY
        keep_clock(at=at)
        assert late(at + 28 * DAY) == set()

    end_relief(
        relief=pause,
        last=date(2027, 6, 30),
        reason="Kembali",
        actor=sdm_of(officer),
        at=datetime(2027, 6, 30, 12, tzinfo=WIB),
    )

    # 28, 29 and 30 November were left.
    assert due_day(officer, course) == date(2027, 7, 3)
    assert keep_clock(at=datetime(2027, 6, 30, 13, tzinfo=WIB)) == 0


def test_the_dates_of_a_pause_without_end_are_written_once_a_month(officer, unit, course):
    order(course, unit)
    paused(officer, date(2026, 11, 28))

    assert [keep_clock(at=NOON + hours * DAY / 24) for hours in (2, 3, 24)] == [0, 0, 0]
    assert keep_clock(at=datetime(2026, 12, 1, 8, tzinfo=WIB)) == 1


def test_who_was_late_before_the_pause_stays_late(officer, unit, course):
    order(course, unit)
    paused(officer, date(2026, 12, 3), date(2026, 12, 9), at=DUE + DAY)

    assert late(DUE + 4 * DAY) == {officer}


def test_an_early_return_takes_back_the_days_to_come_and_never_those_gone(officer, unit, course):
    order(course, unit)
    pause = paused(officer, date(2026, 11, 20), date(2026, 11, 29))
    actor = sdm_of(officer)

    with pytest.raises(ReliefRefused, match="paling awal kemarin"):
        end_relief(relief=pause, last=date(2026, 11, 22), reason="Kembali", actor=actor, at=NOON + 4 * DAY)
    end_relief(relief=pause, last=date(2026, 11, 24), reason="Kembali", actor=actor, at=NOON + 4 * DAY)

    # From the order on the 21st to the 24th.
    assert due_day(officer, course) == date(2026, 12, 4)
    with pytest.raises(ReliefRefused, match="sudah diakhiri"):
        withdraw_relief(relief=pause, reason="Keliru", actor=actor, at=NOON + 5 * DAY)


def test_a_pause_recorded_by_mistake_is_taken_back_with_every_date(officer, unit, course):
    order(course, unit)
    pause = paused(officer, date(2026, 11, 23), date(2026, 11, 29))

    withdraw_relief(relief=pause, reason="Orang lain", actor=sdm_of(officer), at=NOON + DAY)

    assert due_day(officer, course) == date(2026, 11, 30)
    moves = [
        (change.relief, day_of(change.before, Zone.WIB).day, day_of(change.after, Zone.WIB).day)
        for change in DueChange.objects.all()
    ]
    assert moves == [(pause, 30, 7), (pause, 7, 30)]


def test_a_pause_whose_days_are_over_is_taken_back_when_it_was_of_somebody_else(officer, unit, course):
    order(course, unit)
    pause = paused(officer, date(2026, 11, 23), date(2026, 11, 29))
    keep_clock(at=NOON + 12 * DAY)

    withdraw_relief(relief=pause, reason="Orang lain", actor=sdm_of(officer), at=NOON + 12 * DAY)

    assert due_day(officer, course) == date(2026, 11, 30)
    pause = Relief.objects.get()
    assert (pause.state(at=NOON + 12 * DAY), pause.ending.reason) == ("withdrawn", "Orang lain")


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        # 31 December 2026, 23.59.59 on each clock; the pause begins in the second after.
        (Zone.WIB, datetime(2026, 12, 31, 23, 59, 59, tzinfo=WIB)),
        (Zone.WITA, datetime(2026, 12, 31, 23, 59, 59, tzinfo=ZoneInfo(Zone.WITA))),
        (Zone.WIT, datetime(2026, 12, 31, 23, 59, 59, tzinfo=ZoneInfo(Zone.WIT))),
    ],
)
def test_days_are_those_of_the_officers_unit_at_midnight_of_the_new_year(zone, at, course):
    unit = UnitFactory(zone=zone)
    officer = OfficerFactory(posting__unit=unit)
    order(course, unit, due_at=datetime(2027, 1, 1, 23, 59, 59, tzinfo=ZoneInfo(zone)))

    pause = paused(officer, date(2027, 1, 1), date(2027, 1, 2), at=at)

    assert pause.starts_at == at + timedelta(seconds=1)
    assert (pause.state(at=at), pause.state(at=at + timedelta(seconds=1))) == ("to_come", "running")
    assert pause.state(at=pause.until) == "over"
    assert due_day(officer, course, zone) == date(2027, 1, 3)
    assert pause.when == "1–2 Januari 2027"


# --- deferrals --------------------------------------------------------------


def test_a_deferral_moves_one_duty_and_the_earlier_date_stays_on_record(officer, unit, course):
    other = published_course()
    order(course, unit)
    order(other, unit)

    deferred(officer, course, date(2026, 12, 15), code="study")

    assert (due_day(officer, course), due_day(officer, other)) == (date(2026, 12, 15), date(2026, 11, 30))
    change = DueChange.objects.get()
    assert (change.before, day_of(change.after, Zone.WIB)) == (DUE, date(2026, 12, 15))
    assert DutyReason.objects.get(duty__course=course, duty__officer=officer).assignment.due_at == DUE


def test_an_order_given_after_a_deferral_has_its_own_date(officer, unit, course):
    order(course, unit)
    deferred(officer, course, date(2026, 12, 15))

    order(course, unit, at=NOON + DAY, due_at=DUE + 3 * DAY)

    assert due_day(officer, course) == date(2026, 12, 3)


def test_a_withdrawn_deferral_gives_the_first_date_back(officer, unit, course):
    order(course, unit)
    deferral = deferred(officer, course, date(2026, 12, 15))

    withdraw_relief(relief=deferral, reason="Keliru", actor=sdm_of(officer), at=NOON + DAY)

    assert due_day(officer, course) == date(2026, 11, 30)


# --- exemptions -------------------------------------------------------------


def test_who_is_exempt_is_not_late_and_not_counted(officer, unit, course):
    colleague = OfficerFactory(posting__unit=unit)
    given = order(course, unit)

    exempted(officer, course, code="sick")

    assert Duty.objects.get(officer=officer).ended_as == DutyEnd.EXEMPT
    assert late(DUE + DAY) == {colleague}
    assert given.figures(at=NOON).total == Duty.objects.filter(reason__assignment=given).count() - 1


def test_an_order_given_while_somebody_is_exempt_finds_them_exempt(officer, unit, course):
    exempted(officer, course)

    order(course, unit)

    assert not Duty.objects.open().filter(officer=officer).exists()
    assert Duty.objects.get(officer=officer).state(at=NOON, started=False) == "exempt"


def test_when_an_exemption_runs_out_tick_asks_again_once_with_the_days_left(officer, unit, course):
    order(course, unit, due_at=DUE + 30 * DAY)
    order(course, unit, due_at=DUE + 40 * DAY)
    exempted(officer, course, date(2027, 1, 31))
    over = datetime(2027, 2, 1, 0, 0, tzinfo=WIB)

    assert keep_clock(at=over - timedelta(seconds=1)) == 0
    assert keep_clock(at=over) == 1
    assert keep_clock(at=over) == keep_clock(at=over + 2 * DAY) == 0

    duty = Duty.objects.open().get(officer=officer)
    # 30 December and 71 days and a half, part of a day counting whole.
    assert duty.valid_from == over
    assert duty.reasons.count() == 2
    assert day_of(duty.due_at, Zone.WIB) == date(2027, 3, 12)
    assert AuditEvent.objects.get(verb="relief.ran_out").subject_id == officer.pk


def test_who_comes_back_late_gets_two_weeks(officer, unit, course):
    order(course, unit)
    exemption = exempted(officer, course, at=DUE + DAY)

    end_relief(relief=exemption, last=None, reason="Sembuh", actor=sdm_of(officer), at=DUE + 9 * DAY)

    assert due_day(officer, course) == date(2026, 12, 23)


def test_days_of_a_pause_after_an_exemption_are_given_once(officer, unit, course):
    order(course, unit, due_at=DUE + 30 * DAY)
    exemption = exempted(officer, course)
    paused(officer, date(2026, 11, 25), date(2026, 12, 4))

    end_relief(relief=exemption, last=None, reason="Keliru", actor=sdm_of(officer), at=NOON + 4 * DAY)

    # 30 December, four days exempt, then the pause from the 25th to the 4th.
    assert due_day(officer, course) == date(2027, 1, 13)


def test_what_was_withdrawn_or_learnt_meanwhile_is_not_asked_again(officer, unit, course):
    other = published_course(self_enrolment=True)
    given = order(course, unit)
    order(other, unit)
    ends = [exempted(officer, one) for one in (course, other)]
    withdraw_assignment(assignment=given, reason="Keliru", actor=given.assigned_by, at=NOON + DAY)
    completed(officer, other, at=NOON + DAY)

    for exemption in ends:
        end_relief(relief=exemption, last=None, reason="Selesai", actor=sdm_of(officer), at=NOON + 2 * DAY)

    assert not Duty.objects.open().filter(officer=officer).exists()
    assert Duty.objects.filter(officer=officer, course=other).latest("pk").ended_as == DutyEnd.COMPLETED


def test_of_two_exemptions_the_longer_one_counts(officer, unit, course):
    order(course, unit)
    exempted(officer, course, date(2026, 12, 31))
    with pytest.raises(ReliefRefused, match="sudah dikecualikan"):
        asked(officer, ReliefKind.EXEMPTION, course=course, last=date(2026, 12, 30))
    exempted(officer, course, date(2027, 1, 31), at=NOON + DAY)

    assert keep_clock(at=datetime(2027, 1, 1, 8, tzinfo=WIB)) == 0
    assert keep_clock(at=datetime(2027, 2, 1, 8, tzinfo=WIB)) == 1
    assert Duty.objects.open().filter(officer=officer).count() == 1


def test_tick_repairs_a_duty_that_was_opened_in_the_moment_of_the_decision(officer, unit, course):
    order(course, unit)
    paused(officer, date(2026, 11, 23), date(2026, 11, 29))
    # As if the order had not yet seen the pause.
    Duty.objects.update(due_at=DUE)

    assert keep_clock(at=NOON + DAY / 24 / 2) == 1
    assert due_day(officer, course) == date(2026, 12, 7)


def test_tick_finds_the_order_that_was_given_in_the_moment_in_which_an_exemption_ended(officer, unit, course):
    order(course, unit, due_at=DUE + 30 * DAY)
    exemption = exempted(officer, course)
    end_relief(relief=exemption, last=None, reason="Sembuh", actor=sdm_of(officer), at=NOON)
    # As if this order had still found the exemption in force.
    missed = DutyFactory(officer=officer, course=course, valid_to=NOON, ended_as=DutyEnd.EXEMPT)
    elsewhere = UnitFactory()
    OfficerFactory(posting__unit=elsewhere)
    late = order(course, elsewhere)
    DutyReason.objects.create(duty=missed, assignment=late, due_at=late.due_at, added_at=NOON)

    assert keep_clock(at=NOON + DAY / 24 / 2) == 1
    assert keep_clock(at=NOON + DAY / 24 / 2) == 0
    assert due_day(officer, course) == date(2026, 11, 30)


# --- what is refused, kept and shown ----------------------------------------


@pytest.mark.parametrize(
    ("kind", "wish", "words"),
    [
        ("pause", {}, "hari pertama"),
        ("pause", {"first": TODAY, "last": TODAY - DAY}, "sebelum hari pertama"),
        ("pause", {"first": date(2206, 1, 1)}, "terlalu jauh"),
        ("pause", {"first": TODAY, "code": "other"}, "keterangannya"),
        ("deferral", {"last": date(2026, 11, 30)}, "sesudah yang sekarang"),
        ("exemption", {"last": TODAY - DAY}, "sudah lewat"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(officer, unit, course, kind, wish, words):
    order(course, unit)
    if kind != "pause":
        wish = {"course": course} | wish

    with pytest.raises(ReliefRefused, match=words):
        asked(officer, kind, **wish)


def test_a_date_that_passed_while_the_request_waited_cannot_be_approved(officer, unit, course):
    order(course, unit)
    request = asked(officer, ReliefKind.DEFERRAL, course=course, last=date(2026, 12, 5))

    with pytest.raises(approvals.ApprovalRefused, match="minta yang baru"):
        approvals.decide(request=request, approved=True, note="", actor=approver_of(officer), at=NOON + 30 * DAY)

    assert not Relief.objects.exists()


def test_who_moved_while_the_request_waited_is_not_exempted_by_the_old_head_but_by_one_above_both(officer, course):
    polda = UnitFactory(level=2)
    first, second = UnitFactory(parent=polda), UnitFactory(parent=polda)
    move(officer, first, at=NOON)
    request, head = asked(officer, ReliefKind.EXEMPTION, course=course), approver_of(officer)
    move(officer, second, at=NOON + DAY)

    with pytest.raises(approvals.ApprovalRefused, match=rf"^{officer.full_name} tidak bertugas di satuan Anda lagi"):
        approvals.decide(request=request, approved=True, note="", actor=head, at=NOON + 2 * DAY)
    assert not Relief.objects.exists()

    above = RoleGrantFactory(role=Role.HEAD, unit=polda).user
    approvals.decide(request=request, approved=True, note="", actor=above, at=NOON + 2 * DAY)

    assert Relief.objects.get().officer == officer


def test_nobody_asks_for_oneself_or_for_an_officer_elsewhere(officer, unit):
    sdm = sdm_of(officer)
    elsewhere = OfficerFactory(posting__unit=UnitFactory())

    with pytest.raises(ReliefRefused, match="tidak bertugas di satuan Anda"):
        asked(elsewhere, ReliefKind.PAUSE, first=TODAY, actor=sdm)
    with pytest.raises(ReliefRefused, match="orang lain yang meminta"):
        asked(officer, ReliefKind.PAUSE, first=TODAY, actor=officer.user)


def test_records_are_written_once(officer):
    pause = paused(officer, TODAY)
    pause.note = "lain"

    with pytest.raises(AppendOnlyViolation):
        pause.save()


def test_the_scan_is_kept_privately_and_goes_with_a_request_that_fails(officer):
    def scan(content, name="surat.exe"):
        return SimpleUploadedFile(name, content)

    relieved(officer, ReliefKind.PAUSE, first=TODAY, document=scan(PDF))

    document = ReliefDocument.objects.get()
    assert (document.file_name, Relief.objects.get().document) == ("surat.pdf", document)
    with storages["private"].open(document.storage_name) as stored:
        assert stored.read() == PDF
    before = set(storages["private"].listdir("reliefs")[1])
    for content, words in ((b"MZ\x90", "PDF, JPG, atau PNG"), (b"%PDF-" + b"0" * 5 * 1024 * 1024, "5 MB")):
        with pytest.raises(ReliefRefused, match=words):
            asked(officer, ReliefKind.PAUSE, first=TODAY, document=scan(content))
    with pytest.raises(ReliefRefused, match="sebelum hari pertama"):
        asked(officer, ReliefKind.PAUSE, first=TODAY, last=TODAY - DAY, document=scan(PDF))
    assert set(storages["private"].listdir("reliefs")[1]) == before


def test_the_audit_says_who_gave_what_for_which_reason(officer, unit, course):
    order(course, unit)

    paused(officer, date(2026, 11, 23), date(2026, 11, 29), code="operation")

    event = AuditEvent.objects.get(verb="relief.approved")
    assert event.subject_id == officer.pk
    assert event.detail["given"] == "Jeda 23–29 November 2026"
    assert (event.detail["reason"], event.detail["document"]) == ("BKO atau penugasan operasi", "SC/12/XI/2026")
    assert event.detail["duties"] == 1
