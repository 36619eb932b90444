"""Staff of these tests sign in without the second factor; its own tests stand in tests/organisation."""

import pytest

from certificates.sealing import ceremony, keys
from tests.certificates.sealing import KEY
from tests.clock import NOON


@pytest.fixture(autouse=True)
def second_factor_off(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def seal(db, settings, tmp_path):
    """The institution's seal in use, as after a key ceremony; the row of its public certificate."""
    settings.SEAL_SIGNER = "local"
    settings.SEAL_DIR = tmp_path / "seal"
    keys.write(KEY)
    return ceremony.record(KEY.certificate, at=NOON, note="")
