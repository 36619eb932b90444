"""Ledger rows that have no certificate."""

from django.db.models import Exists, OuterRef

from enrolments.models import CourseCompletion, CourseCompletionQuerySet

from .rows import Certificate


def without_certificate(rows: CourseCompletionQuerySet) -> CourseCompletionQuerySet:
    """The standing ones of ``rows`` for which nothing was ever issued, revoked ones included.

    A row that corrects a grade leans on the certificate of the row before; not so when that one was taken back in
    between and the course completed again.
    """
    taken_back = CourseCompletion.objects.filter(
        enrolment=OuterRef("completion__enrolment"), withdrawn=True, pk__gt=OuterRef("completion")
    )
    issued = Certificate.objects.filter(~Exists(taken_back), completion__enrolment=OuterRef("enrolment"))
    return rows.standing().filter(~Exists(issued))
