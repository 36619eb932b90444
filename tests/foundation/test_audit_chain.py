"""The audit is sealed day by day, and nobody can change it unnoticed."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from foundation import audit, retention, seals, triggers
from foundation.models import AuditEvent, AuditSeal
from tests.clock import NOON

TODAY = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def event_on(day: date, verb="test.done", **fields) -> AuditEvent:
    return audit.record(verb=verb, actor=None, at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC), **fields)


@pytest.fixture
def three_sealed_days(db):
    for offset in (3, 2, 1):
        for number in range(3):
            event_on((TODAY - timedelta(days=offset)).date(), detail={"nomor": number, "nama": "Ka SPKT – Sorong"})
    seals.seal_finished_days(at=TODAY)


def audit_check() -> str:
    out = StringIO()
    call_command("audit_check", stdout=out)
    return out.getvalue()


def tamper(change) -> None:
    with triggers.lifted(connection):
        change()


def test_each_finished_day_is_sealed_once_and_today_waits(db):
    event_on(date(2026, 11, 18))
    event_on(date(2026, 11, 20))
    event_on(date(2026, 11, 21))

    assert seals.seal_finished_days(at=TODAY) == 3
    assert seals.seal_finished_days(at=TODAY) == 0

    assert list(AuditSeal.objects.values_list("day", "event_count")) == [
        (date(2026, 11, 18), 1),
        (date(2026, 11, 19), 0),
        (date(2026, 11, 20), 1),
    ]
    assert seals.check_chain().unsealed == 1


def test_a_day_is_not_sealed_while_its_last_transactions_may_still_run(db):
    event_on(date(2026, 11, 20))
    midnight = datetime(2026, 11, 21, tzinfo=UTC)

    assert seals.seal_finished_days(at=midnight + timedelta(minutes=59)) == 0
    assert seals.seal_finished_days(at=midnight + timedelta(minutes=61)) == 1


def test_nothing_is_sealed_before_the_first_event(db):
    assert seals.seal_finished_days(at=TODAY) == 0


def test_an_event_that_tells_of_an_older_day_falls_to_the_next_seal(three_sealed_days):
    event_on(date(2026, 11, 1))
    event_on(date(2026, 11, 21))

    seals.seal_finished_days(at=TODAY + timedelta(days=1))

    assert AuditSeal.objects.last().event_count == 2
    assert seals.check_chain().problems == []


def test_an_unbroken_chain_passes_the_check(three_sealed_days):
    assert "Audit utuh" in audit_check()


def test_a_changed_event_is_named_by_its_day(three_sealed_days):
    tamper(lambda: AuditEvent.objects.filter(pk=AuditEvent.objects.last().pk).update(actor_name="orang lain"))
    tamper(lambda: AuditEvent.objects.filter(at__date=date(2026, 11, 19)).update(verb="test.hidden"))

    with pytest.raises(CommandError, match="2026-11-19: isi peristiwa"):
        audit_check()


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_removed_event_is_noticed(three_sealed_days, place):
    chosen = AuditEvent.objects.order_by("id").first() if place == "first" else AuditEvent.objects.order_by("id").last()
    tamper(lambda: AuditEvent.objects.filter(pk=chosen.pk).delete())

    with pytest.raises(CommandError, match="3 peristiwa disegel, 2 ditemukan"):
        audit_check()


def test_an_event_slipped_into_a_sealed_day_is_noticed(three_sealed_days):
    middle = AuditEvent.objects.get(detail__nomor=1, at__date=date(2026, 11, 19))
    tamper(lambda: AuditEvent.objects.filter(pk=middle.pk).delete())
    AuditEvent.objects.create(pk=middle.pk, at=middle.at, actor_name="sistem", verb="test.invented")

    with pytest.raises(CommandError, match="2026-11-19"):
        audit_check()


def test_a_removed_or_rewritten_seal_is_noticed(three_sealed_days):
    middle = AuditSeal.objects.get(day=date(2026, 11, 19))
    tamper(lambda: AuditSeal.objects.filter(pk=middle.pk).update(hash="0" * 64))
    with pytest.raises(CommandError, match="2026-11-20: segel tidak menyambung"):
        audit_check()

    tamper(lambda: AuditSeal.objects.filter(pk=middle.pk).delete())
    with pytest.raises(CommandError, match="2026-11-20: segel hari sebelumnya hilang"):
        audit_check()


def test_a_missing_trigger_fails_the_check(three_sealed_days):
    kind = "row" if connection.vendor == "postgresql" else "delete"
    on = " ON foundation_auditseal" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER append_only_foundation_auditseal_{kind}{on}")

    with pytest.raises(CommandError, match="pemicu hilang: foundation_auditseal"):
        audit_check()


# --- retention --------------------------------------------------------------


def test_retention_removes_whole_sealed_days_and_keeps_their_seals(three_sealed_days):
    before = datetime(2026, 11, 20, tzinfo=UTC)

    assert seals.remove_sealed_days(before=before, at=TODAY) == 6

    assert AuditSeal.objects.count() == 3
    assert list(AuditEvent.objects.values_list("verb", flat=True).order_by("id")) == ["test.done"] * 3 + [
        "audit.removed"
    ]
    assert "Audit utuh" in audit_check()
    assert seals.remove_sealed_days(before=before, at=TODAY) == 0


# A thousand days are sealed: once is enough.
@pytest.mark.once_on("sqlite")
def test_a_later_retention_goes_on_from_the_first(three_sealed_days):
    seals.remove_sealed_days(before=datetime(2026, 11, 19, tzinfo=UTC), at=TODAY)
    seals.remove_sealed_days(before=datetime(2026, 11, 20, tzinfo=UTC), at=TODAY)
    seals.seal_finished_days(at=TODAY + timedelta(days=1))
    # A thousand days later even the note of the first removal is old; its successor stands for it.
    much_later = TODAY + timedelta(days=1000)
    seals.seal_finished_days(at=much_later)
    retention.apply(at=much_later)

    assert AuditEvent.objects.get().verb == "audit.removed"
    assert "Audit utuh" in audit_check()


def test_events_removed_without_retention_are_noticed(three_sealed_days):
    seals.remove_sealed_days(before=datetime(2026, 11, 19, tzinfo=UTC), at=TODAY)
    tamper(lambda: AuditEvent.objects.filter(at__date=date(2026, 11, 19)).delete())

    with pytest.raises(CommandError, match="2026-11-19: 3 peristiwa disegel, 0 ditemukan"):
        audit_check()


def test_a_day_that_is_not_sealed_is_never_removed(db):
    event_on(date(2020, 1, 1))

    assert seals.remove_sealed_days(before=TODAY, at=TODAY) == 0
    assert AuditEvent.objects.count() == 1


@time_machine.travel(TODAY + timedelta(days=729), tick=False)
def test_the_command_keeps_two_years_unless_told_otherwise(three_sealed_days, settings):
    out = StringIO()

    call_command("apply_retention", "--dry-run", stdout=out)
    assert "audit: 6 akan dihapus" in out.getvalue()
    assert AuditEvent.objects.count() == 9

    settings.AUDIT_RETENTION_DAYS = 1000
    call_command("apply_retention", stdout=out)
    assert AuditEvent.objects.count() == 9

    settings.AUDIT_RETENTION_DAYS = 730
    call_command("apply_retention", stdout=out)
    assert AuditEvent.objects.count() == 4


def test_writers_never_wait_for_the_chain(django_assert_num_queries, db):
    # One insert; the hash is made later by tick.
    with django_assert_num_queries(1):
        audit.record(verb="test.done", actor=None, at=NOON)
