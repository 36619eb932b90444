"""A practice quiz with essays: some wait for a marker, some are marked, one is questioned, one answer came late."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from courses.loading import block, load_item_page, rich_text
from courses.loading.streams import listed
from courses.models import CoursePage
from enrolments.models import Enrolment
from organisation.models import Officer
from quizzes.choices import QuestionKind, QuizRole, ReviewSetting
from quizzes.models import Attempt, MarkingTask, QuizPage, QuizVersion
from quizzes.services import (
    claim,
    give_marks,
    open_on_device,
    question_result,
    save_answer,
    start_attempt,
    submit_attempt,
)

from .people import SEED

SLUG = "latihan-menulis-balasan"
COURSE = "C2"
LIMIT = timedelta(minutes=30)
COMPLAINT = (
    "Saya sudah tiga kali datang untuk laporan kehilangan dompet dan selalu disuruh kembali besok. "
    "Saya harus izin kerja setiap kali. Kapan laporan saya selesai?"
)
# What officers wrote to the complaint and to the second question, from the best to the weakest, and the points given.
REPLIES = [
    (
        "Bapak, saya mohon maaf Bapak sudah tiga kali datang dan harus izin dari pekerjaan. Surat tanda penerimaan "
        "laporan kehilangan sebenarnya dapat selesai dalam satu kunjungan. Saya sudah menyiapkan berkasnya; Bapak "
        "cukup datang sekali lagi dengan KTP, pukul 08.00–15.00, dan menemui saya langsung. Biayanya tidak ada. Bila "
        "ada kendala, Bapak dapat menghubungi nomor loket ini.",
        "Saya dengarkan dulu sampai selesai, lalu saya ulangi keluhannya dengan kata-kata sendiri supaya warga yakin "
        "sudah dipahami. Sesudah itu baru saya sebut apa yang dapat dilakukan hari ini dan kapan sisanya selesai.",
        ((4, 4, 3), (4, 3)),
    ),
    (
        "Terima kasih atas kesabaran Bapak. Kami minta maaf atas pelayanan yang berulang-ulang. Silakan datang besok "
        "pagi ke SPKT, laporan Bapak akan kami dahulukan dan selesai hari itu juga tanpa biaya.",
        "Saya tetap tenang, mengajak duduk, dan mencatat keluhannya. Saya jelaskan alurnya.",
        ((3, 3, 3), (3, 3)),
    ),
    (
        "Laporan Bapak masih dalam proses. Mohon menunggu karena petugas terbatas. Nanti akan dihubungi.",
        "Saya minta warga menunggu sampai tenang dahulu.",
        ((1, 1, 2), (1, 1)),
    ),
]
COMMENT = "Pakailah kata-kata yang biasa dipakai warga."
REASON = (
    "Pada kriteria “langkah berikutnya” saya sudah menyebut waktu dan tempat yang pasti, tetapi poinnya tidak penuh. "
    "Mohon dibaca ulang."
)


def build(people: dict[str, Officer], *, now: datetime) -> None:
    """Publish the quiz and let ten officers sit it. Wants courses and history to be there."""
    page = _publish(now)
    version = QuizVersion.objects.newest().get(item=page.item_id)
    chance = Random(SEED)  # noqa: S311
    known = Enrolment.objects.filter(officer=people["officer"], course__code=COURSE)
    others = Enrolment.objects.filter(course__code=COURSE, completed_at=None).exclude(pk__in=known).order_by("pk")
    sitting = [*known.order_by("-cycle")[:1], *others[:9]]
    for number, enrolment in enumerate(sitting):
        at = max(now - timedelta(days=6 - number // 2, minutes=37 * number), enrolment.started_at)
        attempt = _sit(version, enrolment, REPLIES[number % len(REPLIES)], chance, at=at, runs_out=number == 9)
        if number < 4:
            _mark(attempt, people, REPLIES[number % len(REPLIES)][2], at=now - timedelta(hours=20 - number))
    questioned = Attempt.objects.get(item=version.item, enrolment=sitting[1])
    question_result(
        attempt=questioned,
        actor=sitting[1].officer.user,
        position=2,
        text=REASON,
        at=now - timedelta(hours=3),
    )


def _publish(now: datetime) -> QuizPage:
    course = CoursePage.objects.get(code=COURSE)
    quiz = QuizPage.objects.child_of(course).filter(role=QuizRole.POSTTEST).get()
    fields = {
        "title": "Latihan menulis balasan",
        "role": QuizRole.PRETEST,
        "intro": "Dua uraian dan satu pilihan. Dibaca penilai yang tidak tahu siapa Anda; tidak menentukan kelulusan.",
        "max_attempts": 1,
        "time_limit_minutes": LIMIT // timedelta(minutes=1),
        "minutes": LIMIT // timedelta(minutes=1),
        "shuffle_questions": False,
        "shuffle_options": False,
        "review": ReviewSetting.AFTER_SUBMIT,
        "required": False,
        "questions": _questions(),
    }
    before = quiz.get_prev_sibling()
    outcome = load_item_page(course, QuizPage, SLUG, fields, source_sha256="peragaan", at=now, after=before)
    if outcome.page is None:
        raise RuntimeError(outcome.why)
    return QuizPage.objects.get(pk=outcome.page.pk)


def _questions() -> list[dict[str, Any]]:
    place = (COURSE, SLUG)
    written = [
        ("Menyebut kerugian warga dan meminta maaf", 4, "Penuh: menyebut tiga kali datang dan izin kerja."),
        ("Langkah berikutnya jelas: apa, di mana, kapan", 4, "Penuh: waktu, tempat, dan siapa yang ditemui."),
        ("Bahasa sopan dan mudah dipahami", 4, "Tanpa singkatan dinas."),
    ]
    spoken = [
        ("Mendengar lebih dahulu", 4, "Penuh: tidak memotong, mengulang keluhan."),
        ("Tidak menjanjikan yang tidak dapat ditepati", 4, ""),
    ]
    options = [
        ("Menanyakan apa yang sudah dialami warga, lalu mencatatnya", True),
        ("Menjelaskan bahwa petugas terbatas", False),
        ("Meminta warga kembali besok", False),
    ]
    single = {
        **_shared("Warga datang keempat kalinya dan suaranya meninggi. Apa yang Anda lakukan lebih dahulu?", 2),
        "options": listed(
            [{"text": text, "right": right, "feedback": "", "image": None, "image_alt": ""} for text, right in options],
            *place,
            "pilihan",
        ),
    }
    return [
        block(QuestionKind.SINGLE, single, *place, "pertama"),
        block(
            QuestionKind.ESSAY,
            _essay(f"Warga menulis: “{COMPLAINT}” Tulislah balasannya.", written, marks=6),
            *place,
            "balasan",
        ),
        block(
            QuestionKind.ESSAY,
            _essay("Ceritakan bagaimana Anda menenangkan warga itu di loket.", spoken, marks=4, two_markers=True),
            *place,
            "loket",
        ),
    ]


def _essay(text: str, rubric: list[tuple[str, int, str]], *, marks: int, two_markers: bool = False) -> dict[str, Any]:
    return {
        **_shared(text, marks),
        "rubric": listed(
            [{"text": criterion, "points": points, "guide": guide} for criterion, points, guide in rubric],
            *(COURSE, SLUG, text),
        ),
        "max_words": 200,
        "two_markers": two_markers,
    }


def _shared(text: str, marks: int) -> dict[str, Any]:
    return {
        "text": rich_text(text),
        "image": None,
        "image_alt": "",
        "feedback": "",
        "explanation": "",
        "topic": "marah-kabar-buruk",
        "difficulty": "medium",
        "marks": marks,
        "legal_source": None,
        "needs_verification": False,
    }


def _sit(
    version: QuizVersion, enrolment: Enrolment, reply: tuple, chance: Random, *, at: datetime, runs_out: bool
) -> Attempt:
    """One sitting, saved as the officer goes; where time runs out the last answer comes three minutes too late."""
    attempt = start_attempt(version=version, enrolment=enrolment, at=at, chance=chance)
    epoch = open_on_device(attempt=attempt, at=at)
    first, second, third = attempt.responses.select_related("question").prefetch_related("question__options")
    best = max(first.question.options.all(), key=lambda option: option.fraction)
    answers = [{"pilihan": [str(best.uuid)]}, {"jawaban": [reply[0]]}, {"jawaban": [reply[1]]}]
    for number, (response, sent) in enumerate(zip((first, second, third), answers, strict=True), start=1):
        late = runs_out and response is third
        moment = at + (LIMIT + timedelta(minutes=3) if late else timedelta(minutes=6 * number))
        if late:
            attempt = submit_attempt(attempt=attempt, at=moment - timedelta(minutes=1))
        save_answer(attempt=attempt, position=response.position, sent=sent, epoch=epoch, sequence=number, at=moment)
    return submit_attempt(attempt=attempt, at=at + timedelta(minutes=22))


def _mark(attempt: Attempt, people: dict[str, Officer], points: tuple, *, at: datetime) -> None:
    """The trainer marks both essays, the reviewer is the second marker of the second one."""
    trainer, reviewer = people["trainer"].user, people["reviewer"].user
    tasks = MarkingTask.objects.filter(attempt=attempt).select_related("response__question", "attempt__enrolment")
    for task, given in zip(tasks.order_by("response__position"), points, strict=True):
        for marker in (trainer, reviewer)[: task.wanted]:
            criteria = task.response.question.shape["criteria"]  # type: ignore[union-attr]
            claim(task=task, marker=marker, may_decide=False, at=at)
            give_marks(
                task=task,
                marker=marker,
                points={row["uuid"]: str(point) for row, point in zip(criteria, given, strict=True)},
                comments={criteria[-1]["uuid"]: COMMENT} if marker == trainer else {},
                comment=("Baik. " if sum(given) > 6 else "") + "Sebutkan apa yang terjadi berikutnya, dan kapan."
                if marker == trainer
                else "",
                at=at,
            )
