"""Accounts and roles: opened, closed, given for a time, and kept in step with the CMS's groups."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Q

from foundation import audit
from foundation.due import due

from ..exceptions import AccountRefused, GrantRefused
from ..models import ActivationSlip, Capacity, Role, RoleGrant, Session, Unit, User

# What a role may do in the CMS hangs on these groups; courses gives them their permissions.
CMS_GROUPS = {
    Role.TRAINER: ("Tenaga pendidik",),
    Role.REVIEWER: ("Pemeriksa isi", "Pemeriksa hukum"),
}
ALL_CMS_GROUPS = {name for names in CMS_GROUPS.values() for name in names}


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    unit: Unit,
    reason: str,
    actor,
    at: datetime,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    capacity: Capacity = Capacity.DEFINITIVE,
    order_number: str = "",
    deputises: RoleGrant | None = None,
) -> RoleGrant:
    """Give ``role`` over the subtree of ``unit``. Refused for oneself, for a past end and for a role held already.

    A deputy holds it until a day and by an order with a number.

    Open slips no longer work: who printed one must not hold the key to more than it was printed for.
    """
    if actor and actor.pk == user.pk:
        raise GrantRefused("Peran untuk diri sendiri diberikan oleh administrator lain.")
    if not user.is_active:
        raise GrantRefused(f"Akun {user} nonaktif. Aktifkan akunnya dahulu.")
    starts = valid_from or at
    if valid_to and valid_to <= max(starts, at):
        raise GrantRefused("Tanggal berakhir harus sesudah tanggal mulai dan sesudah hari ini.")
    if capacity != Capacity.DEFINITIVE and not (valid_to and order_number.strip()):
        raise GrantRefused("Plt. dan Plh. memerlukan nomor Sprin dan hari terakhir.")
    # Lock first: two administrators giving the same role must not both pass the check below.
    User.objects.select_for_update().get(pk=user.pk)
    same = RoleGrant.objects.filter(user=user, role=role, unit=unit)
    if same.filter(Q(valid_to=None) | Q(valid_to__gt=starts)).exists():
        raise GrantRefused(f"{user} sudah memegang peran {Role(role).label} atas {unit}.")
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                user=user,
                role=role,
                unit=unit,
                valid_from=starts,
                valid_to=valid_to,
                recorded_at=at,
                reason=reason,
                capacity=capacity,
                order_number=order_number.strip(),
                deputises=deputises,
            )
    except IntegrityError:
        raise GrantRefused(f"{user} sudah memegang peran {Role(role).label} atas {unit}.")
    ActivationSlip.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    audit.record(
        verb="role.granted",
        actor=actor,
        at=at,
        obj=grant,
        subject_id=user.officer_pk,
        unit_path=unit.path,
        detail={
            "role": grant.title,
            "from": starts,
            "until": valid_to,
            "reason": reason,
            "order_number": grant.order_number,
        },
    )
    sync_groups(user=user, at=at)
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, actor, at: datetime, ends: datetime | None = None, reason: str = "") -> None:
    """End a role now, or later at ``ends``, and with it those of its deputies. Refused when it ends before."""
    ends = max(ends or at, at)
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=grant.pk)
    if grant.valid_to and grant.valid_to <= ends:
        raise GrantRefused("Peran ini sudah berakhir.")
    RoleGrant.objects.filter(pk=grant.pk).update(valid_to=max(ends, grant.valid_from))
    for deputy in grant.deputies.filter(valid_to__gt=ends):
        end_grant(grant=deputy, actor=actor, at=at, ends=ends, reason=reason)
    audit.record(
        verb="role.ended",
        actor=actor,
        at=at,
        obj=grant,
        subject_id=grant.user.officer_pk,
        unit_path=grant.unit.path,
        detail={"role": grant.title, "until": ends if ends > at else None, "reason": reason},
    )
    sync_groups(user=grant.user, at=at)


def sync_groups(*, user: User, at: datetime) -> bool:
    """Make the CMS groups of ``user`` those of the roles in force; return whether anything changed."""
    roles = RoleGrant.objects.in_force(at=at).filter(user=user, role__in=CMS_GROUPS).values_list("role", flat=True)
    wanted = {name for role in roles for name in CMS_GROUPS[Role(role)]}
    held = set(user.groups.filter(name__in=ALL_CMS_GROUPS).values_list("name", flat=True))
    if wanted == held:
        return False
    user.groups.remove(*Group.objects.filter(name__in=held - wanted))
    user.groups.add(*[Group.objects.get_or_create(name=name)[0] for name in wanted - held])
    return True


@due("organisation.groups")
def sync_all_groups(*, at: datetime) -> int:
    """Bring the groups of everybody who holds or held a CMS role in step with the day."""
    granted = RoleGrant.objects.in_force(at=at).filter(role__in=CMS_GROUPS)
    users = User.objects.filter(Q(groups__name__in=ALL_CMS_GROUPS) | Q(role_grants__in=granted))
    return sum(sync_groups(user=user, at=at) for user in users.distinct())


@transaction.atomic
def disable_account(*, user: User, reason: str, actor, at: datetime) -> None:
    """Close an account: nobody signs in with it and its sessions end at once."""
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        audit.record(
            verb="account.disabled",
            actor=actor,
            at=at,
            obj=user,
            subject_id=user.officer_pk,
            detail={"reason": reason},
        )
    end_sessions(user=user)
    user.is_active = False


@transaction.atomic
def enable_account(*, user: User, actor, at: datetime) -> None:
    """Open a closed account again; the password stays what it was."""
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        audit.record(verb="account.enabled", actor=actor, at=at, obj=user, subject_id=user.officer_pk)
    user.is_active = True


@transaction.atomic
def reset_second_factor(*, user: User, reason: str, actor, at: datetime) -> int:
    """Remove every factor of somebody who lost theirs, recovery codes too, and end the sessions; return how many.

    Whoever works here has to set up a new one at the next sign-in. Raises AccountRefused without a reason.
    """
    if not reason.strip():
        raise AccountRefused("Tulis alasannya, misalnya nomor surat permintaan.")
    removed, _models = Authenticator.objects.filter(user=user).delete()
    audit.record(
        verb="account.second_factor_reset",
        actor=actor,
        at=at,
        obj=user,
        subject_id=user.officer_pk,
        detail={"reason": reason.strip(), "factors": removed},
    )
    end_sessions(user=user)
    return removed


def end_sessions(*, user: User, keep: str | None = None) -> int:
    """End the sessions of ``user`` except the one with the key ``keep``; return how many."""
    Session.objects.filter(user=user).exclude(session_key=keep).delete()
    return UserSession.objects.filter(user=user).exclude(session_key=keep).delete()[0]
