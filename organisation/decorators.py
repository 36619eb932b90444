"""Who may open a page at all, and which acts need somebody who signed in just now."""

from collections.abc import Iterable
from functools import wraps

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from foundation.planning import planned_for_values

from .permissions import has_role


def role_required(roles: Iterable[str]):
    """Let in who holds one of ``roles`` over any unit; 403 otherwise. For pages that name no record.

    What such a page asks depends on its unit, and is planned for it.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not has_role(request.user, roles, at=timezone.now()):
                raise PermissionDenied
            with planned_for_values():
                return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate


def fresh_login_required(view):
    """Ask for the password or the second factor again when the last time is ten minutes ago.

    For bulk export, role change, grant and revoke (TRUST.md §2). Off only where the second factor of staff
    is off too, in dev and demo: one setting, one check in production, and a tour that is not interrupted.
    """
    return reauthentication_required(enabled=lambda request: settings.STAFF_SECOND_FACTOR_REQUIRED)(view)
