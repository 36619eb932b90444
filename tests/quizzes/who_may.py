"""Who may do what with quizzes: an attempt belongs to its officer alone; SDM grants within its units."""

from quizzes.models import Attempt
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory
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
]
