"""The account of whoever is signed in: who I am here, how I sign in, who saw my data."""

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ListWebAuthnView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation import audit
from foundation.audit_words import verb_in_words

from .. import access_log, personal_data
from ..deputies import capacities, signed
from ..models import Officer, Posting
from ..permissions import HANDS_OVER, has_role, own_officer
from ..services import end_sessions
from ..sessions import device_in_words
from ..zones import reading_zone

PER_PAGE = 50


class ZoneMixin:
    """Give allauth's lists the zone in which the person reads times."""

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "zone": reading_zone(self.request.user)}


class Sessions(ZoneMixin, ListUserSessionsView):
    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.device = device_in_words(session.user_agent)
        return context


class Passkeys(ZoneMixin, ListWebAuthnView):
    pass


@login_required
def account(request):
    officer = own_officer(request.user)
    factors = Authenticator.objects.filter(user=request.user).values_list("type", flat=True)
    context = {
        "officer": officer,
        "postings": list(officer.postings.for_history()) if officer else [],
        "zone": reading_zone(request.user),
        "grants": request.user.role_grants.in_force(at=timezone.now()).select_related("unit"),
        "may_hand_over": has_role(request.user, HANDS_OVER, at=timezone.now()),
        "has_factor": bool({"totp", "webauthn"} & set(factors)),
        "crumbs": [{"label": "Akun"}],
    }
    return render(request, "organisation/account.html", context)


@login_required
def who_saw(request):
    officer = get_object_or_404(Officer, user=request.user)
    current = Posting.objects.in_force(at=timezone.now()).filter(officer=officer).select_related("unit").first()
    events = Paginator(access_log.events_about(officer), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "officer": officer,
        "page": events,
        "events": _in_words(events),
        "lists": _in_words(access_log.lists_with(officer, current)[:PER_PAGE]),
        "own": _in_words(access_log.events_by(officer)[:PER_PAGE]),
        "zone": reading_zone(request.user),
        "crumbs": [{"url": "/akun/", "label": "Akun"}, {"label": "Siapa melihat data saya"}],
    }
    return render(request, "organisation/who_saw.html", context)


@login_required
def download(request):
    officer = get_object_or_404(Officer.objects.select_related("user"), user=request.user)
    now = timezone.now()
    with transaction.atomic():
        audit.record(verb="account.exported", actor=request.user, at=now, obj=officer, subject_id=officer.pk)
        everything = {"Dibuat": now, **personal_data.everything_about(officer, at=now)}
    response = JsonResponse(
        everything, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="data-saya.json"'
    return response


@login_required
@require_POST
def end_session(request, pk):
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        messages.info(request, "Ini sesi yang sedang Anda pakai. Pakai tombol Keluar.")
    else:
        session.end()
        messages.success(request, "Sesi itu sudah diakhiri.")
    return redirect("usersessions_list")


@login_required
@require_POST
def end_other_sessions(request):
    ended = end_sessions(user=request.user, keep=request.session.session_key)
    messages.success(request, f"{ended} sesi lain sudah diakhiri.")
    return redirect("usersessions_list")


def _in_words(events) -> list[dict]:
    rows = list(events)
    capacity = capacities(row.actor_id for row in rows)
    return [
        {
            "at": row.at,
            "who": signed(row.actor_name, capacity(row.actor_id, row.at, row.unit_path)),
            "did": verb_in_words(row.verb),
        }
        for row in rows
    ]
