"""The doors that stand open to everybody, in the real browser: readable, reachable, light, at peace with the policy."""

import pytest

from tests.browser import DESK, PHONE

pytestmark = pytest.mark.browser

DOORS = ["/masuk/", "/gaya/", "/verifikasi/"]
BUDGET = 60_000


@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_accessible_and_fits_the_screen(visit, fits, door):
    page = visit(PHONE)

    assert page.goto(door).ok

    fits(page, PHONE, DESK)


@pytest.mark.parametrize("door", ["/masuk/", "/verifikasi/"])
def test_a_door_opens_quickly_on_a_weak_signal(phone, weigh, door):
    assert weigh(phone, door) <= BUDGET
