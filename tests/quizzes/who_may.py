"""Who may do what with quizzes: an attempt belongs to its officer alone; SDM grants within its units."""

from quizzes.models import Attempt
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory
from tests.quizzes.corrections import asked, first_question, right_is
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
