"""What several stories share: a unit with somebody in it, a path of five courses, the clock of the worker."""

import pytest

from enrolments.services import announcing
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.factories.paths import published_path, step


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def officer(unit):
    return OfficerFactory(posting__unit=unit)


@pytest.fixture
def courses():
    return [published_course(posttest=False, lessons=1) for _ in range(5)]


@pytest.fixture
def version(courses):
    """C1, then C2 after C1; of C3, C4, C5 two, C5 after C4."""
    one, two, three, four, five = courses
    return published_path(
        step(one),
        step(two, after=(one,)),
        step(three, required=False),
        step(four, required=False),
        step(five, required=False, after=(four,)),
        options_needed=2,
    )


@pytest.fixture
def clock(monkeypatch):
    """``clock(moment)`` is what the worker's clock shows from then on."""

    def show(moment):
        monkeypatch.setattr(announcing.timezone, "now", lambda: moment)

    show(NOON)
    return show
