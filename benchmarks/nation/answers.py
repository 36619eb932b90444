"""Five questions in the post-test of every fifth course, and the graded answers of whoever completed it."""

import json
from uuid import UUID

from courses.models import Topic
from quizzes.choices import QuestionKind
from quizzes.models import QuizVersion, VersionOption, VersionQuestion

from .sql import Dialect, Kind, insert, run

# The first of them is taken in two cycles.
ASKED = (4, 9, 14, 19)
QUESTIONS = 5
TOPICS = ("dasar-hukum", "etika", "keluhan", "pendaftaran", "pengaduan", "prosedur", "sarana", "tarif")
OPTIONS = 4
# How many of a thousand people who pass miss none, and the first, second … question; good units miss the later ones.
MISSED = (250, 270, 200, 150, 90, 40)


def questions(dialect: Dialect) -> None:
    """Compile them, a topic each, and keep beside each what is answered: JSON of a right and of a wrong choice."""
    Topic.objects.bulk_create(Topic(slug=slug, name=slug.replace("-", " ").capitalize()) for slug in TOPICS)
    run(
        "CREATE TEMPORARY TABLE bench_question"
        " (id bigint, course int, version_id bigint, position int, shown jsonb, correct jsonb, wrong jsonb)",
        dialect,
    )
    rows = []
    for course in ASKED:
        version = QuizVersion.objects.get(item=course * 3)
        for order in range(1, QUESTIONS + 1):
            question = VersionQuestion.objects.create(
                version=version,
                uuid=UUID(int=course * 100 + order),
                kind=QuestionKind.SINGLE,
                order=order,
                html=f"<p>Apa yang dilakukan lebih dahulu pada bagian {order}?</p>",
                topic=TOPICS[(course + order) % len(TOPICS)],
            )
            options = [
                VersionOption(
                    question=question,
                    uuid=UUID(int=(course * 100 + order) * 100 + place),
                    order=place,
                    html=f"<p>Tindakan {place}</p>",
                    fraction=int(place == 1),
                )
                for place in range(1, OPTIONS + 1)
            ]
            VersionOption.objects.bulk_create(options)
            shown = [str(option.uuid) for option in options]
            chosen = (json.dumps(found) for found in (shown, shown[:1], shown[1:2]))
            rows.append((question.pk, course, version.pk, order, *chosen))
    insert("bench_question", "id,course,version_id,position,shown,correct,wrong", rows)


def answers(kind: Kind, dialect: Dialect) -> None:
    """The attempts of who is done with this course and cycle: most passed in one, every sixteenth failed one before.

    Reads bench_duty. Ids grow with time, as attempts are numbered as they begin.
    """
    if kind.course not in ASKED:
        return
    limits = [sum(MISSED[:count]) for count in range(1, len(MISSED))]
    missed = " ".join(f"WHEN taste < {limit} THEN {count}" for count, limit in enumerate(limits))
    run("DROP TABLE IF EXISTS bench_sitting", dialect)
    run(
        "CREATE TEMPORARY TABLE bench_sitting AS "
        f"WITH done AS (SELECT duty, n, done_ago, (n * 3571 + {kind.number} * 613) % 1000 + quality / 2 AS taste"
        " FROM bench_duty WHERE done = 1), sat AS ("
        f"SELECT duty, n, done_ago, CASE {missed} ELSE {QUESTIONS} END AS missed FROM done) "
        "SELECT 2 * duty AS id, duty, n, 1 + CASE WHEN n % 16 = 3 THEN 1 ELSE 0 END AS number, done_ago, missed,"
        " 0 AS failed FROM sat UNION ALL "
        "SELECT 2 * duty - 1, duty, n, 1, done_ago + 90, missed, 1 FROM sat WHERE n % 16 = 3",
        dialect,
    )
    in_order = "ORDER BY s.n * 7919 % 100003, s.id"
    run(
        "INSERT INTO quizzes_attempt (id, uuid, enrolment_id, item_id, version_id, number, started_at, submitted_at,"
        " graded_at, extended_seconds, furthest, epoch, ended_as, grade, passed, news) "
        f"SELECT id, {{uuid}}, duty, {kind.course * 3}, (SELECT max(version_id) FROM bench_question"
        f" WHERE course = {kind.course}), number, {{ago:done_ago + 30}}, {{ago:done_ago}}, {{ago:done_ago}}, 0, 1, 1,"
        " 'submitted', CASE WHEN failed = 1 AND missed > 3 THEN 20 WHEN failed = 1 THEN 40 WHEN missed = 0 THEN 100"
        f" ELSE 80 END, failed = 0, '' FROM bench_sitting s {in_order}",
        dialect,
    )
    wrong = "q.position = s.missed OR s.failed = 1 AND q.position <= 3"
    run(
        "INSERT INTO quizzes_response"
        " (attempt_id, question_id, position, option_order, answer, epoch, sequence, saved_at, fraction) "
        f"SELECT s.id, q.id, q.position, q.shown, CASE WHEN {wrong} THEN q.wrong ELSE q.correct END, 1, 1,"
        f" {{ago:s.done_ago + 5}}, CASE WHEN {wrong} THEN 0 ELSE 1 END"
        f" FROM bench_sitting s JOIN bench_question q ON q.course = {kind.course} {in_order}, q.position",
        dialect,
    )
