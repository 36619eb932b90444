"""Who may learn, assign and take an order back."""

from datetime import timedelta

from enrolments.models import AssignmentDraft
from tests.clock import NOON
from tests.factories.enrolments import assigned
from tests.who_may import Row, everyone


def _order(world):
    return assigned(world.course, world.polres, at=NOON - timedelta(days=1), due_at=NOON + timedelta(days=3650))


def _draft(world):
    return AssignmentDraft.objects.create(actor=world.person("sdm"), created_at=NOON).uuid


ASSIGNERS = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200)
OWN_DRAFT = everyone(403, visitor=302, sdm=200, upper_sdm=404, foreign_sdm=404)
OWN_ORDERS = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=404)

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
