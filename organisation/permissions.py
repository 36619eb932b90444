"""Who may see and do what with units, officers, postings and grants: dated role × unit subtree."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from foundation.models import AuditEvent

from .models import Capacity, Handover, Officer, Posting, Role, RoleGrant, RosterImport, Unit, User, subtrees_of

READS_PEOPLE = (Role.SDM, Role.HEAD, Role.ADMINISTRATOR)
READS_LEARNING = (Role.SDM, Role.HEAD)
MANAGES_PEOPLE = (Role.SDM, Role.ADMINISTRATOR)
MANAGES_UNITS = (Role.SDM, Role.ADMINISTRATOR)
ASSIGNS = (Role.SDM,)
APPROVES = (Role.SDM, Role.HEAD)
GRANTS_ROLES = (Role.ADMINISTRATOR,)
# Roles that their holder may let a deputy hold, or hand over.
HANDS_OVER = (Role.SDM, Role.HEAD)
AUDITS = (Role.SDM, Role.ADMINISTRATOR)
STAFF = (Role.SDM, Role.TRAINER, Role.REVIEWER, Role.ADMINISTRATOR)


def grants_of(actor, roles: Iterable[str], *, at: datetime) -> QuerySet[RoleGrant]:
    """The grants of ``roles`` that ``actor`` holds at ``at``; none for a visitor or a disabled account."""
    if _holds_nothing(actor):
        return RoleGrant.objects.none()
    return RoleGrant.objects.in_force(at=at).filter(user=actor, role__in=roles).select_related("unit")


def held(actor, roles: Iterable[str], *, at: datetime) -> list[RoleGrant]:
    """As ``grants_of``; of whoever came with a session they are read once, for a page asks for them again and again."""
    if _holds_nothing(actor):
        return []
    if actor.ever_granted is None:
        return list(grants_of(actor, roles, at=at))
    if actor.grants_read is None:
        actor.grants_read = list(RoleGrant.objects.filter(user=actor).select_related("unit"))
    wanted = set(roles)
    return [
        grant
        for grant in actor.grants_read
        if grant.role in wanted and grant.valid_from <= at and (grant.valid_to is None or grant.valid_to > at)
    ]


def has_role(actor, roles: Iterable[str], *, at: datetime) -> bool:
    return bool(held(actor, roles, at=at))


def _holds_nothing(actor) -> bool:
    """True for a visitor, a disabled account, and who was never granted a role as the session's own query saw."""
    return not (actor.is_authenticated and actor.is_active) or actor.ever_granted is False


def subtree_scope(actor, roles: Iterable[str], *, at: datetime, prefix: str = "unit__") -> Q:
    """A condition for rows whose unit lies below one that ``actor`` holds a role over; matches nothing without one."""
    return subtrees_of((grant.unit for grant in held(actor, roles, at=at)), prefix)


def units_for_actor(actor, *, at: datetime, roles: Iterable[str] = READS_PEOPLE) -> QuerySet[Unit]:
    """Units in the subtrees granted to ``actor``."""
    return Unit.objects.filter(subtree_scope(actor, roles, at=at, prefix=""))


def postings_for_actor(actor, *, at: datetime, roles: Iterable[str] = READS_PEOPLE) -> QuerySet[Posting]:
    """Postings in force at ``at`` in the subtrees granted to ``actor``: one row per officer."""
    return Posting.objects.in_force(at=at).filter(subtree_scope(actor, roles, at=at))


def officers_for_actor(actor, *, at: datetime, roles: Iterable[str] = READS_PEOPLE) -> QuerySet[Officer]:
    """Officers posted at ``at`` below the units granted to ``actor``."""
    return Officer.objects.filter(posting__in=postings_for_actor(actor, at=at, roles=roles))


def officers_to_manage(actor, *, at: datetime) -> QuerySet[Officer]:
    """Officers whose record ``actor`` may change: of administrators only those below an administrator's own units."""
    officers = officers_for_actor(actor, at=at, roles=MANAGES_PEOPLE)
    return officers.exclude(user__in=administrators_beyond(actor, at=at).values("user"))


def grants_beyond(actor, *, at: datetime) -> QuerySet[RoleGrant]:
    """Roles in force that ``actor`` could not have given: whoever holds one stands above or beside the actor."""
    return RoleGrant.objects.in_force(at=at).exclude(subtree_scope(actor, GRANTS_ROLES, at=at))


def administrators_beyond(actor, *, at: datetime) -> QuerySet[RoleGrant]:
    """The roles of administrators whose record ``actor`` may not change."""
    return grants_beyond(actor, at=at).filter(role=Role.ADMINISTRATOR)


def grants_for_actor(actor, *, at: datetime) -> QuerySet[RoleGrant]:
    """Grants over units that ``actor`` may hand out roles for."""
    return RoleGrant.objects.filter(subtree_scope(actor, GRANTS_ROLES, at=at))


def own_grants_to_hand_over(actor, *, at: datetime) -> QuerySet[RoleGrant]:
    """What ``actor`` holds definitively and may let somebody else hold."""
    return grants_of(actor, HANDS_OVER, at=at).filter(capacity=Capacity.DEFINITIVE)


def may_follow(grant: RoleGrant, receiver: User, *, at: datetime) -> bool:
    """Whether ``receiver`` may get what ``grant`` holds from its holder: another officer of that unit, or below it."""
    posted = Posting.objects.in_force(at=at).below(grant.unit).filter(officer__user=receiver)
    return receiver.pk != grant.user_id and receiver.is_active and posted.exists()


def users_named(login: str, *, below: Unit, at: datetime) -> QuerySet[User]:
    """The account of the officer with that number, if posted at ``at`` below the unit."""
    number = "".join(letter for letter in login if letter.isdigit())
    posted = Posting.objects.in_force(at=at).below(below).filter(officer__number=number)
    return User.objects.filter(officer__posting__in=posted)


def handovers_of(actor) -> QuerySet[Handover]:
    """What ``actor`` handed over, newest first."""
    return Handover.objects.filter(grant__user=actor).select_related("grant__unit", "given__user", "given__unit")


def own_officer(actor) -> Officer | None:
    """The officer behind the login; None for an account without one."""
    return Officer.objects.filter(user=actor).first() if actor.is_authenticated else None


def accounts_for_actor(actor, *, at: datetime) -> QuerySet[User]:
    """Accounts that ``actor`` may hand out roles to: of officers posted below, or with a role there."""
    posted = Q(officer__in=officers_for_actor(actor, at=at, roles=GRANTS_ROLES))
    return User.objects.filter(posted | Q(role_grants__in=grants_for_actor(actor, at=at))).distinct()


def accounts_for_slips(actor, *, at: datetime) -> QuerySet[User]:
    """Accounts for which ``actor`` may print a slip, which is as good as their password.

    SDM: officers below without any role. Administrators: also those whose every role they could have given.
    Nobody for oneself.
    """
    posted = Q(officer__in=officers_for_actor(actor, at=at, roles=MANAGES_PEOPLE))
    own_to_give = Q(
        pk__in=RoleGrant.objects.in_force(at=at).filter(pk__in=grants_for_actor(actor, at=at)).values("user")
    )
    beyond = Q(pk__in=grants_beyond(actor, at=at).values("user"))
    return User.objects.filter(posted | own_to_give, ~beyond, is_active=True).exclude(pk=actor.pk)


def imports_for_actor(actor) -> QuerySet[RosterImport]:
    """Uploads of the actor's own; nobody confirms somebody else's file."""
    return RosterImport.objects.filter(uploaded_by=actor)


def events_for_actor(actor, *, at: datetime) -> QuerySet[AuditEvent]:
    """Events over units granted to ``actor``, and about officers posted there now; newest first.

    What concerns no unit (content, the platform) is for who audits a whole tree.
    """
    grants = held(actor, AUDITS, at=at)
    about = Q(subject_id__in=officers_for_actor(actor, at=at, roles=AUDITS).values("pk"))
    over = Q(pk__in=[])
    for grant in grants:
        path, beyond = grant.unit.path, str(int(grant.unit.path) + 1).zfill(len(grant.unit.path))
        over |= Q(unit_path__gte=path, unit_path__lt=beyond)
        if grant.unit.parent_id is None:
            over |= Q(unit_path="")
    return AuditEvent.objects.filter(over | about if grants else over).order_by("-id")
