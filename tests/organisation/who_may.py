"""Who may open which door of organisation: sign-in, the own account, people, units, slips and roles."""

from django.utils import timezone

from organisation.models import Capacity, ImportKind, Rank, Role, RosterImport
from organisation.services import name_deputy
from tests.factories.organisation import RoleGrantFactory, UnitFactory
from tests.who_may import Row, everyone

SIGNED_IN = everyone(200, visitor=302)
ENTRANCE = everyone(302, visitor=200)
NO_OFFICER = everyone(200, visitor=302, administrator=404)
MANAGERS = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200, administrator=200)
READERS = MANAGERS | {"head": 200}
# One officer of the Polsek: own SDM and those above act, the head looks, everybody else finds nothing.
OFFICER_READ = everyone(404, visitor=302, head=200, sdm=200, upper_sdm=200, administrator=200)
OFFICER_FORM = OFFICER_READ | {"head": 403}
OFFICER_ACT = everyone(404, visitor=302, head=403, sdm=302, upper_sdm=302, administrator=302)
ADMINISTRATORS = everyone(403, visitor=302, administrator=200)


def _person(world, page="") -> str:
    return f"/sdm/personel/{world.officer.uuid}/{page}"


def _place(world) -> dict:
    return {"unit": world.polsek.pk, "rank": Rank.objects.get(code="aipda").pk, "post": "Kanit"}


def _upload(world, kind) -> RosterImport:
    return RosterImport.objects.create(
        kind=kind, file_name="x", uploaded_by=world.people["sdm"], uploaded_at=timezone.now(), applied_at=timezone.now()
    )


def _unit_data(world) -> dict:
    return {"code": "SEK-X", "name": "Polsek X", "short_name": "Polsek X", "level": 4, "zone": "Asia/Jakarta"}


def _empty_unit(world) -> int:
    return UnitFactory(parent=world.polres).pk


def _grant(world) -> int:
    return RoleGrantFactory(user=world.officer.user, role=Role.HEAD, unit=world.polsek).pk


def _handover(world) -> int:
    """SDM of the Polres let the officer stand in."""
    giver, now = world.people["sdm"], timezone.now()
    return name_deputy(
        grant=giver.role_grants.get(),
        deputy=world.officer.user,
        capacity=Capacity.DAILY,
        first=timezone.localdate(now),
        last=timezone.localdate(now),
        order_number="Sprin/5",
        with_tasks=False,
        actor=giver,
        at=now,
    ).pk


UPLOAD = everyone(404, visitor=302, sdm=200)

ROWS = [
    Row("audit: jejak", url=lambda world: "/sdm/audit/", answers=MANAGERS),
    Row("audit: xlsx", url=lambda world: "/sdm/audit/unduh.xlsx", answers=MANAGERS),
    Row("audit: csv", url=lambda world: "/sdm/audit/unduh.csv", answers=MANAGERS),
    # sign-in and the own account
    Row("masuk", url=lambda world: "/masuk/", answers=ENTRANCE),
    Row("masuk: faktor kedua tanpa kata sandi", url=lambda world: "/masuk/faktor-kedua/", answers=everyone(302)),
    Row("masuk: passkey tanpa skrip", url=lambda world: "/masuk/passkey/", answers=everyone(302)),
    Row("keluar: bertanya dahulu", url=lambda world: "/keluar/", answers=SIGNED_IN),
    Row("keluar", url=lambda world: "/keluar/", method="post", answers=everyone(302)),
    Row("aktivasi", url=lambda world: "/aktivasi/", answers=ENTRANCE),
    Row("akun", url=lambda world: "/akun/", answers=SIGNED_IN),
    Row("akun: siapa melihat", url=lambda world: "/akun/siapa-melihat/", answers=NO_OFFICER),
    Row("akun: unduh data", url=lambda world: "/akun/unduh/", answers=NO_OFFICER),
    Row("akun: konfirmasi", url=lambda world: "/akun/konfirmasi/", answers=SIGNED_IN),
    Row("akun: kata sandi", url=lambda world: "/akun/kata-sandi/", answers=SIGNED_IN),
    Row("akun: sesi", url=lambda world: "/akun/sesi/", answers=SIGNED_IN),
    Row(
        "akun: akhiri sesi lain",
        url=lambda world: "/akun/sesi/akhiri-lainnya/",
        method="post",
        answers=everyone(302),
    ),
    Row(
        "akun: akhiri sesi yang bukan milik sendiri",
        url=lambda world: "/akun/sesi/999999/akhiri/",
        method="post",
        answers=everyone(404, visitor=302),
    ),
    Row("akun: faktor kedua", url=lambda world: "/akun/faktor-kedua/", answers=SIGNED_IN),
    Row(
        "akun: konfirmasi dengan kode",
        url=lambda world: "/akun/faktor-kedua/konfirmasi/",
        answers=everyone(302),
    ),
    Row(
        "akun: pasang aplikasi kode",
        url=lambda world: "/akun/faktor-kedua/aplikasi/pasang/",
        answers=SIGNED_IN,
    ),
    Row(
        "akun: lepas aplikasi kode yang tidak ada",
        url=lambda world: "/akun/faktor-kedua/aplikasi/lepas/",
        answers=everyone(404, visitor=302),
    ),
    Row(
        "akun: kode cadangan yang belum ada",
        url=lambda world: "/akun/faktor-kedua/kode-cadangan/",
        answers=everyone(404, visitor=302),
    ),
    Row(
        "akun: buat kode cadangan",
        url=lambda world: "/akun/faktor-kedua/kode-cadangan/buat/",
        answers=SIGNED_IN,
    ),
    Row(
        "akun: unduh kode cadangan yang belum ada",
        url=lambda world: "/akun/faktor-kedua/kode-cadangan/unduh/",
        answers=everyone(404, visitor=302),
    ),
    Row("akun: passkey", url=lambda world: "/akun/faktor-kedua/passkey/", answers=SIGNED_IN),
    Row("akun: tambah passkey", url=lambda world: "/akun/faktor-kedua/passkey/tambah/", answers=SIGNED_IN),
    Row(
        "akun: konfirmasi dengan passkey yang tidak ada",
        url=lambda world: "/akun/faktor-kedua/passkey/konfirmasi/",
        answers=everyone(302),
    ),
    Row(
        "akun: hapus passkey yang bukan milik sendiri",
        url=lambda world: "/akun/faktor-kedua/passkey/999999/hapus/",
        answers=everyone(404, visitor=302),
    ),
    # people
    Row("personel: daftar", url=lambda world: "/sdm/personel/", answers=READERS),
    Row("personel: xlsx", url=lambda world: "/sdm/personel/unduh.xlsx", answers=READERS),
    Row("personel: csv", url=lambda world: "/sdm/personel/unduh.csv", answers=READERS),
    Row("personel: tambah", url=lambda world: "/sdm/personel/tambah/", answers=MANAGERS),
    Row("personel: impor", url=lambda world: "/sdm/personel/impor/", answers=MANAGERS),
    Row("personel: templat", url=lambda world: "/sdm/personel/impor/templat.xlsx", answers=MANAGERS),
    Row(
        "personel: impor milik SDM",
        url=lambda world: f"/sdm/personel/impor/{_upload(world, ImportKind.OFFICERS).uuid}/",
        answers=UPLOAD,
    ),
    Row("personel: catatan", url=_person, answers=OFFICER_READ),
    Row("personel: perbaiki", url=lambda world: _person(world, "perbaiki/"), answers=OFFICER_FORM),
    Row("personel: mutasi", url=lambda world: _person(world, "mutasi/"), answers=OFFICER_FORM),
    Row(
        "personel: catat mutasi",
        url=lambda world: _person(world, "mutasi/"),
        method="post",
        data=_place,
        answers=OFFICER_ACT,
    ),
    Row("personel: lepas", url=lambda world: _person(world, "lepas/"), answers=OFFICER_FORM),
    Row(
        "personel: akhiri penempatan",
        url=lambda world: _person(world, "lepas/"),
        method="post",
        data={"reason": "pensiun"},
        answers=OFFICER_ACT,
    ),
    Row("personel: tutup akun", url=lambda world: _person(world, "akun/"), method="post", answers=OFFICER_ACT),
    # units
    Row("satuan: pohon", url=lambda world: "/sdm/satuan/", answers=READERS),
    Row("satuan: impor", url=lambda world: "/sdm/satuan/impor/", answers=MANAGERS),
    Row("satuan: templat", url=lambda world: "/sdm/satuan/impor/templat.xlsx", answers=MANAGERS),
    Row(
        "satuan: impor milik SDM",
        url=lambda world: f"/sdm/satuan/impor/{_upload(world, ImportKind.UNITS).uuid}/",
        answers=UPLOAD,
    ),
    Row("satuan: halaman", url=lambda world: f"/sdm/satuan/{world.polsek.pk}/", answers=OFFICER_READ),
    Row(
        "satuan: satuan di atas wewenang",
        url=lambda world: f"/sdm/satuan/{world.polda.pk}/",
        answers=everyone(404, visitor=302, upper_sdm=200, administrator=200),
    ),
    Row(
        "satuan: ubah",
        url=lambda world: f"/sdm/satuan/{world.polsek.pk}/",
        method="post",
        data=_unit_data,
        answers=OFFICER_ACT,
    ),
    Row("satuan: tambah", url=lambda world: f"/sdm/satuan/{world.polsek.pk}/tambah/", answers=OFFICER_FORM),
    Row(
        "satuan: pindah",
        url=lambda world: f"/sdm/satuan/{world.polsek.pk}/pindah/",
        method="post",
        data=lambda world: {"parent": world.other_polsek.pk},
        answers=OFFICER_ACT,
    ),
    Row(
        "satuan: tutup",
        url=lambda world: f"/sdm/satuan/{_empty_unit(world)}/tutup/",
        method="post",
        answers=OFFICER_ACT,
    ),
    # slips and roles
    Row("slip", url=lambda world: "/sdm/slip/", answers=MANAGERS),
    Row(
        "serah terima",
        url=lambda world: "/sdm/serah-terima/",
        answers=everyone(403, visitor=302, head=200, sdm=200, upper_sdm=200, foreign_sdm=200),
    ),
    Row(
        "serah terima: batal",
        url=lambda world: f"/sdm/serah-terima/{_handover(world)}/batal/",
        method="post",
        # The officer stands in for SDM, and handed nothing over.
        answers=everyone(403, visitor=302, officer=404, head=404, sdm=302, upper_sdm=404, foreign_sdm=404),
    ),
    Row("peran", url=lambda world: "/sdm/peran/", answers=ADMINISTRATORS),
    Row(
        "peran: akhiri",
        url=lambda world: f"/sdm/peran/{_grant(world)}/akhiri/",
        method="post",
        answers=ADMINISTRATORS | {"administrator": 302},
    ),
]
