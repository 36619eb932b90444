"""What lower rooms ask without knowing a learner: who took or owes something, what names an activity, whose files."""

from django.db.models import Model
from django.http import HttpRequest

from courses import access
from courses.models import Course, CourseItem
from courses.usage import counts_owing, counts_takers
from programmes.models import Activity
from programmes.usage import Row, counted, finds_uses

from .models import Duty, Enrolment, ItemCompletion, OrderWork, WorkKind


@counts_takers
def takers(course: Course, item: CourseItem | None) -> int:
    if item:
        return ItemCompletion.objects.filter(item=item).count()
    return max(Enrolment.objects.filter(course=course).count(), Duty.objects.filter(course=course).count())


@counts_owing
def owing(course: Course) -> int:
    """Who owes it, or will as soon as a worker has carried an order out."""
    coming = OrderWork.objects.filter(assignment__course=course, kind=WorkKind.CARRY_OUT, finished_at=None)
    owed = Duty.objects.open().filter(course=course).count()
    return owed or sum(work.total - work.handled for work in coming)


@finds_uses
def orders(row: Row) -> str:
    """Withdrawn ones too: they stay with the activity that they named."""
    return counted(row.assignments.count(), "penugasan") if isinstance(row, Activity) else ""


@access.gate
def learners(request: HttpRequest, obj: Model) -> bool:
    """Pictures and documents open for whoever may open the lesson that shows them: the enrolled."""
    return Enrolment.objects.filter(officer__user=request.user.pk, course__in=access.courses_using(obj)).exists()
