"""Who may do what with certificates. The world's officer earned one; the foreign officer has another."""

from unittest.mock import patch

from django.http import QueryDict
from django.utils import timezone

from certificates import services
from certificates.models import Certificate, CertificateWork, WorkKind
from enrolments.models import CourseCompletion
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued, paper
from tests.factories.courses import published_course
from tests.factories.enrolments import completed
from tests.who_may import Row, everyone


def certificate(world, *, rendered: bool = False) -> Certificate:
    if not world.polres.letterheads.exists():
        UnitLetterheadFactory(unit=world.polres)
    return Certificate.objects.filter(officer=world.officer).first() or issued(world.officer, rendered=rendered)


def public(world, path: str = "") -> str:
    return f"/verifikasi/{certificate(world).shown_id}/{path}"


def asked(world):
    return services.ask_revocation(
        certificate=certificate(world), reason="Salah orang.", paper=paper(), actor=world.person("upper_sdm"), at=NOON
    )


def book(world, path: str = "") -> str:
    return f"/sdm/sertifikat/nomor/{certificate(world).series_id}/{path}"


def numberless(world) -> str:
    found = certificate(world)
    Certificate.objects.filter(pk=found.pk).update(number="", sequence=None)
    return f"/sdm/sertifikat/{found.shown_id}/beri-nomor/"


def missing(world) -> CourseCompletion:
    """The officer's completion as if it had never brought a certificate."""
    found = CourseCompletion.objects.filter(officer=world.officer, certificate=None).first()
    if found:
        return found
    with patch("certificates.receivers.services.issue_certificate"):
        return completed(world.officer, published_course(), at=NOON)


def work(world) -> CertificateWork:
    """What the SDM of the Polres asked for: the files for the printer, ready."""
    found = CertificateWork.objects.filter(asked_by=world.person("sdm"), kind=WorkKind.PRINT).first()
    if found is None:
        certificate(world, rendered=True)
        found = services.ask_work(kind=WorkKind.PRINT, data=QueryDict(), actor=world.person("sdm"), at=timezone.now())
        while services.continue_work(work=found, at=timezone.now()):
            pass
    return found


READERS = {"sdm": 200, "upper_sdm": 200, "head": 200}
STAFF = everyone(403, visitor=302, foreign_sdm=200, **READERS)
# Who holds the role elsewhere gets 404, who holds none 403.
RECORD = everyone(403, visitor=302, foreign_sdm=404, **READERS)
SDM_PAGE = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200)
SDM_ALONE = everyone(403, visitor=302, sdm=302, upper_sdm=302, foreign_sdm=302)
# Who asked for it, and nobody beside or above.
OWN_WORK = everyone(403, visitor=302, sdm=200, upper_sdm=404, foreign_sdm=404, head=404)
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
    *[
        Row(
            f"verifikasi tanpa server: {file or 'mulai'}",
            url=lambda world, file=file: f"/verifikasi/luring/{file}",
            answers=everyone(200),
        )
        for file in ("", "kunci.pem", "check_offline.py")
    ],
    *[
        # There is none yet.
        Row(
            f"verifikasi tanpa server: {file}",
            url=lambda world, file=file: f"/verifikasi/luring/{file}",
            answers=everyone(404),
        )
        for file in ("daftar-status.txt", "daftar-status.txt.sig")
    ],
    Row("sertifikat: daftar SDM", url=lambda world: "/sdm/sertifikat/", answers=STAFF),
    Row("sertifikat: ekspor XLSX", url=lambda world: "/sdm/sertifikat/ekspor.xlsx", answers=STAFF),
    Row("sertifikat: ekspor CSV", url=lambda world: "/sdm/sertifikat/ekspor.csv", answers=STAFF),
    Row(
        "sertifikat: satu di daftar SDM",
        url=lambda world: f"/sdm/sertifikat/{certificate(world).shown_id}/",
        answers=RECORD,
    ),
    *[
        Row(
            f"sertifikat: minta {words}",
            url=lambda world, path=path: f"/sdm/sertifikat/{certificate(world).shown_id}/{path}/",
            answers=SDM_RECORD,
        )
        for words, path in (("pencabutan", "cabut"), ("koreksi", "koreksi"), ("terbit ulang", "terbit-ulang"))
    ],
    *[
        Row(
            f"sertifikat: riwayat {kind}",
            url=lambda world, kind=kind: f"/sdm/sertifikat/{certificate(world).shown_id}/riwayat.{kind}",
            answers=RECORD,
        )
        for kind in ("xlsx", "csv")
    ],
    *[
        Row(
            f"sertifikat: {path}{file}",
            url=lambda world, path=path, file=file: f"/sdm/sertifikat/{path}/{file}",
            answers=STAFF,
        )
        for path in ("berakhir", "dicabut", "belum")
        for file in ("", "ekspor.xlsx", "ekspor.csv")
    ],
    Row(
        "sertifikat: minta untuk penyelesaian",
        url=lambda world: f"/sdm/sertifikat/belum/{missing(world).uuid}/",
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
        "sertifikat: terbitkan yang belum",
        url=lambda world: "/sdm/sertifikat/belum/terbitkan/",
        method="post",
        # Whether there was anything to issue is said on the page that follows.
        answers=SDM_ALONE,
    ),
    Row("sertifikat: massal", url=lambda world: "/sdm/sertifikat/massal/", answers=STAFF),
    Row(
        "sertifikat: ZIP",
        url=lambda world: f"/sdm/sertifikat/massal/zip/?cari={certificate(world).public_id}",
        answers=everyone(403, visitor=302, foreign_sdm=302, **READERS),
    ),
    Row("sertifikat: kirim", url=lambda world: "/sdm/sertifikat/massal/kirim/", method="post", answers=SDM_ALONE),
    Row(
        "sertifikat: cetak",
        url=lambda world: "/sdm/sertifikat/massal/cetak/",
        method="post",
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, foreign_sdm=302, head=302),
    ),
    Row("sertifikat: pekerjaan", url=lambda world: f"/sdm/sertifikat/pekerjaan/{work(world).uuid}/", answers=OWN_WORK),
    Row(
        "sertifikat: susunan cetak",
        url=lambda world: f"/sdm/sertifikat/pekerjaan/{work(world).uuid}/1.pdf",
        answers=OWN_WORK,
    ),
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
    Row(
        "persetujuan: dokumen",
        url=lambda world: f"/sdm/persetujuan/{asked(world).uuid}/dokumen/",
        answers=RECORD,
    ),
    Row("persetujuan: satu", url=lambda world: f"/sdm/persetujuan/{asked(world).uuid}/", answers=RECORD),
]
