"""The officer's pages: start page, catalogue, course, lesson."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.models import Course, CourseItem
from enrolments import services
from enrolments.exceptions import EnrolmentError
from enrolments.jp import targets_of
from enrolments.models import DutyReason
from enrolments.news import news_for
from enrolments.overview import after_round, home, item_address, moved_by, posting_of, standings, zone_of
from enrolments.permissions import own_enrolment
from enrolments.telling import facts_of
from organisation.models import Officer, Role
from organisation.permissions import has_role


def _officer(request) -> Officer:
    officer = getattr(request.user, "officer", None)
    if officer is None:
        raise Http404("no officer behind this login")
    return officer


def serve_home(request):
    """A visitor gets the welcome page, an officer the own courses, other staff their desk."""
    if not request.user.is_authenticated:
        return render(request, "enrolments/welcome.html")
    officer = getattr(request.user, "officer", None)
    now = timezone.now()
    if officer is None:
        return redirect(desk_of(request.user, at=now))
    posting = posting_of(officer, at=now)
    zone = zone_of(posting)
    local = now.astimezone(ZoneInfo(zone))
    context = {
        "person": f"{posting.rank.short} {officer.full_name}" if posting else officer.full_name,
        "zone": zone,
        "now": now,
        "home": home(officer, at=now, year=local.year),
        "jp_target": targets_of(local.year).of(posting.rank.group) if posting else None,
        "news": news_for(officer, at=now),
    }
    return render(request, "enrolments/home.html", context)


def desk_of(user, *, at) -> str:
    """Where somebody without courses of their own begins."""
    if has_role(user, (Role.SDM, Role.ADMINISTRATOR), at=at):
        return "/sdm/"
    if has_role(user, (Role.HEAD,), at=at):
        return "/satuan/"
    if has_role(user, (Role.TRAINER, Role.REVIEWER), at=at):
        return "/admin/"
    return "/akun/"


def serve_catalog(request):
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    officer = getattr(request.user, "officer", None)
    now = timezone.now()
    courses = list(Course.objects.published().select_related("current_version"))
    context = {
        "now": now,
        "zone": zone_of(posting_of(officer, at=now) if officer else None),
        "standings": standings(officer, courses, at=now) if officer else [],
        "courses": courses,
    }
    return render(request, "enrolments/catalog.html", context)


def serve_course(request, page):
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    course = get_object_or_404(Course.objects.published().select_related("current_version"), pk=page.course_id)
    now = timezone.now()
    officer = getattr(request.user, "officer", None)
    if officer is None:
        return render(request, "enrolments/course_for_staff.html", {"page": page, "course": course})
    (standing,) = standings(officer, [course], at=now)
    facts = facts_of(standing.enrolment)
    zone = zone_of(posting_of(officer, at=now))
    context = {
        "page": page,
        "course": course,
        "now": now,
        "zone": zone,
        "standing": standing,
        "would_hold_until": standing.would_hold_until(at=now, zone=zone),
        "steps": [(item, facts.get(item.version_item.item_id, [])) for item in standing.progress.items],
        "state": standing.state(at=now),
        "reasons": DutyReason.objects.for_officer(standing.duty) if standing.duty else [],
        "moved_by": moved_by(standing.duty) if standing.duty else [],
    }
    return render(request, "enrolments/course.html", context)


def serve_lesson(request, page):
    """The lesson, for whoever is enrolled; others are led to the course page, where they can begin."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    course = get_object_or_404(Course.objects.published().select_related("current_version"), items=page.item_id)
    enrolment = own_enrolment(request.user, course)
    if enrolment is None:
        messages.info(request, "Mulai pelatihannya dahulu, lalu materi ini terbuka.")
        return redirect(course.url)
    context = {"page": page, **_lesson_context(course, enrolment, page.item_id)}
    context["after"] = after_round(enrolment, course, at=timezone.now())
    return render(request, "enrolments/lesson.html", context)


def _lesson_context(course: Course, enrolment, item_id: int) -> dict:
    progress = services.progress_of(enrolment, course)
    order = [standing.version_item for standing in progress.items]
    here = next((index for index, version_item in enumerate(order) if version_item.item_id == item_id), None)
    if here is None:
        raise Http404("the lesson is no part of the newest version")
    follows = order[here + 1] if here + 1 < len(order) else None
    return {
        "course": course,
        "progress": progress,
        "standing": progress.items[here],
        "position": here + 1,
        "previous": item_address(course, order[here - 1]) if here else "",
        "following": item_address(course, follows) if follows else course.url,
        "following_title": follows.title if follows else "",
    }


@login_required
@require_POST
def start_course(request, slug):
    course = get_object_or_404(Course.objects.published().select_related("current_version"), slug=slug)
    try:
        enrolment = services.start_course(
            officer=_officer(request), course=course, actor=request.user, at=timezone.now()
        )
    except EnrolmentError as refusal:
        messages.error(request, str(refusal))
        return redirect(course.url)
    next_item = services.progress_of(enrolment, course).next_item
    return redirect(item_address(course, next_item) if next_item else course.url)


@login_required
@require_POST
def complete_lesson(request, uuid):
    item = get_object_or_404(CourseItem.objects.select_related("course__current_version"), uuid=uuid)
    enrolment = own_enrolment(request.user, item.course)
    if enrolment is None:
        raise Http404("not enrolled")
    try:
        services.complete_lesson(enrolment=enrolment, item=item, at=timezone.now())
    except EnrolmentError as refusal:
        messages.error(request, str(refusal))
        return redirect(item.course.url)
    context = _lesson_context(item.course, enrolment, item.pk)
    if context["progress"].is_complete:
        messages.success(request, "Selamat, semua bagian wajib pelatihan ini sudah selesai.")
        return redirect(item.course.url)
    return redirect(context["following"])
