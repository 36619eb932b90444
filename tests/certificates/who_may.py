"""Who may do what with certificates. The world's officer earned one; the foreign officer has another."""

from certificates import services
from certificates.models import Certificate
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued
from tests.who_may import Row, everyone


def certificate(world, *, rendered: bool = False) -> Certificate:
    if not world.polres.letterheads.exists():
        UnitLetterheadFactory(unit=world.polres)
    return Certificate.objects.filter(officer=world.officer).first() or issued(world.officer, rendered=rendered)


def public(world, path: str = "") -> str:
    return f"/verifikasi/{certificate(world).shown_id}/{path}"


def asked(world):
    return services.ask_revocation(
        certificate=certificate(world), reason="Salah orang.", actor=world.person("upper_sdm"), at=NOON
    )


def book(world, path: str = "") -> str:
    return f"/sdm/sertifikat/nomor/{certificate(world).series_id}/{path}"


def numberless(world) -> str:
    found = certificate(world)
    Certificate.objects.filter(pk=found.pk).update(number="", sequence=None)
    return f"/sdm/sertifikat/{found.shown_id}/beri-nomor/"


READERS = {"sdm": 200, "upper_sdm": 200, "head": 200}
STAFF = everyone(403, visitor=302, foreign_sdm=200, **READERS)
# Who holds the role elsewhere gets 404, who holds none 403.
RECORD = everyone(403, visitor=302, foreign_sdm=404, **READERS)
SDM_PAGE = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200)
SDM_RECORD = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=404)

ROWS = [
    Row("sertifikat: milik saya", url=lambda world: "/sertifikat/", answers=everyone(200, visitor=302)),
    Row(
        "sertifikat: berkas",
        url=lambda world: f"/sertifikat/{certificate(world, rendered=True).shown_id}.pdf",
        answers=everyone(404, visitor=302, officer=200, **READERS),
    ),
    Row("sertifikat: menunggu TTE", url=lambda world: "/sertifikat/tte/", answers=everyone(200, visitor=302)),
    Row("verifikasi: mulai", url=lambda world: "/verifikasi/", answers=everyone(200)),
    Row("verifikasi: satu sertifikat", url=public, answers=everyone(200)),
    Row("verifikasi: kode tak dikenal", url=lambda world: "/verifikasi/0000-0000-0000-0000-0/", answers=everyone(404)),
    Row(
        "verifikasi: cocokkan nomor",
        url=lambda world: public(world, "nomor/"),
        method="post",
        data={"nomor": "12345678"},
        answers=everyone(200),
    ),
    Row("verifikasi: periksa berkas", url=lambda world: public(world, "berkas/"), method="post", answers=everyone(200)),
    Row(
        "verifikasi: cari dengan berkas", url=lambda world: "/verifikasi/berkas/", method="post", answers=everyone(200)
    ),
    Row("sertifikat: daftar SDM", url=lambda world: "/sdm/sertifikat/", answers=STAFF),
    Row("sertifikat: ekspor XLSX", url=lambda world: "/sdm/sertifikat/ekspor.xlsx", answers=STAFF),
    Row("sertifikat: ekspor CSV", url=lambda world: "/sdm/sertifikat/ekspor.csv", answers=STAFF),
    Row(
        "sertifikat: satu di daftar SDM",
        url=lambda world: f"/sdm/sertifikat/{certificate(world).shown_id}/",
        answers=RECORD,
    ),
    Row(
        "sertifikat: minta pencabutan",
        url=lambda world: f"/sdm/sertifikat/{certificate(world).shown_id}/cabut/",
        answers=SDM_RECORD,
    ),
    Row("nomor: seri", url=lambda world: "/sdm/sertifikat/nomor/", answers=STAFF),
    Row("nomor: mulai seri", url=lambda world: "/sdm/sertifikat/nomor/mulai/", answers=SDM_PAGE),
    Row("nomor: buku", url=book, answers=RECORD),
    Row("nomor: buku XLSX", url=lambda world: book(world, "buku.xlsx"), answers=RECORD),
    Row("nomor: buku CSV", url=lambda world: book(world, "buku.csv"), answers=RECORD),
    Row("nomor: buku PDF", url=lambda world: book(world, "buku-1.pdf"), answers=RECORD),
    Row("nomor: pesan", url=lambda world: book(world, "pesan/"), answers=SDM_RECORD),
    Row("nomor: batalkan", url=lambda world: book(world, "batal/"), answers=SDM_RECORD),
    Row("nomor: beri", url=numberless, answers=SDM_RECORD),
    Row(
        "kop: daftar",
        url=lambda world: "/sdm/sertifikat/kop/",
        answers=SDM_PAGE,
    ),
    Row("kop: satu satuan", url=lambda world: f"/sdm/sertifikat/kop/{world.polres.pk}/", answers=SDM_RECORD),
    Row(
        "kop: gambar",
        url=lambda world: f"/sdm/sertifikat/kop/{world.polres.pk}/pratinjau.png",
        answers=SDM_RECORD,
    ),
    Row("persetujuan: daftar", url=lambda world: "/sdm/persetujuan/", answers=STAFF),
    Row("persetujuan: satu", url=lambda world: f"/sdm/persetujuan/{asked(world).uuid}/", answers=RECORD),
]
