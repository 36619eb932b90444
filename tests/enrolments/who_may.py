"""Who may learn, assign and take an order back."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from enrolments.models import AssignmentDraft, Notice, ReminderRules
from enrolments.services import ask_recognition, remind_officers
from foundation.models import ApprovalRequest
from organisation.models import ImportKind, RosterImport
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory, assigned
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.recognitions import past, recognised
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
# A head reads what people learn, but no orders.
THEIR_NAMES = OWN_ORDERS | {"head": 404}
READERS = everyone(403, visitor=302, head=200, sdm=200, upper_sdm=200, foreign_sdm=200)


def _notice(world) -> Notice:
    """What the officer was reminded of."""
    # Due this very day, whatever the hour; the quiet minute, taken from UTC, lies hours away in Indonesia.
    now = timezone.now()
    DutyFactory(officer=world.officer, due_at=now)
    ReminderRules.objects.update(quiet_from=now.time(), quiet_until=(now + timedelta(minutes=1)).time())
    remind_officers(at=now)
    return Notice.objects.filter(recipient=world.officer.user).latest("pk")


DECIDERS = ASSIGNERS | {"head": 200}


def _path_order(world):
    version = published_path(step(world.course), step(published_course()))
    return path_assigned(version, world.polsek, at=NOON - timedelta(days=1))


def _recognition(world, *, scan: bool = False):
    document = SimpleUploadedFile("daftar.pdf", b"%PDF-1.7 daftar") if scan else None
    return recognised(world.officer, published_course(), actor=world.people["sdm"], document=document)


def _recognition_asked(world) -> ApprovalRequest:
    wanted = past(world.officer, published_course())
    return ask_recognition(past=wanted, document=None, actor=world.people["sdm"], at=timezone.now())


def _recognition_file(world):
    return RosterImport.objects.create(
        kind=ImportKind.RECOGNISED,
        file_name="x",
        uploaded_by=world.people["sdm"],
        uploaded_at=timezone.now(),
        applied_at=timezone.now(),
    ).uuid


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
    Row("penugasan: xlsx", url=lambda world: f"/sdm/penugasan/{_order(world).uuid}/unduh.xlsx", answers=THEIR_NAMES),
    Row("penugasan: csv", url=lambda world: f"/sdm/penugasan/{_order(world).uuid}/unduh.csv", answers=THEIR_NAMES),
    Row("jalur: rincian", url=lambda world: f"/sdm/penugasan/jalur/{_path_order(world).uuid}/", answers=OWN_ORDERS),
    Row("jalur: cabut", url=lambda world: f"/sdm/penugasan/jalur/{_path_order(world).uuid}/cabut/", answers=OWN_ORDERS),
    Row(
        "jalur: batalkan",
        url=lambda world: f"/sdm/penugasan/jalur/{_path_order(world).uuid}/batalkan/",
        answers=OWN_ORDERS,
    ),
    Row(
        "jalur: xlsx",
        url=lambda world: f"/sdm/penugasan/jalur/{_path_order(world).uuid}/unduh.xlsx",
        answers=THEIR_NAMES,
    ),
    Row(
        "jalur: csv", url=lambda world: f"/sdm/penugasan/jalur/{_path_order(world).uuid}/unduh.csv", answers=THEIR_NAMES
    ),
    Row(
        "jalur: milik sendiri",
        url=lambda world: _path_order(world).url,
        answers=everyone(404, visitor=302, officer=200, colleague=200),
    ),
    Row("pengakuan: daftar", url=lambda world: "/sdm/pengakuan/", answers=DECIDERS),
    Row("pengakuan: minta", url=lambda world: "/sdm/pengakuan/baru/", answers=ASSIGNERS),
    Row("pengakuan: impor", url=lambda world: "/sdm/pengakuan/impor/", answers=ASSIGNERS | {"administrator": 200}),
    Row("pengakuan: templat", url=lambda world: "/sdm/pengakuan/impor/templat.xlsx", answers=ASSIGNERS),
    Row(
        "pengakuan: impor milik SDM",
        url=lambda world: f"/sdm/pengakuan/impor/{_recognition_file(world)}/",
        answers=everyone(404, visitor=302, sdm=200),
    ),
    Row(
        "pengakuan: baris permintaan",
        url=lambda world: f"/sdm/pengakuan/permintaan/{_recognition_asked(world).uuid}/",
        answers=OWN_ORDERS | {"head": 200},
    ),
    Row(
        "pengakuan: rincian",
        url=lambda world: f"/sdm/pengakuan/{_recognition(world).uuid}/",
        answers=OWN_ORDERS | {"head": 200},
    ),
    Row(
        "pengakuan: dokumen",
        url=lambda world: f"/sdm/pengakuan/{_recognition(world, scan=True).uuid}/dokumen/",
        answers=OWN_ORDERS | {"head": 200},
    ),
    Row(
        "pengakuan: cabut",
        url=lambda world: f"/sdm/pengakuan/{_recognition(world).uuid}/cabut/",
        answers=OWN_ORDERS,
    ),
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
