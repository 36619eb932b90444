import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """These stories are about content, not about signing in."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture(autouse=True)
def _no_pictures_of_other_tests():
    """Wagtail caches renditions by the picture's number, which the next test gives to another one."""
    cache.clear()
