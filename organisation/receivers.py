"""What a sign-in brings about."""

import time

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from foundation import audit

from . import services, sessions


@receiver(user_logged_in, dispatch_uid="organisation.signed_in")
def on_signed_in(sender, request, user, **kwargs) -> None:
    now = timezone.now()
    sessions.begin(request.session, now=time.time())
    services.sync_groups(user=user, at=now)
    audit.record(verb="account.signed_in", actor=user, at=now, obj=user, subject_id=user.officer_pk)
