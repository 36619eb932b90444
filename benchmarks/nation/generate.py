"""Fills an empty, migrated database with a nation: SQL that both databases understand, a table at a time.

Rows stand in the order in which orders would have written them (course by course), so that what belongs to one
officer lies scattered, as it does in real life.
"""

import time
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from courses.models import Course, CourseItem, CourseVersion, CourseVersionItem, ItemKind
from enrolments.models import Assignment
from organisation.models import Rank, Role, RoleGrant, Unit, UnitPlacement
from programmes.models import Activity, Period, Programme
from quizzes.choices import QuizRole
from quizzes.models import QuizVersion

from .answers import QUESTIONS, answers, questions
from .learning import learning, papers
from .people import Place, names, places
from .sql import COURSES, Dialect, insert, kinds, run

# The tables that hold millions of rows: on PostgreSQL their indexes are made when they are full.
BIG = (
    "organisation_user",
    "organisation_officer",
    "organisation_posting",
    "organisation_posting_functions",
    "enrolments_duty",
    "enrolments_dutyreason",
    "enrolments_enrolment",
    "enrolments_itemcompletion",
    "enrolments_coursecompletion",
    "foundation_auditevent",
    "certificates_certificate",
    "quizzes_attempt",
    "quizzes_response",
)


@transaction.atomic
def generate(officers: int, *, say=print) -> float:
    """Return the seconds it took, indexes and statistics included."""
    began = time.perf_counter()
    now = timezone.now()
    dialect = Dialect(now)
    units = places(officers)
    with bulk_loading():
        _people(units, officers, dialect, now)
        say(f"  people: {time.perf_counter() - began:.0f} s")
        _courses(now)
        questions(dialect)
        _orders(units, now)
        for kind in kinds():
            learning(kind, officers, dialect)
            answers(kind, dialect)
            if kind.number % 6 == 0:
                say(f"  learning {kind.number}/{len(kinds())}: {time.perf_counter() - began:.0f} s")
        papers(dialect)
        say(f"  papers: {time.perf_counter() - began:.0f} s")
    _count_on()
    say(f"  indexes: {time.perf_counter() - began:.0f} s")
    return time.perf_counter() - began


@contextmanager
def bulk_loading():
    """On PostgreSQL without foreign keys' checks, and with the indexes made afterwards."""
    if connection.vendor != "postgresql":
        yield
        return
    tables = ",".join(f"'{table}'::regclass" for table in BIG)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            f"WHERE contype = 'u' AND conrelid IN ({tables})"
        )
        constraints = cursor.fetchall()
        for table, name, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            f"WHERE NOT indisprimary AND indrelid IN ({tables})"
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def analyse() -> None:
    """After the commit: what the planner knows, and pages that an index alone can answer from."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _people(units: list[Place], officers: int, dialect: Dialect, now: datetime) -> None:
    before = now - timedelta(days=1_200)
    Unit.objects.bulk_create(
        Unit(
            id=unit.pk,
            code=f"U{unit.pk}",
            name=unit.name,
            short_name=unit.name,
            level=unit.level,
            zone=unit.zone,
            parent_id=unit.parent,
            path=unit.path,
            active_from=before,
        )
        for unit in units
    )
    UnitPlacement.objects.bulk_create(
        UnitPlacement(unit_id=unit.pk, parent_id=unit.parent, valid_from=before, recorded_at=before) for unit in units
    )
    ranks = list(Rank.objects.filter(kind="polri").order_by("order").values_list("pk", "full"))[6:16]
    run(
        "CREATE TEMPORARY TABLE bench_officer (n bigint PRIMARY KEY, unit_id int, province_id int, order_unit_id int,"
        " path varchar(70), unit_name varchar(150), rank_id int, rank_name varchar(60), quality int,"
        " name varchar(120))",
        dialect,
    )

    def rows():
        everybody = names(officers)
        n = 0
        for unit in units:
            for _place in range(unit.staff):
                n += 1
                rank, full = ranks[9 - min(9, n % 97 * 10 // 97)]
                quality = unit.pk * 37 % 300 - 150
                yield (
                    n, unit.pk, unit.province, unit.order_unit, unit.path, unit.name, rank, full, quality,
                    next(everybody),
                )  # fmt: skip

    insert("bench_officer", "n,unit_id,province_id,order_unit_id,path,unit_name,rank_id,rank_name,quality,name", rows())
    run(
        "INSERT INTO organisation_user (id, password, is_superuser, uuid, login, name, email, is_active, date_joined) "
        "SELECT n, '!', false, {uuid}, 60000000 + n, name, '', true, {ago:1728000} FROM bench_officer ORDER BY n",
        dialect,
    )
    run(
        "INSERT INTO organisation_officer"
        " (id, uuid, user_id, number, number_kind, name_prefix, name, name_suffix, created_at) "
        "SELECT n, {uuid}, n, 60000000 + n, 'nrp', '', name, CASE WHEN n % 3 = 0 THEN 'S.H.' ELSE '' END,"
        " {ago:1728000} FROM bench_officer ORDER BY n",
        dialect,
    )
    # Three years of places: anywhere, then here in a lower rank, then as today.
    second, third = "1050 - n * 31 % 500", "500 - n * 13 % 490"
    posting = (
        "INSERT INTO organisation_posting (id, officer_id, unit_id, rank_id, post, valid_from, valid_to, recorded_at) "
    )
    anywhere = f"1 + n * 17 % {len(units)}"
    run(
        posting + f"SELECT n, n, {anywhere}, rank_id, 'Banit', {{evening:1095}}, {{evening:{second}}},"
        " {evening:1095} FROM bench_officer ORDER BY n * 7919 % 100003",
        dialect,
    )
    run(
        posting + f"SELECT {officers} + n, n, unit_id, rank_id, 'Banit', {{evening:{second}}}, {{evening:{third}}},"
        f" {{evening:{second}}} FROM bench_officer ORDER BY n * 7919 % 100003",
        dialect,
    )
    run(
        posting + f"SELECT {2 * officers} + n, n, unit_id, rank_id, 'Banit', {{evening:{third}}}, NULL,"
        f" {{evening:{third}}} FROM bench_officer ORDER BY n * 7919 % 100003",
        dialect,
    )
    for function, chosen in (("1 + n % 7", "n % 5 < 3"), ("1 + (n + 3) % 7", "n % 10 = 1")):
        run(
            "INSERT INTO organisation_posting_functions (posting_id, servicefunction_id) "
            f"SELECT {2 * officers} + n, (SELECT id FROM organisation_servicefunction ORDER BY id LIMIT 1) - 1"
            f" + {function} FROM bench_officer WHERE {chosen} ORDER BY n * 7919 % 100003",
            dialect,
        )
    _roles(units, now)


def _roles(units: list[Place], now: datetime) -> None:
    """An SDM and a head over every unit down to the Polres: the first two people who stand there."""
    grants, first = [], 1
    for unit in units:
        if unit.level <= 3 and unit.staff > 1:
            for offset, role in enumerate((Role.SDM, Role.HEAD)):
                grants.append(
                    RoleGrant(
                        user_id=first + offset,
                        role=role,
                        unit_id=unit.pk,
                        valid_from=now - timedelta(days=900),
                        recorded_at=now,
                    )
                )
        first += unit.staff
    RoleGrant.objects.bulk_create(grants)


def _courses(now: datetime) -> None:
    for number in range(1, COURSES + 1):
        course = Course.objects.create(
            id=number, code=f"N{number:02}", slug=f"pelatihan-{number}", title=f"Pelayanan bagian {number}"
        )
        version = CourseVersion.objects.create(
            course=course,
            # A new version frees those who waited for an item that it dropped: tick looks at such courses.
            number=2 if number % 5 == 0 else 1,
            sha256=f"{number:064}",
            title=course.title,
            jp=4,
            minutes=180,
            validity_months=24,
            published_at=now - timedelta(days=1_100),
        )
        steps = (("Pre-tes", ItemKind.QUIZ), ("Materi", ItemKind.LESSON), ("Pos-tes", ItemKind.QUIZ))
        for order, (title, kind) in enumerate(steps, start=1):
            item = CourseItem.objects.create(id=(number - 1) * 3 + order, course=course, kind=kind)
            CourseVersionItem.objects.create(
                version=version,
                item=item,
                order=order,
                title=title,
                slug=title.lower(),
                required=True,
                waits_for_required=order == 3,
                decides_grade=order == 3,
            )
            if kind == ItemKind.QUIZ:
                QuizVersion.objects.create(
                    item=item,
                    number=1,
                    sha256=f"{number}{order:060}",
                    title=title,
                    role=QuizRole.PRETEST if order == 1 else QuizRole.POSTTEST,
                    pass_fraction=None if order == 1 else "0.800",
                    draw_count=QUESTIONS,
                    published_at=version.published_at,
                )
        course.current_version = version
        course.save()


def _orders(units: list[Place], now: datetime) -> None:
    """Every order has the id ``unit * 100 + kind``, so that the reasons find it by arithmetic."""
    programme = Programme.objects.create(code="presisi-ukur", name="Quick Wins Ukur")
    period = Period.objects.create(
        programme=programme,
        name="Triwulan ini",
        starts_on=(now - timedelta(days=80)).date(),
        ends_on=(now + timedelta(days=10)).date(),
    )
    activities = {
        course: Activity.objects.create(period=period, code=f"P3.{course}", field="SDM", name=f"Kegiatan {course}")
        for course in (2, 3, 20)
    }
    issuers = {unit.order_unit for unit in units}
    provinces = {unit.province for unit in units}
    assignments = []
    for kind in kinds():
        for unit in {1: {1}, 2: provinces, 3: issuers}[kind.level]:
            assignments.append(
                Assignment(
                    id=unit * 100 + kind.number,
                    course_id=kind.course,
                    unit_id=unit,
                    due_at=now - timedelta(days=kind.due),
                    order_number=f"Sprin/{kind.number}/{unit}",
                    issuer="Pimpinan",
                    reason="Pelayanan",
                    activity=activities.get(kind.course) if not kind.finished else None,
                    assigned_by_id=1,
                    follows=kind.level == 1 and not kind.finished,
                    renews=kind.level == 1 and not kind.finished,
                    reconciled_at=now,
                    recorded_at=now - timedelta(days=kind.given),
                )
            )
    Assignment.objects.bulk_create(assignments, batch_size=1_000)


def _count_on() -> None:
    """Let every id go on behind those that were written."""
    from django.apps import apps

    models = [model for model in apps.get_models() if model._meta.db_table in (*BIG, *SMALL)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


SMALL = ("organisation_unit", "courses_course", "courses_courseitem", "enrolments_assignment")
