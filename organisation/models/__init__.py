"""Who there is and where they stand: units, ranks, officers, dated postings and dated role grants."""

from .accounts import Session, User, UserManager
from .imports import ImportKind, RosterImport
from .people import NumberKind, Officer, Posting, PostingQuerySet, posted
from .places import (
    MAXIMUM_DEPTH,
    PATH_STEP,
    Rank,
    RankKind,
    ServiceFunction,
    Unit,
    UnitLevel,
    UnitPlacement,
    UnitQuerySet,
    Zone,
    subtrees_of,
)
from .roles import DEPUTIES, ActivationSlip, Capacity, Handover, Role, RoleGrant, RoleGrantQuerySet

__all__ = [
    "DEPUTIES",
    "MAXIMUM_DEPTH",
    "PATH_STEP",
    "ActivationSlip",
    "Capacity",
    "Handover",
    "ImportKind",
    "NumberKind",
    "Officer",
    "Posting",
    "PostingQuerySet",
    "Rank",
    "RankKind",
    "Role",
    "RoleGrant",
    "RoleGrantQuerySet",
    "RosterImport",
    "ServiceFunction",
    "Session",
    "Unit",
    "UnitLevel",
    "UnitPlacement",
    "UnitQuerySet",
    "User",
    "UserManager",
    "Zone",
    "posted",
    "subtrees_of",
]
