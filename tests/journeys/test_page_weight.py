"""What people open weighs little; every main page fits 360 px and axe finds nothing on it, by day and by night."""

from urllib.parse import urlsplit

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect

from enrolments.services import complete_lesson, start_course
from tests.browser import PHONE
from tests.clock import NOON
from tests.factories.certificates import issued
from tests.factories.enrolments import assigned
from tests.journeys.steps import arrive
from tests.reports.scenes import busy_polres

pytestmark = pytest.mark.browser
KILOBYTE = 1000
C1 = "/pelatihan/etika-pelayanan-publik/"


@pytest.fixture
def here(c1, settings):
    """A busy Polres with C1, an assignment and a certificate; the clock stands near NOON and goes on."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOON):
        here = busy_polres()
        here.certificate = issued(here.officers["Andi"], course=here.komunikasi)
        here.assignment = assigned(here.etika, here.unit, actor=here.sdm)
        here.learner = here.officers["Eko"]
        enrolment = start_course(officer=here.learner, course=c1, actor=here.learner.user, at=NOON)
        for entry in c1.current_version.version_items.filter(item__kind="lesson"):
            complete_lesson(enrolment=enrolment, item=entry.item, at=NOON)
        yield here


@pytest.fixture
def phone(visit):
    return lambda user=None, **options: _phone(visit, user, options)


def _phone(visit, user, options):
    page = visit(PHONE, has_touch=True, is_mobile=True, **options)
    if user:
        arrive(page, user)
    return page


def test_what_people_open_stays_light(here, c1, phone, weigh, record_property):
    page = phone(here.learner.user)
    weights = {"/": weigh(page, "/"), C1: weigh(page, C1)}
    for entry in c1.current_version.version_items.all():
        weights[entry.slug] = weigh(page, f"{C1}{entry.slug}/")
    page.goto(f"{C1}pos-tes/")
    page.get_by_role("button", name="Mulai", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Soal 1 dari 20")
    weights["soal"] = weigh(page, page.url)
    assert urlsplit(page.url).path.startswith("/kuis/")
    weights["/satuan/"] = weigh(phone(here.head), "/satuan/")
    public = weigh(phone(), f"/verifikasi/{here.certificate.shown_id}/")
    record_property("gz bytes", weights | {"/verifikasi/<id>/": public})

    too_heavy = {address: weight for address, weight in weights.items() if weight > 60 * KILOBYTE}
    assert not too_heavy
    assert public <= 40 * KILOBYTE


def pages_of(here) -> dict:
    """The main pages of each kind of visitor: who, and the addresses."""
    andi, certificate = here.officers["Andi"], here.certificate.shown_id
    return {
        "public": (None, ["/", "/masuk/", "/aktivasi/", "/bantuan/", "/verifikasi/", f"/verifikasi/{certificate}/"]),
        "officer": (
            here.learner.user,
            [
                *("/", "/pelatihan/", C1, f"{C1}kode-etik-di-loket/", f"{C1}pre-tes/", f"{C1}pos-tes/", "/sertifikat/"),
                *("/akun/", "/akun/sesi/", "/akun/siapa-melihat/", "/akun/kata-sandi/", "/akun/faktor-kedua/"),
            ],
        ),
        "head": (here.head, ["/satuan/", "/sdm/penagihan/", "/sdm/penyelesaian/", "/sdm/persetujuan/"]),
        "sdm": (
            here.sdm,
            [
                *("/sdm/", "/sdm/penagihan/", "/sdm/penyelesaian/", "/sdm/penyelesaian/nama/", "/sdm/quick-wins/"),
                *("/sdm/personel/", "/sdm/personel/tambah/", "/sdm/personel/impor/", "/sdm/satuan/", "/sdm/slip/"),
                *(reverse("person", args=[andi.uuid]), reverse("learning-record", args=[andi.uuid])),
                *("/sdm/penugasan/", "/sdm/penugasan/baru/"),
                reverse("assignment-detail", args=[here.assignment.uuid]),
                *("/sdm/sertifikat/", f"/sdm/sertifikat/{certificate}/", "/sdm/sertifikat/kop/"),
                *(reverse("letterhead-edit", args=[here.unit.pk]), reverse("unit", args=[here.unit.pk])),
                *("/sdm/percobaan/", "/sdm/persetujuan/"),
            ],
        ),
    }


def test_every_main_page_fits_a_phone_and_is_accessible(here, phone, look):
    for kind, (who, addresses) in pages_of(here).items():
        page = phone(who)
        for address in addresses:
            assert page.goto(address).ok, address
            assert urlsplit(page.url).path == address
            for scheme in ("light", "dark"):
                name = f"{kind}-{address.strip('/').replace('/', '-') or 'awal'}-{scheme}"
                look(page, name, scheme=scheme, colours="too" if scheme == "light" else "only")
