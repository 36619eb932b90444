"""Decisions at the same moment, on both databases: one of them is carried out, and no number is lost."""

from datetime import timedelta

import pytest

from certificates import invariants, services
from certificates.models import Certificate, Ruling
from foundation import approvals
from foundation.models import Approval
from organisation.models import Role
from tests.certificates.test_correct_and_reissue import ask_correction, ask_reissue
from tests.clock import NOON
from tests.factories.certificates import issued, paper, staff
from tests.factories.organisation import UnitFactory

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def certificate(monkeypatch):
    # The file would be set at once by the tests' task queue; here only rows matter.
    monkeypatch.setattr("certificates.services.issuing.ask_for_file", lambda certificate, *, at: None)
    return issued(unit=UnitFactory())


def approving(request, unit):
    actor = staff(Role.HEAD, unit)
    return lambda: approvals.decide(request=request, approved=True, note="", actor=actor, at=LATER)


def assert_one(outcomes, certificate):
    assert sum(isinstance(outcome, Approval) for outcome in outcomes) == 1, outcomes
    assert Ruling.objects.filter(certificate=certificate).count() == 1
    assert not invariants.each_number_is_used_once()


def test_one_request_approved_by_two_people_at_once_is_carried_out_once(certificate, together):
    request = ask_correction(certificate)

    outcomes = together(*[approving(request, certificate.unit) for _ in range(2)])

    assert_one(outcomes, certificate)
    assert Certificate.objects.count() == 2


def test_a_correction_and_a_reissue_approved_at_once_leave_one_successor(certificate, together):
    requests = [ask_correction(certificate), ask_reissue(certificate)]

    outcomes = together(*[approving(request, certificate.unit) for request in requests])

    assert_one(outcomes, certificate)
    assert Certificate.objects.filter(replaces=certificate).count() == 1


def test_a_revocation_and_a_correction_approved_at_once_do_not_both_happen(certificate, together):
    correction = ask_correction(certificate)
    revocation = services.ask_revocation(
        certificate=certificate,
        reason="Joki.",
        paper=paper(),
        actor=staff(Role.SDM, certificate.unit),
        at=NOON,
    )

    outcomes = together(*[approving(request, certificate.unit) for request in (correction, revocation)])

    assert_one(outcomes, certificate)
    certificate = Certificate.objects.get(pk=certificate.pk)
    # As long as the revocation is undecided the correction waits, so it is the one that holds.
    assert certificate.revoked_at
    assert certificate.successor is None
