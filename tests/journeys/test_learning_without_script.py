"""An officer whose browser runs no script learns, sits the quiz and passes all the same."""

import pytest
from playwright.sync_api import expect

from enrolments.models import CourseCompletion
from tests.browser import PHONE
from tests.factories.organisation import OfficerFactory
from tests.journeys.scene import short_course
from tests.journeys.steps import sign_in, sit

pytestmark = pytest.mark.browser


def test_an_officer_starts_reads_answers_and_passes_without_script(visit):
    short_course()
    officer = OfficerFactory()
    page = visit(PHONE, java_script_enabled=False)
    sign_in(page, officer.number)

    page.get_by_role("link", name="Lihat katalog").click()
    page.get_by_role("link", name="Antrean di loket").click()
    page.get_by_role("button", name="Mulai belajar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Menyapa pemohon")
    page.get_by_role("button", name="Tandai selesai dan lanjut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pos-tes")
    page.get_by_role("button", name="Mulai", exact=True).click()
    sit(page, rightly=True)

    expect(page.get_by_text("Lulus", exact=True)).to_be_visible()
    expect(page.get_by_text("Soal 4")).to_be_visible()
    assert CourseCompletion.objects.get().officer == officer
