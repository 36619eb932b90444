from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from organisation.models import Role
from programmes.models import Activity, Period, Programme
from reports.models import ExportJob, ReportFile, ReportSchedule, Rhythm, SavedReport
from reports.quick_wins import submitting
from tests.clock import NOON
from tests.factories.enrolments import DutyFactory, assigned
from tests.factories.organisation import RoleGrantFactory
from tests.who_may import Row, everyone

# Who reads learning over world.polres: its SDM and its head, and SDM above it. The unit asked for is the officer's.
READERS = {"sdm": 200, "upper_sdm": 200, "head": 200}
STRANGERS = {"foreign_sdm": 404}


def _of_the_officers_unit(path: str):
    return lambda world: f"{path}?satuan={world.polsek.code}"


def _period(world) -> int:
    programme = Programme.objects.create(code="qw-uji", name="Quick Wins Uji")
    period = Period.objects.create(programme=programme, name="TW IV", starts_on=NOON.date(), ends_on=NOON.date())
    Activity.objects.create(period=period, code="P3.1", field="SDM", name="Pelatihan")
    return period.pk


def _quick_wins(path: str):
    return lambda world: f"/sdm/quick-wins/{_period(world)}/{path}?satuan={world.polsek.code}"


def _quick_wins_file(path: str):
    return lambda world: f"/sdm/quick-wins/{path}?periode={_period(world)}&satuan={world.polsek.code}"


def _report(world, path: str = "", *, state: str = "draft") -> str:
    """A report of the officer's Polres; ``submitted`` and ``verified`` by people who ask for nothing here."""
    sdm = RoleGrantFactory(role=Role.SDM, unit=world.polres).user
    period = Period.objects.get(pk=_period(world))
    assigned(world.course, world.polsek, actor=sdm, activity=period.activities.get())
    now = timezone.now()
    report = submitting.prepare_report(period=period, unit=world.polres, actor=sdm, at=now)
    if state != "draft":
        submission = submitting.submit_report(report=report, actor=sdm, at=now)
        storages["private"].save("reports/who-may.pdf", ContentFile(b"%PDF-"))
        ReportFile.objects.create(
            step=submission.step, sha256="", size=5, storage_name="reports/who-may.pdf", created_at=now
        )
        report.refresh_from_db()
    if state == "verified":
        head = RoleGrantFactory(role=Role.HEAD, unit=world.polres).user
        submitting.verify_report(report=report, actor=head, at=now)
    return f"/sdm/quick-wins/laporan/{report.uuid}/{path}"


def _saved(world, user: str) -> SavedReport:
    """A report saved by somebody of the world's staff, and sent."""
    report = SavedReport.objects.create(
        owner=world.people[user], name="Mingguan", page="completion", query="", saved_at=NOON
    )
    ReportSchedule.objects.create(report=report, rhythm=Rhythm.WEEKLY, last_period="2026-W47", started_at=NOON)
    return report


def _file(world, user: str) -> ExportJob:
    return ExportJob.objects.create(
        owner=world.people[user], report="names", kind="csv", title="Nama", total=1, asked_at=NOON
    )


def _late_officer(world) -> str:
    DutyFactory(officer=world.officer, due_at=NOON - timedelta(days=400))
    return f"/sdm/personel/{world.officer.uuid}/ingatkan/"


def _late_polsek(world) -> str:
    _late_officer(world)
    return f"/sdm/penagihan/ingatkan/?satuan={world.polsek.code}"


ROWS = [
    Row(
        "laporan: perubahan karena mutasi",
        url=lambda world: "/sdm/penugasan/perubahan/",
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200),
    ),
    Row(
        "laporan: perubahan karena mutasi di sebuah satuan",
        url=_of_the_officers_unit("/sdm/penugasan/perubahan/"),
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=404),
    ),
    Row(
        "laporan: berkas perubahan karena mutasi",
        url=_of_the_officers_unit("/sdm/penugasan/perubahan/unduh.csv"),
        # A head reads what people learn, but no orders.
        answers=everyone(403, visitor=302, head=404, sdm=200, upper_sdm=200, foreign_sdm=404),
    ),
    Row(
        "laporan: ringkasan SDM",
        url=lambda world: "/sdm/",
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200, administrator=302),
    ),
    Row(
        "laporan: ringkasan SDM sebuah satuan",
        url=_of_the_officers_unit("/sdm/"),
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=404, administrator=302),
    ),
    *(
        Row(
            f"laporan: {name}",
            url=_of_the_officers_unit(path),
            answers=everyone(403, visitor=302, **READERS, **STRANGERS),
        )
        for name, path in (
            ("penagihan", "/sdm/penagihan/"),
            ("unduh penagihan", "/sdm/penagihan/unduh.xlsx"),
            ("unduh penagihan sebagai pdf", "/sdm/penagihan/unduh.pdf"),
            ("penyelesaian", "/sdm/penyelesaian/"),
            ("nama", "/sdm/penyelesaian/nama/"),
            ("unduh nama", "/sdm/penyelesaian/nama/unduh.csv"),
            ("unduh per satuan", "/sdm/penyelesaian/satuan.xlsx"),
            ("unduh per pelatihan", "/sdm/penyelesaian/pelatihan.csv"),
            ("quick wins", "/sdm/quick-wins/"),
        )
    ),
    *(
        Row(
            f"laporan: {name} quick wins",
            url=_quick_wins(path),
            answers=everyone(403, visitor=302, **READERS, **STRANGERS),
        )
        for name, path in (("nama", "nama/"), ("loket", "loket/"))
    ),
    *(
        Row(
            f"laporan: unduh {name} quick wins",
            url=_quick_wins_file(path),
            answers=everyone(403, visitor=302, **READERS, **STRANGERS),
        )
        for name, path in (
            ("kegiatan", "unduh.xlsx"),
            ("target", "target.csv"),
            ("satuan", "satuan.csv"),
            ("loket", "loket.csv"),
            ("nama", "nama/unduh.csv"),
        )
    ),
    Row(
        "laporan periode: siapkan",
        url=_quick_wins("siapkan/"),
        method="post",
        data=lambda world: {"satuan": world.polsek.code},
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, **STRANGERS),
    ),
    Row(
        "laporan periode: daftar",
        url=lambda world: "/sdm/quick-wins/laporan/",
        answers=everyone(403, visitor=302, foreign_sdm=200, **READERS),
    ),
    *(
        Row(
            f"laporan periode: {name}",
            url=lambda world, path=path: _report(world, path, state="submitted"),
            answers=everyone(403, visitor=302, **READERS, **STRANGERS),
        )
        for name, path in (("buka", ""), ("nama", "nama/"), ("xlsx", "unduh.xlsx"), ("pdf", "laporan.pdf"))
    ),
    *(
        Row(
            f"laporan periode: {name}",
            url=lambda world, path=path: _report(world, path),
            method=method,
            answers=everyone(403, visitor=302, sdm=answer, upper_sdm=answer, **STRANGERS),
        )
        for name, path, method, answer in (
            ("tulis keterangan", "keterangan/", "get", 200),
            ("ajukan", "ajukan/", "post", 302),
        )
    ),
    *(
        # Whether the step is theirs is told in words: test_period_reports.py.
        Row(
            f"laporan periode: {name}",
            url=lambda world, path=path: _report(world, path, state="submitted"),
            method="post",
            data={"reason": "Foto belum dilampirkan."},
            answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, head=302, **STRANGERS),
        )
        for name, path in (("verifikasi", "verifikasi/"), ("tolak", "tolak/"))
    ),
    Row(
        "laporan: riwayat belajar personel",
        url=lambda world: f"/sdm/personel/{world.officer.uuid}/pelatihan/",
        answers=everyone(403, visitor=302, **READERS, **STRANGERS),
    ),
    *(
        Row(
            f"laporan: {name}",
            url=_of_the_officers_unit(path),
            answers=everyone(403, visitor=302, **READERS, **STRANGERS),
        )
        for name, path in (
            ("matriks", "/sdm/matriks/"),
            ("unduh matriks", "/sdm/matriks/unduh.csv"),
            ("unduh matriks sebagai pdf", "/sdm/matriks/unduh.pdf"),
            ("masa berlaku", "/sdm/kedaluwarsa/"),
            ("unduh masa berlaku", "/sdm/kedaluwarsa/unduh.xlsx"),
            ("jp", "/sdm/jp/"),
            ("unduh jp", "/sdm/jp/unduh.xlsx"),
            ("terhadap target", "/sdm/penyelesaian/target/"),
            ("unduh terhadap target", "/sdm/penyelesaian/target/unduh.xlsx"),
            ("dampak", "/sdm/penyelesaian/dampak/"),
            ("unduh dampak", "/sdm/penyelesaian/dampak/unduh.csv"),
            ("nama dampak", "/sdm/penyelesaian/dampak/nama/"),
            ("unduh nama dampak", "/sdm/penyelesaian/dampak/nama/unduh.csv"),
            ("kesiapan loket", "/sdm/kesiapan/"),
            ("unduh kesiapan loket", "/sdm/kesiapan/unduh.csv"),
        )
    ),
    Row(
        "laporan: penyelesaian pada hari yang lalu",
        url=lambda world: f"/sdm/penyelesaian/?satuan={world.polsek.code}&per=2026-01-01&menurut=catatan",
        answers=everyone(403, visitor=302, **READERS, **STRANGERS),
    ),
    Row(
        "laporan: target jp",
        url=lambda world: "/sdm/jp/target/",
        answers=everyone(403, visitor=302, administrator=200),
    ),
    Row(
        "laporan: transkrip personel",
        url=lambda world: f"/sdm/personel/{world.officer.uuid}/transkrip/",
        answers=everyone(403, visitor=302, **READERS, **STRANGERS),
    ),
    Row(
        "laporan: transkrip personel sebagai pdf",
        url=lambda world: f"/sdm/personel/{world.officer.uuid}/transkrip/unduh.pdf",
        answers=everyone(403, visitor=302, **READERS, **STRANGERS),
    ),
    Row("laporan: jp sendiri", url=lambda world: "/jp/", answers=everyone(200, visitor=302, administrator=404)),
    Row(
        "laporan: transkrip sendiri",
        url=lambda world: "/transkrip/",
        answers=everyone(200, visitor=302, administrator=404),
    ),
    Row(
        "laporan: transkrip sendiri sebagai pdf",
        url=lambda world: "/transkrip/unduh.pdf",
        answers=everyone(200, visitor=302, administrator=404),
    ),
    Row(
        "laporan: mengapa pelatihan saya belum selesai",
        url=lambda world: f"/pelatihan/{world.course.slug}/mengapa/",
        answers=everyone(404, visitor=302, officer=200),
    ),
    Row(
        "laporan: ingatkan satuan",
        url=_late_polsek,
        answers=everyone(403, visitor=302, **READERS, **STRANGERS),
    ),
    Row(
        "laporan: ingatkan personel",
        url=_late_officer,
        answers=everyone(403, visitor=302, **READERS, **STRANGERS),
    ),
    Row(
        "laporan: catat pengingat kepada personel",
        url=_late_officer,
        method="post",
        data={"text": "Mohon diselesaikan."},
        answers=everyone(403, visitor=302, head=302, sdm=302, upper_sdm=302, foreign_sdm=404),
    ),
    Row(
        "laporan: halaman pimpinan",
        url=lambda world: "/satuan/",
        answers=everyone(403, visitor=302, head=200),
    ),
    Row(
        "laporan: halaman pimpinan untuk satuan di bawahnya",
        url=_of_the_officers_unit("/satuan/"),
        answers=everyone(403, visitor=302, head=200),
    ),
    Row(
        "laporan: halaman pimpinan untuk satuan tetangga",
        url=lambda world: f"/satuan/?satuan={world.foreign_polsek.code}",
        answers=everyone(403, visitor=302, head=404),
    ),
    Row(
        "laporan: laporan saya",
        url=lambda world: "/sdm/laporan/",
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, head=200, foreign_sdm=200),
    ),
    Row(
        "laporan: simpan laporan",
        url=lambda world: "/sdm/laporan/simpan/",
        method="post",
        data={"page": "completion", "query": "", "name": "Mingguan"},
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, head=302, foreign_sdm=302),
    ),
    *(
        Row(
            f"laporan: {name} laporan tersimpan",
            url=lambda world, path=path: f"/sdm/laporan/{_saved(world, 'sdm').uuid}/{path}",
            method=method,
            data=data,
            answers=everyone(403, visitor=302, sdm=status, upper_sdm=404, head=404, foreign_sdm=404),
        )
        for name, path, method, data, status in (
            ("buka", "", "get", {}, 302),
            ("ubah", "ubah/", "get", {}, 200),
            ("hapus", "hapus/", "post", {}, 302),
            ("kirim", "kirim/", "post", {"rhythm": "monthly"}, 302),
            ("berhenti mengirim", "berhenti/", "post", {}, 302),
        )
    ),
    Row(
        "laporan: keadaan berkas",
        url=lambda world: f"/sdm/laporan/berkas/{_file(world, 'sdm').uuid}/",
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=404, head=404, foreign_sdm=404, administrator=404),
    ),
    Row(
        "laporan: ambil berkas yang belum siap",
        url=lambda world: f"/sdm/laporan/berkas/{_file(world, 'sdm').uuid}/unduh/",
        answers=everyone(403, visitor=302, sdm=403, upper_sdm=404, head=404, foreign_sdm=404, administrator=404),
    ),
]
