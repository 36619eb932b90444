"""The doors that stand open to everybody, in the real browser: readable, reachable, light, at peace with the policy."""

import pytest

from tests.browser import DESK, PHONE

pytestmark = pytest.mark.browser

DOORS = ["/masuk/", "/gaya/", "/verifikasi/"]
BUDGET = 60_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_accessible_and_fits_the_screen(visit, axe, door, viewport, scheme):
    page = visit(viewport, color_scheme=scheme)

    assert page.goto(door).ok

    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("door", ["/masuk/", "/verifikasi/"])
def test_a_door_opens_quickly_on_a_weak_signal(phone, weigh, door):
    assert weigh(phone, door) <= BUDGET
