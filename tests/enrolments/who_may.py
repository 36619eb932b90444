"""Who may learn, assign and take an order back."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from enrolments.models import AssignmentDraft
from tests.clock import NOON
from tests.factories.enrolments import assigned
from tests.factories.reliefs import paused
from tests.who_may import Row, everyone


def _order(world):
    return assigned(world.course, world.polres, at=NOON - timedelta(days=1), due_at=NOON + timedelta(days=3650))


def _draft(world):
    return AssignmentDraft.objects.create(actor=world.person("sdm"), created_at=NOON).uuid


def _pause(world):
    scan = SimpleUploadedFile("surat.pdf", b"%PDF-1.7 surat")
    actor = world.people["sdm"]
    return paused(world.officer, date(2026, 11, 1), date(2031, 1, 1), actor=actor, document=scan)


ASSIGNERS = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200)
OWN_DRAFT = everyone(403, visitor=302, sdm=200, upper_sdm=404, foreign_sdm=404)
OWN_ORDERS = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=404)

DECIDERS = ASSIGNERS | {"head": 200}

ROWS = [
    Row("penugasan: daftar", url=lambda world: "/sdm/penugasan/", answers=ASSIGNERS),
    Row("penugasan: baru", url=lambda world: "/sdm/penugasan/baru/", answers=ASSIGNERS),
    Row("penugasan: draf siapa", url=lambda world: f"/sdm/penugasan/baru/{_draft(world)}/siapa/", answers=OWN_DRAFT),
    Row("penugasan: draf apa", url=lambda world: f"/sdm/penugasan/baru/{_draft(world)}/apa/", answers=OWN_DRAFT),
    Row(
        "penugasan: draf periksa",
        url=lambda world: f"/sdm/penugasan/baru/{_draft(world)}/periksa/",
        # What is missing is asked for first.
        answers=OWN_DRAFT | {"sdm": 302},
    ),
    Row("penugasan: batalkan", url=lambda world: f"/sdm/penugasan/{_order(world).uuid}/batalkan/", answers=OWN_ORDERS),
    Row(
        "penugasan: perubahan", url=lambda world: f"/sdm/penugasan/{_order(world).uuid}/perubahan/", answers=OWN_ORDERS
    ),
    Row("penugasan: rincian", url=lambda world: f"/sdm/penugasan/{_order(world).uuid}/", answers=OWN_ORDERS),
    Row("penugasan: cabut", url=lambda world: f"/sdm/penugasan/{_order(world).uuid}/cabut/", answers=OWN_ORDERS),
    Row("penugasan: xlsx", url=lambda world: f"/sdm/penugasan/{_order(world).uuid}/unduh.xlsx", answers=OWN_ORDERS),
    Row("penugasan: csv", url=lambda world: f"/sdm/penugasan/{_order(world).uuid}/unduh.csv", answers=OWN_ORDERS),
    Row("pengecualian: daftar", url=lambda world: "/sdm/pengecualian/", answers=DECIDERS),
    Row("pengecualian: minta", url=lambda world: "/sdm/pengecualian/baru/", answers=ASSIGNERS),
    Row(
        "pengecualian: minta untuk satu personel",
        url=lambda world: "/sdm/pengecualian/baru/?jenis=jeda",
        method="post",
        data=lambda world: {
            "number": world.officer.number,
            "first": "2026-11-21",
            "code": "leave",
            "document_number": "SC/1",
        },
        # 200: the form comes back, for there is no such officer in the units of whoever asks.
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, foreign_sdm=200),
    ),
    Row(
        "pengecualian: rincian",
        url=lambda world: f"/sdm/pengecualian/{_pause(world).uuid}/",
        answers=OWN_ORDERS | {"head": 200},
    ),
    Row(
        "pengecualian: akhiri",
        url=lambda world: f"/sdm/pengecualian/{_pause(world).uuid}/akhiri/",
        answers=OWN_ORDERS,
    ),
    Row(
        "pengecualian: cabut",
        url=lambda world: f"/sdm/pengecualian/{_pause(world).uuid}/cabut/",
        answers=OWN_ORDERS,
    ),
    Row(
        "pengecualian: dokumen",
        url=lambda world: f"/pengecualian/dokumen/{_pause(world).document.uuid}/",
        answers=everyone(404, visitor=302, officer=200, head=200, sdm=200, upper_sdm=200),
    ),
    Row(
        "pelatihan: mulai",
        url=lambda world: f"/pelatihan/{world.course.slug}/mulai/",
        method="post",
        answers=everyone(302, administrator=404),
    ),
    Row(
        "materi: tandai selesai",
        url=lambda world: f"/belajar/{world.lesson.uuid}/selesai/",
        method="post",
        answers=everyone(404, visitor=302, officer=302),
    ),
]
