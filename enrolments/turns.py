"""Orders and learning take turns, course by course, where several machines write at once.

Neither would see what the other has not committed: the duty would stay open beside the completion, and a trained
officer would be late for ever. Whoever opens or ends duties has the turn alone, and looks at what is done only then;
those who finish share theirs. The turn is taken before officers or duties are locked: who waits for it must not hold
what the other one needs. SQLite lets one transaction write at a time.
"""

from django.db import connection

from courses.models import Course

from .models import Assignment

SHARED = f'SELECT FROM "{Course._meta.db_table}" WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE'


def turn_to_order(*courses: int) -> list[Course]:
    """Until this transaction ends let nobody else open or end duties of ``courses`` (ids), nor finish one of them."""
    # Always in the same order: two paths that share courses must not wait for each other.
    return list(Course.objects.select_for_update().filter(pk__in=courses).order_by("pk"))


def turn_of(assignment: Assignment) -> Course:
    """``turn_to_order`` for what ``assignment`` asks; of a path all courses, for one that is done spares another.

    Return the course as it stands now: who waited for the turn may find it archived.
    """
    courses = [assignment.course_id]
    if assignment.path_order:
        courses += assignment.path_order.version.path_steps.values_list("course", flat=True)
    return next(course for course in turn_to_order(*courses) if course.pk == assignment.course_id)


def turn_to_finish(*courses: int) -> None:
    """Until this transaction ends let nobody open or end duties of ``courses`` (ids); others may finish them, too."""
    if connection.features.has_select_for_update:
        # No stronger than the lock of any row that refers to the course: publishing it is not held up.
        with connection.cursor() as cursor:
            cursor.execute(SHARED, [list(courses)])
