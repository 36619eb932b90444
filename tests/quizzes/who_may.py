"""Who may do what with quizzes: an attempt belongs to its officer alone; SDM grants within its units."""

from datetime import timedelta

from quizzes.models import Attempt, LateAnswer, MarkingTask
from quizzes.services import submit_attempt
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all
from tests.quizzes.marking_scene import essay_waiting, task_of
from tests.who_may import Row, everyone


def running(world) -> Attempt:
    version = QuizVersionFactory()
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
]
