"""Compiling: what stands on a course page becomes a row that never changes.

A compiled version is found again by the hash of what it says: publishing the same content twice makes one version.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from foundation import audit

from .exceptions import ArchivingRefused, CompileRefused
from .models.rows import Course, CourseVersion, CourseVersionItem
from .models.validity import RENEWAL_DAYS
from .usage import why_not_archived

MINUTES_PER_JP = 45
# Left out of the hash where it says what held before one could say it: the same content stays the same version.
UNSAID = {"cycle_ends_on": None, "cycle_years": 1, "renewal_days": RENEWAL_DAYS}


def fingerprint(content: dict[str, Any]) -> str:
    """Return the SHA-256 of ``content`` written as canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def published_items(page) -> list:
    """The live item pages of a course page in reading order."""
    return [child for child in page.get_children().live().specific() if getattr(child, "item_id", None)]


def _course_fields(page) -> dict[str, Any]:
    return {
        "title": page.title,
        "summary": page.summary,
        "audience": page.audience,
        "objectives": [str(block.value) for block in page.objectives],
        "jp": page.jp,
        "minutes": page.minutes,
        "validity_months": page.validity_months,
        "cycle_ends_on": page.cycle_ends_on,
        "cycle_years": page.cycle_years,
        "renewal_days": page.renewal_days,
        "self_enrolment": page.self_enrolment,
    }


def _item_fields(page) -> dict[str, Any]:
    return {
        "title": page.title,
        "slug": page.slug,
        "required": page.required,
        "waits_for_required": page.waits_for_required,
        "decides_grade": page.decides_grade,
        "minutes": page.minutes,
    }


def problems_of(page, items: list) -> list[str]:
    """Why ``page`` with these published items cannot be compiled; empty when it can."""
    problems = []
    if not items:
        problems.append("Belum ada materi yang terbit. Terbitkan sedikitnya satu materi atau kuis di bawahnya.")
    deciding = [item.title for item in items if item.decides_grade]
    if len(deciding) > 1:
        problems.append(
            f"Hanya satu pos-tes yang menentukan nilai, sekarang ada {len(deciding)}: {', '.join(deciding)}."
        )
    problems += [
        f"“{item.title}” menentukan nilai, jadi harus wajib."
        for item in items
        if item.decides_grade and not item.required
    ]
    return problems


@transaction.atomic
def compile_course(page, *, actor, at: datetime) -> CourseVersion:
    """Make what is published under ``page`` the current version of its course. Raises CompileRefused.

    ``page`` is a CoursePage as it is to be published. The same content gives the same version again.
    """
    # Lock first: two items published together must not both take the next number.
    course = Course.objects.select_for_update().get(pk=page.course_id)
    items = published_items(page)
    if problems := problems_of(page, items):
        raise CompileRefused(page, problems)
    fields = _course_fields(page)
    entries = [_item_fields(item) for item in items]
    uuids = [item.item.uuid for item in items]
    said = {name: value for name, value in fields.items() if value != UNSAID.get(name, ...)}
    digest = fingerprint(
        {**said, "items": [{**entry, "item": uuid} for entry, uuid in zip(entries, uuids, strict=True)]}
    )
    version = course.versions.filter(sha256=digest).first()
    if version is None:
        number = (course.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = CourseVersion.objects.create(
            course=course, number=number, sha256=digest, published_at=at, published_by=actor, **fields
        )
        CourseVersionItem.objects.bulk_create(
            CourseVersionItem(version=version, item=item.item, order=order, **entry)
            for order, (item, entry) in enumerate(zip(items, entries, strict=True), start=1)
        )
    if course.current_version_id != version.pk or course.archived_at or course.title != page.title:
        course.current_version = version
        if course.archived_at:
            course.archived_at, course.opened_again_at = None, at
        course.title = page.title
        course.save()
        audit.record(verb="course.published", actor=actor, at=at, obj=course, detail={"version": version.number})
    return version


@transaction.atomic
def withdraw_course(page, *, at: datetime) -> None:
    """Archive the course of a CoursePage that is not offered any more; compiling it again brings it back.

    Raises ArchivingRefused while somebody owes it.
    """
    # Lock first, as whoever gives an order does: none must come between the count and the end.
    course = Course.objects.select_for_update().get(pk=page.course_id)
    if problem := why_not_archived(course):
        raise ArchivingRefused(page, [problem])
    if course.archived_at is None:
        course.archived_at = at
        course.save(update_fields=["archived_at"])
