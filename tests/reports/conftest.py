import pytest
import time_machine

from tests.clock import NOON
from tests.reports.scenes import busy_polres
from tests.signing_in import sign_in


@pytest.fixture
def at_noon():
    """The clock of the whole process stands at NOON."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def here(db, at_noon, settings):
    # Who may come in with which factor is told in the tests of organisation.
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return busy_polres()


@pytest.fixture
def as_sdm(client, here):
    return sign_in(client, here.sdm)


@pytest.fixture
def as_head(client, here):
    return sign_in(client, here.head)
