"""What ``courses`` asks without knowing a learner: who took something, and who may open a lesson's files."""

from django.db.models import Model
from django.http import HttpRequest

from courses import access
from courses.models import Course, CourseItem
from courses.usage import counts_takers

from .models import Duty, Enrolment, ItemCompletion


@counts_takers
def takers(course: Course, item: CourseItem | None) -> int:
    if item:
        return ItemCompletion.objects.filter(item=item).count()
    return max(Enrolment.objects.filter(course=course).count(), Duty.objects.filter(course=course).count())


@access.gate
def learners(request: HttpRequest, obj: Model) -> bool:
    """Pictures and documents open for whoever may open the lesson that shows them: the enrolled."""
    return Enrolment.objects.filter(officer__user=request.user.pk, course__in=access.courses_using(obj)).exists()
