"""Did anybody take this, does anybody still owe it? Courses know no learner, so higher rooms register how to count.

    @courses.usage.counts_takers
    def _enrolments(course: Course, item: CourseItem | None) -> int: ...

    @courses.usage.counts_owing
    def _duties(course: Course) -> int: ...

``item`` is None when the question is about the whole course.
"""

from collections.abc import Callable

from foundation.formats import number

from .models.rows import Course, CourseItem

Counter = Callable[[Course, CourseItem | None], int]
OwingCounter = Callable[[Course], int]
_counters: list[Counter] = []
_owing_counters: list[OwingCounter] = []


def counts_takers(counter: Counter) -> Counter:
    """Register ``counter``; any number above 0 keeps the page from being deleted."""
    _counters.append(counter)
    return counter


def takers(course: Course, item: CourseItem | None = None) -> int:
    """The largest number any room reports, so that one officer counted twice stays one."""
    return max((counter(course, item) for counter in _counters), default=0)


def counts_owing(counter: OwingCounter) -> OwingCounter:
    """Register ``counter`` of the officers who still owe a course; any number above 0 keeps it from being archived."""
    _owing_counters.append(counter)
    return counter


def why_not_archived(course: Course) -> str:
    """A sentence while somebody owes ``course``, who could not open it any more; empty when it can be archived."""
    owing = max((counter(course) for counter in _owing_counters), default=0)
    if not owing:
        return ""
    return (
        f"{number(owing)} personel masih wajib mengikuti pelatihan ini dan tidak akan dapat membukanya lagi. "
        "Minta Bag SDM yang menugaskannya mencabut penugasannya, atau tunggu sampai semuanya selesai."
    )
