"""SDM enters, moves, corrects and releases officers; nothing is deleted."""

from datetime import timedelta

import pytest

from foundation.models import AuditEvent
from organisation.exceptions import OfficerRefused
from organisation.models import Officer, Posting, Role
from organisation.services import (
    change_posting,
    correct_officer,
    create_officer,
    end_posting,
    starts_on,
)
from tests.clock import NOON
from tests.factories.organisation import (
    OfficerFactory,
    RankFactory,
    RoleGrantFactory,
    ServiceFunctionFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30)


def test_a_new_officer_cannot_sign_in_before_activation():
    officer = create_officer(
        number="85010001", name="Budi", unit=UnitFactory(), rank=RankFactory(), valid_from=NOON, actor=None, at=NOON
    )

    assert officer.user.login == "85010001"
    assert not officer.user.has_usable_password()


def test_a_number_is_entered_once():
    OfficerFactory(number="85010001")

    with pytest.raises(OfficerRefused, match="sudah terdaftar"):
        create_officer(
            number="85010001", name="B", unit=UnitFactory(), rank=RankFactory(), valid_from=NOON, actor=None, at=NOON
        )


def test_a_transfer_keeps_the_old_place_on_record():
    officer = OfficerFactory()
    old = officer.postings.get()
    unit, function = UnitFactory(), ServiceFunctionFactory(code="skck")

    new = change_posting(
        officer=officer, unit=unit, rank=old.rank, post="Kanit", functions=[function], actor=None, at=NOON
    )

    old.refresh_from_db()
    assert (old.valid_to, new.valid_from, new.unit) == (NOON, NOON, unit)
    assert list(Posting.objects.in_force(at=NOON).filter(officer=officer)) == [new]
    assert AuditEvent.objects.get(verb="posting.changed").subject_id == officer.pk


def test_the_same_place_again_changes_nothing():
    officer = OfficerFactory()
    now = officer.postings.get()

    assert change_posting(officer=officer, unit=now.unit, rank=now.rank, post=now.post, actor=None, at=NOON) == now
    assert not AuditEvent.objects.exists()


def test_a_transfer_dated_before_the_present_posting_is_refused():
    officer = OfficerFactory(posting__valid_from=NOON)

    with pytest.raises(OfficerRefused, match="lebih awal"):
        change_posting(
            officer=officer,
            unit=UnitFactory(),
            rank=RankFactory(),
            valid_from=NOON - timedelta(days=1),
            actor=None,
            at=NOON,
        )


def test_a_corrected_number_is_the_new_login():
    officer = OfficerFactory(number="85010001")

    assert correct_officer(officer=officer, number="85010002", actor=None, at=NOON)

    officer = Officer.objects.get(pk=officer.pk)
    assert (officer.number, officer.user.login) == ("85010002", "85010002")
    assert AuditEvent.objects.get(verb="officer.corrected").detail == {"fields": ["number"]}


def test_a_number_of_somebody_else_is_refused():
    OfficerFactory(number="85010002")
    officer = OfficerFactory(number="85010001")

    with pytest.raises(OfficerRefused, match="sudah dipakai"):
        correct_officer(officer=officer, number="85010002", actor=None, at=NOON)
    assert Officer.objects.filter(number="85010001").exists()


def test_a_leaver_keeps_the_record_and_loses_posting_role_and_account():
    officer = OfficerFactory()
    grant = RoleGrantFactory(user=officer.user, role=Role.SDM)

    end_posting(officer=officer, reason="pensiun", actor=None, at=NOON)

    officer.user.refresh_from_db()
    grant.refresh_from_db()
    assert not Posting.objects.in_force(at=NOON).filter(officer=officer).exists()
    assert officer.postings.count() == 1
    assert (officer.user.is_active, grant.valid_to) == (False, NOON)


def test_who_left_is_entered_again_with_the_same_number():
    officer = OfficerFactory(number="85010001", name="Budi")
    end_posting(officer=officer, reason="pindah", actor=None, at=NOON)
    unit = UnitFactory()

    again = create_officer(
        number="85010001", name="Budi", unit=unit, rank=RankFactory(), valid_from=LATER, actor=None, at=LATER
    )

    assert again == officer
    assert officer.postings.get(valid_to=None).unit == unit
    assert again.user.is_active


def test_nobody_stands_in_two_places_on_one_day():
    officer = OfficerFactory()
    end_posting(officer=officer, reason="pindah", actor=None, at=NOON)

    with pytest.raises(OfficerRefused, match="akhir penempatan lama"):
        change_posting(
            officer=officer,
            unit=UnitFactory(),
            rank=RankFactory(),
            valid_from=NOON - timedelta(days=1),
            actor=None,
            at=LATER,
        )


def test_who_is_taken_in_on_the_day_of_leaving_counts_from_the_end_of_the_old_place():
    officer, unit = OfficerFactory(), UnitFactory()
    end_posting(officer=officer, reason="pindah", actor=None, at=NOON)

    new = change_posting(
        officer=officer,
        unit=unit,
        rank=RankFactory(),
        valid_from=starts_on(NOON.date(), unit=unit, at=LATER),
        actor=None,
        at=LATER,
    )

    assert new.valid_from == NOON


def test_a_release_says_why():
    with pytest.raises(OfficerRefused, match="alasannya"):
        end_posting(officer=OfficerFactory(), reason=" ", actor=None, at=NOON)
