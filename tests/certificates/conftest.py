"""Staff of these tests sign in without the second factor; its own tests stand in tests/organisation."""

import pytest


@pytest.fixture(autouse=True)
def second_factor_off(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
