"""Did anybody take this? Courses know no learner, so higher rooms register how to count.

    @courses.usage.counts_takers
    def _enrolments(course: Course, item: CourseItem | None) -> int: ...

``item`` is None when the question is about the whole course.
"""

from collections.abc import Callable

from .models.rows import Course, CourseItem

Counter = Callable[[Course, CourseItem | None], int]
_counters: list[Counter] = []


def counts_takers(counter: Counter) -> Counter:
    """Register ``counter``; any number above 0 keeps the page from being deleted."""
    _counters.append(counter)
    return counter


def takers(course: Course, item: CourseItem | None = None) -> int:
    """The largest number any room reports, so that one officer counted twice stays one."""
    return max((counter(course, item) for counter in _counters), default=0)
