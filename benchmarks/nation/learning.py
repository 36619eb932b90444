"""Duties, reasons, enrolments, completions, the ledger, its trail and certificates: one course and cycle at a time."""

from .sql import TWICE, Dialect, Kind, run


def learning(kind: Kind, officers: int, dialect: Dialect) -> None:
    """The duties of one course and cycle with all that came of them."""
    base = (kind.number - 1) * officers
    order_unit = {1: "1", 2: "province_id", 3: "order_unit_id"}[kind.level]
    share = 1_000 if kind.finished else 583
    # A first round was over long before the second was ordered.
    slowest = 350 if kind.finished else 20
    # luck decides who is done (0..999), pace when (0..999).
    run("DROP TABLE IF EXISTS bench_duty", dialect)
    run(
        "CREATE TEMPORARY TABLE bench_duty AS SELECT b.*, "
        f"{base} + n AS duty, (n * 7919 + {kind.number} * 104729) % 1000 AS luck,"
        f" {kind.given * 1440} * ({slowest} + (n * 6151 + {kind.number} * 7) % {970 - slowest}) / 1000 AS done_ago,"
        f" {kind.due} - {order_unit} % 5 AS due_ago, 60 + n * 7 % 40 AS grade,"
        f" CASE WHEN (n * 7919 + {kind.number} * 104729) % 1000 < {share} + quality * {0 if kind.finished else 1}"
        " THEN 1 ELSE 0 END AS done FROM bench_officer b "
        + ("" if kind.course <= TWICE else f"WHERE (n + {kind.course}) % 4 <> 0")
        + " ORDER BY n * 7919 % 100003",
        dialect,
    )
    otherwise = "CASE luck % 3 WHEN 0 THEN 'exempt' WHEN 1 THEN 'withdrawn' ELSE 'moved' END"
    run(
        "INSERT INTO enrolments_duty"
        " (id, uuid, officer_id, course_id, cycle, due_at, valid_from, valid_to, ended_as, recorded_at) "
        f"SELECT duty, {{uuid}}, n, {kind.course}, {kind.cycle}, {{evening:due_ago}}, {{ago:{kind.given * 1440}}},"
        f" CASE WHEN done = 1 THEN {{ago:done_ago}} WHEN luck >= 985 THEN {{ago:{kind.given * 700}}} END,"
        f" CASE WHEN done = 1 THEN 'completed' WHEN luck >= 985 THEN {otherwise} ELSE '' END,"
        f" {{ago:{kind.given * 1440}}} FROM bench_duty",
        dialect,
    )
    run(
        "INSERT INTO enrolments_dutyreason (duty_id, assignment_id, due_at, added_at) "
        f"SELECT duty, {order_unit} * 100 + {kind.number}, {{evening:due_ago}}, {{ago:{kind.given * 1440}}}"
        " FROM bench_duty",
        dialect,
    )
    begun = "done = 1 OR luck BETWEEN 850 AND 930"
    started = f"{{least:{kind.given * 1440},done_ago + 1440 * (1 + n % 9)}}"
    run(
        "INSERT INTO enrolments_enrolment (id, uuid, officer_id, course_id, cycle, started_at, completed_at) "
        f"SELECT duty, {{uuid}}, n, {kind.course}, {kind.cycle}, {{ago:{_plain(started, dialect)}}},"
        f" CASE WHEN done = 1 THEN {{ago:done_ago}} END FROM bench_duty WHERE {begun}",
        dialect,
    )
    first_item = (kind.course - 1) * 3 + 1
    item = (
        "INSERT INTO enrolments_itemcompletion (enrolment_id, item_id, completed_at, recorded_at, grade, round) SELECT "
    )
    if kind.course % 2:
        pretest = f"duty, {first_item}, {{ago:done_ago}}, {{ago:done_ago}}, grade - 20, 1"
        run(f"{item}{pretest} FROM bench_duty WHERE {begun}", dialect)
    posttest = f"duty, {first_item + 2}, {{ago:done_ago}}, {{ago:done_ago}}, grade, 1"
    run(f"{item}{posttest} FROM bench_duty WHERE done = 1", dialect)
    run(
        "INSERT INTO enrolments_coursecompletion (id, uuid, enrolment_id, officer_id, course_id, course_version_id,"
        " cycle, started_at, completed_at, recorded_at, expires_at, grade, jp, number, full_name, rank_id, post,"
        " unit_id, unit_name, unit_path, withdrawn) "
        f"SELECT duty, {{uuid}}, duty, n, {kind.course},"
        f" (SELECT current_version_id FROM courses_course WHERE id = {kind.course}), {kind.cycle},"
        f" {{ago:{_plain(started, dialect)}}}, {{ago:done_ago}}, {{ago:done_ago}}, {{ago:done_ago - 730 * 1440}},"
        " grade, 4, 60000000 + n, name, rank_id, 'Banit', unit_id, unit_name, path, false"
        " FROM bench_duty WHERE done = 1",
        dialect,
    )


def _plain(sql: str, dialect: Dialect) -> str:
    """Fill an inner expression, whose braces the outer pattern would cut."""
    return dialect.filled(sql)


def papers(dialect: Dialect) -> None:
    """A trail of the last completions and every third certificate."""
    run(
        "INSERT INTO foundation_auditevent"
        " (at, actor_id, actor_name, verb, subject_id, object_type, object_id, unit_path, detail) "
        "SELECT completed_at, officer_id, full_name, 'course.completed', officer_id, 'enrolments.coursecompletion', id,"
        " unit_path, '{}' FROM enrolments_coursecompletion WHERE id % 3 = 0 ORDER BY completed_at",
        dialect,
    )
    run(
        "INSERT INTO certificates_numberseries (unit_id, kind, year, first_number, last_number)"
        " SELECT id, 'Sert', 2026, 1, 99999999 FROM organisation_unit",
        dialect,
    )
    run(
        "INSERT INTO certificates_unitletterhead (unit_id, heading, place, crest, on_behalf_of, signer_post,"
        " signer_name, signer_rank, signer_number, number_kind, number_pattern, archive_code, function_code,"
        " via_post, signer_capacity, numbered_by_hand, valid_from)"
        " VALUES (1, 'MABES', 'Jakarta', '', '', 'Kepala', 'Nama', 'JENDERAL', '', 'Sert', '{urut}', '', '',"
        " '', '', false, {ago:1728000})",
        dialect,
    )
    run(
        "INSERT INTO certificates_certificate (public_id, completion_id, officer_id, unit_id, unit_path, letterhead_id,"
        " series_id, sequence, number, issued_at, zone, expires_at, holder_name, holder_rank, holder_rank_full,"
        " holder_number, holder_number_kind, prints_number, holder_post, unit_name, course_code, course_title, jp,"
        " minutes, started_on, completed_on, grade, programme, wording, heading, place, on_behalf_of, signer_post,"
        " signer_name, signer_rank, signer_number, crest, rendered_at, revoked_reason, materials, via_post,"
        " signer_capacity) "
        "SELECT 'Z' || c.id, c.id, c.officer_id, c.unit_id, c.unit_path,"
        " (SELECT max(id) FROM certificates_unitletterhead), s.id, c.id, 'Sert/' || c.id, c.completed_at,"
        " 'Asia/Jakarta', c.expires_at, c.full_name, 'Bripka', 'Bripka', c.number, 'nrp', true, c.post, c.unit_name,"
        " 'N' || c.course_id, 'Pelayanan', 4, 180, {day:100}, {day:90}, c.grade, '', '{}', 'MABES', 'Jakarta', '',"
        " 'Kepala', 'Nama', 'JENDERAL', '', '', c.completed_at, '', '[]', '', ''"
        " FROM enrolments_coursecompletion c JOIN certificates_numberseries s ON s.unit_id = c.unit_id"
        " WHERE c.id % 3 = 0 ORDER BY c.completed_at",
        dialect,
    )
