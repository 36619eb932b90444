"""Attempts of others: with names for SDM and heads, blind for trainers and reviewers. Every look is audited."""

from django import forms
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.models import Course
from foundation import audit
from organisation.decorators import role_required
from organisation.models import Zone
from quizzes.models import QuizVersion
from quizzes.permissions import SEES_BLIND, SEES_SITTINGS, may_read_key, sittings_for_actor
from quizzes.review import reviewed_all
from quizzes.sittings import SittingState, code_of, narrowed, standings_of, timeline

PAGE = 25
EVENTS = 50


class SittingFilter(forms.Form):
    q = forms.CharField(label="Nama atau NRP", required=False, max_length=80, widget=forms.SearchInput)
    pelatihan = forms.ChoiceField(label="Pelatihan", required=False)
    kuis = forms.ChoiceField(label="Kuis", required=False)
    keadaan = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua"), *SittingState.choices])

    def __init__(self, data, *, blind: bool):
        super().__init__(data)
        if blind:
            del self.fields["q"]
        courses = Course.objects.exclude(current_version=None).order_by("code")
        quizzes = (
            QuizVersion.objects.newest()
            .order_by("item__course__code", "title")
            .values_list("item", "item__course__code", "title")
        )
        self.fields["pelatihan"].choices = [("", "Semua pelatihan"), *((one.code, str(one)) for one in courses)]
        self.fields["kuis"].choices = [
            ("", "Semua kuis"),
            *(
                (pk, f"{code} {title}")
                for pk, code, title in quizzes.values_list("item", "item__course__code", "title")
            ),
        ]


@role_required(SEES_SITTINGS)
@require_safe
def sittings(request):
    return _list(request, blind=False)


@role_required(SEES_BLIND)
@require_safe
def blind_sittings(request):
    return _list(request, blind=True)


@role_required(SEES_SITTINGS)
@require_safe
def sitting(request, uuid):
    return _detail(request, uuid, blind=False)


@role_required(SEES_BLIND)
@require_safe
def blind_sitting(request, uuid):
    return _detail(request, uuid, blind=True)


def _list(request, *, blind: bool):
    now = timezone.now()
    form = SittingFilter(request.GET, blind=blind)
    if not form.is_valid():
        raise Http404("a filter that was not offered")
    asked = form.cleaned_data
    attempts = narrowed(
        sittings_for_actor(request.user, at=now, blind=blind),
        course=asked["pelatihan"],
        quiz=int(asked["kuis"]) if asked["kuis"] else None,
        search=asked.get("q", "").strip(),
        state=asked["keadaan"],
    )
    page = Paginator(attempts.for_sitting_list(at=now), PAGE).get_page(request.GET.get("page"))
    rows = [
        {"attempt": attempt, "code": code_of(attempt), "standings": standings_of(attempt)}
        for attempt in page.object_list
    ]
    audit.record(verb="attempt.list_viewed", actor=request.user, at=now, detail={"rows": len(rows), "blind": blind})
    context = {
        "base": _base(blind),
        "blind": blind,
        "form": form,
        "narrowed": any(asked.values()),
        "page": page,
        "rows": rows,
        "zone": Zone.WIB,
        "detail": "blind-sitting" if blind else "sitting",
    }
    return render(request, "quizzes/sittings/list.html", context)


def _detail(request, uuid, *, blind: bool):
    now = timezone.now()
    mine = sittings_for_actor(request.user, at=now, blind=blind)
    attempt = mine.for_sitting_list(at=now).select_related("item__course").filter(uuid=uuid).first()
    if attempt is None:
        raise Http404("not in scope")
    officer = attempt.enrolment.officer
    posting = officer.current_postings[0]
    zone = Zone.WIB if blind else posting.unit.zone
    may_read = attempt.submitted_at is not None and may_read_key(request.user, attempt, at=now)
    events = Paginator(attempt.events.for_timeline(), EVENTS).get_page(request.GET.get("page"))
    audit.record(
        verb="attempt.viewed",
        actor=request.user,
        at=now,
        obj=attempt,
        subject_id=officer.pk,
        unit_path=posting.unit.path,
        detail={"blind": blind, "answers": may_read},
    )
    name = f"{posting.rank.short} {officer.full_name}"
    list_url = reverse("blind-sittings" if blind else "sittings")
    context = {
        "base": _base(blind),
        "blind": blind,
        "attempt": attempt,
        "posting": posting,
        "title": code_of(attempt) if blind else name,
        "standings": standings_of(attempt),
        "page": events,
        "timeline": timeline(events.object_list, owner_id=officer.user_id, zone=zone, blind=blind),
        "zone": zone,
        "may_read": may_read,
        "questions": _answers(attempt) if may_read else [],
        "crumbs": [
            {"url": list_url, "label": "Percobaan"},
            {"label": code_of(attempt) if blind else f"{name}, percobaan {attempt.number}"},
        ],
    }
    return render(request, "quizzes/sittings/detail.html", context)


def _answers(attempt):
    if attempt.answers_purged_at:
        return []
    responses = attempt.responses.select_related("question__legal_source").prefetch_related("question__options")
    return reviewed_all(attempt, list(responses))


def _base(blind: bool) -> str:
    return "quizzes/marking/base.html" if blind else "sdm/base.html"
