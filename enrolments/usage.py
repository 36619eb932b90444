"""Tells ``courses`` who took something, so that nothing anybody took can be deleted."""

from courses.models import Course, CourseItem
from courses.usage import counts_takers

from .models import Duty, Enrolment, ItemCompletion


@counts_takers
def takers(course: Course, item: CourseItem | None) -> int:
    if item:
        return ItemCompletion.objects.filter(item=item).count()
    return max(Enrolment.objects.filter(course=course).count(), Duty.objects.filter(course=course).count())
