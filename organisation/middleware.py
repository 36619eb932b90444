"""Session lengths by kind of user, and the second factor that staff must hold."""

import time

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils import timezone

from . import sessions
from .permissions import STAFF, has_role
from .session_store import FACTORS

# What somebody needs to set up a second factor, to confirm who they are, or to leave.
OPEN_WITHOUT_FACTOR = (
    "/akun/faktor-kedua/",
    "/akun/konfirmasi/",
    "/keluar/",
    "/masuk/",
    "/aktivasi/",
    "/healthz",
    "/readyz",
)


class SessionPolicyMiddleware:
    """End what lasted too long and note, at most every five minutes, that somebody is there."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self._hold(request, now=time.time())
        return self.get_response(request)

    def _hold(self, request, *, now: float) -> None:
        session = request.session
        if sessions.SIGNED_IN_AT not in session:
            sessions.begin(session, now=now)
        idle = sessions.idle_for(session, now=now)
        # Roles are asked for only when they can matter.
        staff = idle >= sessions.STAFF_IDLE and has_role(request.user, STAFF, at=timezone.now())
        if sessions.has_ended(session, staff=staff, now=now):
            UserSession.objects.filter(session_key=session.session_key).delete()
            logout(request)
            messages.info(request, "Sesi Anda berakhir. Silakan masuk lagi.")
        elif idle >= sessions.TOUCH_EVERY and not sessions.is_background(request.path):
            session[sessions.SEEN_AT] = now
            UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


class SecondFactorMiddleware:
    """Lead staff without a second factor to setting one up, before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.STAFF_SECOND_FACTOR_REQUIRED and self._lacks_factor(request):
            messages.warning(request, "Tugas Anda memerlukan faktor kedua. Pasang satu dahulu, kemudian lanjutkan.")
            return redirect("mfa_index")
        return self.get_response(request)

    def _lacks_factor(self, request) -> bool:
        if request.path.startswith((*OPEN_WITHOUT_FACTOR, settings.STATIC_URL)) or not request.user.is_authenticated:
            return False
        if not has_role(request.user, STAFF, at=timezone.now()):
            return False
        if request.user.has_factor is None:
            return not Authenticator.objects.filter(user=request.user, type__in=FACTORS).exists()
        return not request.user.has_factor
