"""What the journeys share: a look at every page, and the real course."""

import os
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.journeys.scene import load_c1, two_polres

# A certificate is set within the request here, and the machine may be busy with other tests.
expect.set_options(timeout=20_000)


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def scene(transactional_db):
    return two_polres()


@pytest.fixture
def c1(transactional_db, tmp_path):
    return load_c1(tmp_path)


@pytest.fixture
def look(axe, request):
    """``look(page, name)`` holds for every page of a journey: axe finds nothing, and it fits the width.

    With PICTURES=folder it also leaves a picture of the page there, to be looked at.
    """
    folder = os.environ.get("PICTURES")
    test = re.sub(r"\W+", "-", request.node.name).strip("-")

    def at(page, name: str, *, scheme: str | None = None, colours: str = "too") -> None:
        if scheme:
            page.emulate_media(color_scheme=scheme)
        axe(page, colours=colours)
        overhang = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overhang <= 0, f"{page.url} is {overhang} px too wide"
        if folder:
            page.screenshot(path=Path(folder) / f"{test}-{name}.png", full_page=True)

    return at
