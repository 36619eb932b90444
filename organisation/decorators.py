"""Doors of staff pages: a visitor is led to sign-in, a signed-in person without the role gets 403."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from .models import Role
from .permissions import has_role


def role_required(roles: Iterable[Role]) -> Callable:
    """Let in whoever holds one of ``roles`` today, over whatever unit; the rows shown are scoped by the queryset."""

    def decorate(view: Callable) -> Callable:
        @login_required
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not has_role(request.user, roles, at=timezone.now()):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
