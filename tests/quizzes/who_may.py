"""Who may do what with quizzes: an attempt belongs to its officer alone; SDM grants within its units."""

from datetime import timedelta

from quizzes.models import Attempt, LateAnswer, MarkingTask, Outage, RedoRequest
from quizzes.services import submit_attempt
from tests.clock import LONG_AGO, NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import UnitFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all
from tests.quizzes.corrections import asked, first_question, right_is
from tests.quizzes.marking_scene import essay_waiting, task_of
from tests.who_may import Row, everyone


def running(world, **settings) -> Attempt:
    version = QuizVersionFactory(**settings)
    return AttemptFactory(
        version=version, enrolment=EnrolmentFactory(officer=world.officer, course=version.item.course), epoch=0
    )


def finished(world, **settings) -> Attempt:
    version = QuizVersionFactory(**settings)
    enrolment = EnrolmentFactory(officer=world.officer, course=version.item.course)
    return AttemptFactory(version=version, enrolment=enrolment, finished=True)


def startable(world) -> str:
    version = QuizVersionFactory()
    EnrolmentFactory(officer=world.officer, course=version.item.course)
    return f"/kuis/mulai/{version.item.uuid}/"


def only_owner(status: int) -> dict[str, int]:
    return everyone(404, visitor=302, officer=status)


def outage(world) -> Outage:
    return Outage.objects.create(
        # One unit has one running outage, and every row asks for its own.
        unit=UnitFactory(parent=world.polsek),
        starts_at=LONG_AGO,
        reason="listrik padam",
        recorded_by=world.person("sdm"),
        recorded_at=LONG_AGO,
    )


def redo(world) -> str:
    asked = RedoRequest.objects.create(
        version=QuizVersionFactory(),
        scope="unfinished",
        reason="Soal 3 keliru",
        asked_by=world.person("trainer"),
        asked_at=LONG_AGO,
    )
    return f"/sdm/percobaan/ulang/{asked.uuid}/"


# Every SDM, each about the own units.
ANY_SDM = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200)
# Who holds the role elsewhere gets 404, who holds none 403.
GRANTS = everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=404)

SEES = everyone(403, visitor=302, head=200, sdm=200, upper_sdm=200)
MARKS = everyone(403, visitor=302, trainer=200, reviewer=200)


def graded(world) -> Attempt:
    attempt = running(world)
    answer_all(attempt, right=2)
    return submit_attempt(attempt=attempt, at=NOON)


def essay(world) -> MarkingTask:
    return task_of(essay_waiting(officer=world.officer))


def late_answer(world) -> LateAnswer:
    response = graded(world).responses.first()
    return LateAnswer.objects.create(
        response=response, answer=[], epoch=9, sequence=1, received_at=NOON + timedelta(minutes=5)
    )


# How questions do: for whoever writes or reviews content, whatever their unit.
CONTENT = everyone(403, visitor=302, trainer=200, reviewer=200)


def question_address(world, rest: str = "") -> str:
    version = QuizVersionFactory()
    return f"/analisis/{version.item.uuid}/soal/{version.questions.first().uuid}/{rest}"


def quiz_address(world, rest: str = "") -> str:
    return f"/analisis/{QuizVersionFactory().item.uuid}/{rest}"


def asked_correction(world, *, by: str = "trainer") -> str:
    question = first_question(QuizVersionFactory())
    request = asked(question, right_is(question, 1), actor=world.person(by))
    return f"/analisis/koreksi/{request.uuid}/"


ROWS = [
    Row("kuis: mulai", url=startable, method="post", answers=only_owner(302)),
    Row("kuis: lanjutkan", url=lambda world: f"/kuis/{running(world).uuid}/", answers=only_owner(302)),
    Row("kuis: satu soal", url=lambda world: f"/kuis/{running(world).uuid}/1/", answers=only_owner(200)),
    Row(
        "kuis: simpan jawaban",
        url=lambda world: f"/kuis/{running(world).uuid}/1/",
        method="post",
        data={"epoch": "0", "sequence": "1"},
        answers=only_owner(302),
    ),
    Row("kuis: periksa semua", url=lambda world: f"/kuis/{running(world).uuid}/periksa/", answers=only_owner(200)),
    Row(
        "kuis: kirim",
        url=lambda world: f"/kuis/{running(world).uuid}/kirim/",
        method="post",
        answers=only_owner(302),
    ),
    Row("kuis: hasil", url=lambda world: f"/kuis/{finished(world).uuid}/hasil/", answers=only_owner(200)),
    Row(
        "kuis: kemajuan sendiri", url=lambda world: "/kemajuan/", answers=everyone(200, visitor=302, administrator=404)
    ),
    Row(
        "kuis: hasil lama", url=lambda world: "/sdm/hasil-lama/", answers=everyone(403, visitor=302, administrator=200)
    ),
    Row(
        "percobaan: daftar SDM",
        url=lambda world: "/sdm/percobaan/",
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200),
    ),
    Row(
        "percobaan: beri satu lagi",
        url=lambda world: f"/sdm/percobaan/{finished(world, max_attempts=1).uuid}/",
        answers=GRANTS,
    ),
    Row(
        "percobaan: beri satu lagi, kirim",
        url=lambda world: f"/sdm/percobaan/{finished(world, max_attempts=1).uuid}/",
        method="post",
        data={"reason": "Mengulang bersama Kanit"},
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, foreign_sdm=404),
    ),
    Row("kuis: pertanyakan hasil", url=lambda world: f"/kuis/{graded(world).uuid}/sanggah/", answers=only_owner(200)),
    Row(
        "kuis: pertanyakan hasil, kirim",
        url=lambda world: f"/kuis/{graded(world).uuid}/sanggah/",
        method="post",
        data={"text": "Mengapa?"},
        answers=only_owner(302),
    ),
    Row(
        "percobaan: riwayat",
        url=lambda world: "/sdm/percobaan/riwayat/",
        answers=SEES | {"foreign_sdm": 200},
    ),
    Row(
        "percobaan: satu",
        url=lambda world: f"/sdm/percobaan/riwayat/{graded(world).uuid}/",
        answers=SEES | {"foreign_sdm": 404},
    ),
    Row(
        "percobaan: jawaban terlambat",
        url=lambda world: "/sdm/percobaan/terlambat/",
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200),
    ),
    Row(
        "percobaan: tinjau jawaban terlambat",
        url=lambda world: f"/sdm/percobaan/terlambat/{late_answer(world).pk}/",
        answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=404),
    ),
    Row(
        "percobaan: putuskan jawaban terlambat",
        url=lambda world: f"/sdm/percobaan/terlambat/{late_answer(world).pk}/",
        method="post",
        data={"decision": "tolak", "reason": "Tanpa gangguan"},
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, foreign_sdm=404),
    ),
    Row("penilaian: antrean", url=lambda world: "/nilai/", answers=MARKS),
    Row(
        "penilaian: ambil",
        url=lambda world: "/nilai/ambil/",
        method="post",
        answers=everyone(403, visitor=302, trainer=302, reviewer=302),
    ),
    Row("penilaian: satu jawaban", url=lambda world: f"/nilai/{essay(world).uuid}/", answers=MARKS),
    Row(
        "penilaian: simpan nilai tanpa mengambilnya",
        url=lambda world: f"/nilai/{essay(world).uuid}/",
        method="post",
        answers=everyone(403, visitor=302, trainer=302, reviewer=302),
    ),
    Row("penilaian: percobaan tanpa nama", url=lambda world: "/nilai/percobaan/", answers=MARKS),
    Row(
        "penilaian: satu percobaan tanpa nama",
        url=lambda world: f"/nilai/percobaan/{graded(world).uuid}/",
        answers=MARKS,
    ),
    Row("penilaian: jawaban terlambat", url=lambda world: "/nilai/terlambat/", answers=MARKS),
    Row(
        "penilaian: tinjau jawaban terlambat",
        url=lambda world: f"/nilai/terlambat/{late_answer(world).pk}/",
        answers=MARKS,
    ),
    Row(
        "penilaian: putuskan jawaban terlambat",
        url=lambda world: f"/nilai/terlambat/{late_answer(world).pk}/",
        method="post",
        data={"decision": "tolak", "reason": "Tanpa gangguan"},
        answers=everyone(403, visitor=302, trainer=302, reviewer=302),
    ),
    Row(
        "kuis: semua soal",
        url=lambda world: f"/kuis/{running(world, layout='all').uuid}/semua/",
        answers=only_owner(200),
    ),
    Row(
        "kuis: simpan semua soal",
        url=lambda world: f"/kuis/{running(world, layout='all').uuid}/semua/",
        method="post",
        data={"epoch": "0", "sequence": "1"},
        answers=only_owner(302),
    ),
    Row("akomodasi: daftar", url=lambda world: "/sdm/percobaan/akomodasi/", answers=ANY_SDM),
    Row("akomodasi: minta", url=lambda world: "/sdm/percobaan/akomodasi/baru/", answers=ANY_SDM),
    Row(
        "akomodasi: minta, kirim",
        url=lambda world: "/sdm/percobaan/akomodasi/baru/",
        method="post",
        data=lambda world: {
            "number": world.officer.number,
            "version": QuizVersionFactory(time_limit_minutes=40).pk,
            "extra_minutes": "10",
            "reason": "Surat dokter",
        },
        # Elsewhere the officer does not exist: the form says so.
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, foreign_sdm=200),
    ),
    Row("gangguan: daftar", url=lambda world: "/sdm/percobaan/gangguan/", answers=ANY_SDM),
    Row("gangguan: catat", url=lambda world: "/sdm/percobaan/gangguan/baru/", answers=ANY_SDM),
    Row(
        "gangguan: catat, kirim",
        url=lambda world: "/sdm/percobaan/gangguan/baru/",
        method="post",
        data=lambda world: {"unit": world.polsek.pk, "starts_at": "2024-01-01T08:00", "reason": "listrik padam"},
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, foreign_sdm=200),
    ),
    Row(
        "gangguan: tutup",
        url=lambda world: f"/sdm/percobaan/gangguan/{outage(world).uuid}/selesai/",
        answers=GRANTS,
    ),
    Row(
        "gangguan: tutup, kirim",
        url=lambda world: f"/sdm/percobaan/gangguan/{outage(world).uuid}/selesai/",
        method="post",
        data={"ends_at": "2024-01-02T08:00"},
        answers=everyone(403, visitor=302, sdm=302, upper_sdm=302, foreign_sdm=404),
    ),
    Row("mengulang kuis: daftar", url=lambda world: "/sdm/percobaan/ulang/", answers=ANY_SDM),
    Row("mengulang kuis: perintahkan", url=redo, answers=ANY_SDM),
    Row(
        "mengulang kuis: perintahkan, kirim",
        url=redo,
        method="post",
        # A unit that is not one's own cannot be chosen, and nobody here has anything to redo.
        data=lambda world: {"unit": world.polsek.pk},
        answers=ANY_SDM,
    ),
    Row("analisis: semua kuis", url=lambda world: "/analisis/", answers=CONTENT),
    Row("analisis: semua kuis, XLSX", url=lambda world: "/analisis/unduh.xlsx", answers=CONTENT),
    Row("analisis: semua kuis, CSV", url=lambda world: "/analisis/unduh.csv", answers=CONTENT),
    Row("analisis: kuis", url=quiz_address, answers=CONTENT),
    Row("analisis: kuis, XLSX", url=lambda world: quiz_address(world, "unduh.xlsx"), answers=CONTENT),
    Row("analisis: kuis, CSV", url=lambda world: quiz_address(world, "unduh.csv"), answers=CONTENT),
    Row("analisis: soal", url=question_address, answers=CONTENT),
    Row("analisis: soal, XLSX", url=lambda world: question_address(world, "unduh.xlsx"), answers=CONTENT),
    Row("analisis: soal, CSV", url=lambda world: question_address(world, "unduh.csv"), answers=CONTENT),
    Row("kunci: perbaiki", url=lambda world: question_address(world, "perbaiki/"), answers=CONTENT),
    Row(
        "kunci: minta perbaikan",
        url=lambda world: question_address(world, "perbaiki/"),
        method="post",
        data={"treatment": "full", "reason": "Soalnya bermakna dua.", "tindakan": "minta"},
        answers=everyone(403, visitor=302, trainer=302, reviewer=302),
    ),
    Row("kunci: daftar perbaikan", url=lambda world: "/analisis/koreksi/", answers=CONTENT),
    Row("kunci: satu perbaikan", url=asked_correction, answers=CONTENT),
    Row(
        "kunci: putuskan",
        url=asked_correction,
        method="post",
        data={"consequence": "keep", "note": "", "putusan": "setuju"},
        answers=everyone(403, visitor=302, trainer=302, reviewer=302),
    ),
]
