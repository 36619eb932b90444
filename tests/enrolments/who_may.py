"""Who may learn, assign and take an order back."""

from datetime import time, timedelta

from django.utils import timezone

from enrolments.models import Notice, ReminderRules
from enrolments.services import remind_officers
from tests.clock import NOON
from tests.factories.enrolments import DutyFactory, assigned
from tests.who_may import Row, everyone


def _order(world):
    return assigned(world.course, world.polres, at=NOON - timedelta(days=1), due_at=NOON + timedelta(days=3650))


ASSIGNERS = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200)
OWN_ORDERS = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=404)
READERS = everyone(403, visitor=302, head=200, sdm=200, upper_sdm=200, foreign_sdm=200)


def _notice(world) -> Notice:
    """What the officer was reminded of."""
    DutyFactory(officer=world.officer, due_at=timezone.now() + timedelta(hours=1))
    ReminderRules.objects.update(quiet_from=time(3), quiet_until=time(3, 1))
    remind_officers(at=timezone.now())
    return Notice.objects.filter(recipient=world.officer.user).latest("pk")


ROWS = [
    Row("penugasan: daftar", url=lambda world: "/sdm/penugasan/", answers=ASSIGNERS),
    Row("penugasan: baru", url=lambda world: "/sdm/penugasan/baru/", answers=ASSIGNERS),
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
    Row("pemberitahuan: daftar", url=lambda world: "/pemberitahuan/", answers=everyone(200, visitor=302)),
    Row(
        "pemberitahuan: buka",
        url=lambda world: f"/pemberitahuan/{_notice(world).pk}/",
        answers=everyone(404, visitor=302, officer=302),
    ),
    Row(
        "pemberitahuan: tandai dibaca",
        url=lambda world: "/pemberitahuan/dibaca/",
        method="post",
        answers=everyone(302),
    ),
    Row("pengingat: terkirim", url=lambda world: "/sdm/pengingat/", answers=READERS),
    Row("pengingat: besok", url=lambda world: "/sdm/pengingat/besok/", answers=READERS),
    Row("pengingat: jadwal", url=lambda world: "/sdm/pengingat/jadwal/", answers=READERS | {"administrator": 200}),
    Row(
        "pengingat: ubah jadwal",
        url=lambda world: "/sdm/pengingat/jadwal/",
        method="post",
        data={"quiet_from": "", "langkah-TOTAL_FORMS": "0", "langkah-INITIAL_FORMS": "0"},
        answers=everyone(403, visitor=302, upper_sdm=200, administrator=200),
    ),
    Row(
        "pengingat: daftar templat",
        url=lambda world: "/sdm/pengingat/templat/",
        answers=READERS | {"administrator": 200},
    ),
    Row(
        "pengingat: templat",
        url=lambda world: "/sdm/pengingat/templat/before/",
        answers=READERS | {"administrator": 200},
    ),
    Row(
        "pengingat: ubah templat",
        url=lambda world: "/sdm/pengingat/templat/before/",
        method="post",
        data={"title": "Uji", "text": "{sisa}", "seen": "1"},
        answers=everyone(403, visitor=302, upper_sdm=302, administrator=302),
    ),
]
