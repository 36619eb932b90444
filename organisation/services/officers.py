"""Officers and their dated postings: entered, moved, corrected and let go, one or thousands at a time.

The page enters one officer and the roster import thousands; both go through the same bulk verbs.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from foundation import audit

from ..exceptions import OfficerRefused
from ..models import Officer, Posting, Rank, RoleGrant, ServiceFunction, Unit, User
from ..numbers import officer_number
from ..pieces import pieces
from . import accounts
from .movers import Move, end_roles

BATCH = 500


@dataclass(frozen=True)
class OfficerDraft:
    """An officer to be entered. ``number`` has passed ``officer_number``."""

    number: str
    name: str
    unit: Unit
    rank: Rank
    valid_from: datetime
    name_prefix: str = ""
    name_suffix: str = ""
    email: str = ""
    post: str = ""
    functions: frozenset[ServiceFunction] = frozenset()


@dataclass(frozen=True)
class PostingChange:
    """The place an officer takes from ``valid_from`` on; ``current`` (if any) ends there."""

    officer: Officer
    current: Posting | None
    unit: Unit
    rank: Rank
    post: str
    functions: frozenset[ServiceFunction]
    valid_from: datetime


@dataclass(frozen=True)
class Correction:
    """New values for ``number``, ``name_prefix``, ``name``, ``name_suffix`` or ``email`` of an officer."""

    officer: Officer
    values: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def create_officers(*, drafts: Sequence[OfficerDraft], actor, at: datetime) -> list[Officer]:
    """Enter officers with their logins (no password yet) and first postings. Numbers must be free."""
    officers = []
    for draft in drafts:
        number, kind = officer_number(draft.number)
        officers.append(
            Officer(
                number=number,
                number_kind=kind,
                name_prefix=draft.name_prefix,
                name=draft.name,
                name_suffix=draft.name_suffix,
                user=User(login=number, email=draft.email),
            )
        )
    for officer in officers:
        officer.user.name = officer.full_name
        # As set_unusable_password does, without drawing forty letters one by one for each of 20,000 people.
        officer.user.password = UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)
    try:
        # A savepoint, so that the refusal below leaves the caller's transaction usable.
        with transaction.atomic():
            User.objects.bulk_create([officer.user for officer in officers], batch_size=BATCH)
            for officer in officers:
                officer.user_id = officer.user.pk
            Officer.objects.bulk_create(officers, batch_size=BATCH)
    except IntegrityError:
        raise OfficerRefused("NRP/NIP ini sudah terdaftar. Cari nomornya, lalu catat mutasi bila perlu.")
    changes = [
        PostingChange(officer, None, draft.unit, draft.rank, draft.post, draft.functions, draft.valid_from)
        for officer, draft in zip(officers, drafts, strict=True)
    ]
    audit.record_many(
        audit.event(
            verb="officer.created",
            actor=actor,
            at=at,
            obj=change.officer,
            subject_id=change.officer.pk,
            unit_path=change.unit.path,
        )
        for change in changes
    )
    _open_postings(changes, at=at)
    return officers


@transaction.atomic
def create_officer(*, actor, at: datetime, **fields) -> Officer:
    """Enter one officer, ``fields`` as OfficerDraft; one who had left comes back. Refused while posted elsewhere."""
    draft = OfficerDraft(**fields)
    known = Officer.objects.filter(number=draft.number).select_related("user").first()
    if known is None:
        return create_officers(drafts=[draft], actor=actor, at=at)[0]
    if known.postings.filter(valid_to=None).exists():
        raise OfficerRefused(
            f"{known.get_number_kind_display()} {known.number} sudah terdaftar. Bila bertugas di satuan Anda, catat "
            "mutasinya; bila di luar wewenang Anda, minta SDM satuan asal mengakhiri penempatannya."
        )
    names = {name: getattr(draft, name) for name in ("name_prefix", "name", "name_suffix")}
    correct_officer(officer=known, actor=actor, at=at, **names)
    change_posting(
        officer=known,
        unit=draft.unit,
        rank=draft.rank,
        post=draft.post,
        functions=draft.functions,
        valid_from=draft.valid_from,
        actor=actor,
        at=at,
    )
    known.user.refresh_from_db()
    return known


def starts_on(day: date | None, *, unit: Unit, at: datetime) -> datetime:
    """The moment from which a posting counts: the beginning of ``day`` in the unit's zone; today means now."""
    zone = ZoneInfo(unit.zone)
    if day is None or day == at.astimezone(zone).date():
        return at
    return datetime.combine(day, time.min, tzinfo=zone)


def last_ends(officers: Iterable[int]) -> dict[int, datetime]:
    """When the last ended posting of each of ``officers`` (ids) ended; nobody without one."""
    ended: dict[int, datetime] = {}
    for some in pieces(officers):
        rows = Posting.objects.filter(officer__in=some, valid_to__isnull=False).order_by().values_list("officer")
        ended |= dict(rows.annotate(Max("valid_to")))
    return ended


def returns_on(starts: datetime, *, ended: datetime, unit: Unit) -> datetime:
    """From when a leaver counts in ``unit``: on the day of leaving from the moment at which the old posting ended."""
    zone = ZoneInfo(unit.zone)
    same_day = starts.astimezone(zone).date() == ended.astimezone(zone).date()
    return max(starts, ended) if same_day else starts


@transaction.atomic
def change_postings(*, changes: Sequence[PostingChange], actor, at: datetime) -> list[Posting]:
    """Close each current posting at the change's day and open the next. A returning leaver's account opens again.

    With a move end the roles of the place left behind (movers.roles_ending).
    """
    left = last_ends([change.officer.pk for change in changes if change.current is None])
    for change in changes:
        if (ended := left.get(change.officer.pk)) and change.valid_from < ended:
            raise OfficerRefused(f"TMT {change.officer} lebih awal daripada akhir penempatan lama. Periksa tanggalnya.")
        if change.current and change.valid_from < change.current.valid_from:
            raise OfficerRefused(f"TMT {change.officer} lebih awal daripada penempatan sekarang. Periksa tanggalnya.")
        if change.current:
            change.current.valid_to = change.valid_from
    Posting.objects.bulk_update(
        [change.current for change in changes if change.current], ["valid_to"], batch_size=BATCH
    )
    opened = _open_postings(changes, at=at)
    audit.record_many(
        audit.event(
            verb="posting.changed",
            actor=actor,
            at=at,
            obj=posting,
            subject_id=posting.officer_id,
            unit_path=posting.unit.path,
            detail={"from": _facts(change.current) if change.current else None, "to": _facts(posting)},
        )
        for change, posting in zip(changes, opened, strict=True)
    )
    for change in changes:
        if change.current is None and not change.officer.user.is_active:
            accounts.enable_account(user=change.officer.user, actor=actor, at=at)
    end_roles(moves_of(changes), actor=actor, at=at)
    return opened


def moves_of(changes: Iterable[PostingChange]) -> list[Move]:
    """The changes of those who stand somewhere, as what may end their roles."""
    return [
        Move(change.officer.user_id, change.current.unit, change.unit, change.valid_from)
        for change in changes
        if change.current
    ]


@transaction.atomic
def change_posting(
    *,
    officer: Officer,
    actor,
    at: datetime,
    unit: Unit,
    rank: Rank,
    post: str = "",
    functions: Iterable[ServiceFunction] = (),
    valid_from: datetime | None = None,
) -> Posting:
    """Move one officer (mutasi) or change rank, post or functions. The same place again changes nothing."""
    # Lock first: two moves at once must not both close the same posting.
    officer = Officer.objects.select_for_update(of=("self",)).select_related("user").get(pk=officer.pk)
    current = officer.postings.filter(valid_to=None).select_related("unit", "rank").first()
    functions = frozenset(functions)
    if current and is_at(current, current.functions.all(), unit=unit, rank=rank, post=post, functions=functions):
        return current
    if unit.active_to and unit.active_to <= at:
        raise OfficerRefused(f"{unit} sudah ditutup. Pilih satuan yang masih aktif.")
    starts = valid_from or at
    if current is None and (ended := last_ends([officer.pk]).get(officer.pk)):
        starts = returns_on(starts, ended=ended, unit=unit)
    change = PostingChange(officer, current, unit, rank, post, functions, starts)
    return change_postings(changes=[change], actor=actor, at=at)[0]


@transaction.atomic
def correct_officers(*, corrections: Sequence[Correction], actor, at: datetime) -> None:
    """Write corrected names, numbers and e-mails; the login follows. Papers already issued keep what they say."""
    for correction in corrections:
        officer, values = correction.officer, dict(correction.values)
        if "number" in values:
            officer.number, officer.number_kind = officer_number(values.pop("number"))
            officer.user.login = officer.number
        if "email" in values:
            officer.user.email = values.pop("email")
        for name, value in values.items():
            setattr(officer, name, value)
        officer.user.name = officer.full_name
    officers = [correction.officer for correction in corrections]
    try:
        with transaction.atomic():
            Officer.objects.bulk_update(
                officers, ["number", "number_kind", "name_prefix", "name", "name_suffix"], batch_size=BATCH
            )
            User.objects.bulk_update(
                [officer.user for officer in officers], ["login", "name", "email"], batch_size=BATCH
            )
    except IntegrityError:
        raise OfficerRefused("NRP/NIP ini sudah dipakai personel lain. Periksa nomornya.")
    audit.record_many(
        audit.event(
            verb="officer.corrected",
            actor=actor,
            at=at,
            obj=correction.officer,
            subject_id=correction.officer.pk,
            detail={"fields": sorted(correction.values)},
        )
        for correction in corrections
    )


def correct_officer(*, officer: Officer, actor, at: datetime, **values: str) -> bool:
    """Correct one officer; return whether anything changed."""
    now = {"email": officer.user.email, **{name: getattr(officer, name) for name in values if name != "email"}}
    changed = {name: value for name, value in values.items() if now[name] != value}
    if changed:
        correct_officers(corrections=[Correction(officer, changed)], actor=actor, at=at)
    return bool(changed)


@transaction.atomic
def end_posting(*, officer: Officer, reason: str, actor, at: datetime) -> None:
    """Let an officer go: the posting and roles end now, the account is disabled, sessions die. Nothing is deleted."""
    officer = Officer.objects.select_for_update(of=("self",)).select_related("user").get(pk=officer.pk)
    current = officer.postings.filter(valid_to=None).select_related("unit").first()
    if current is None:
        raise OfficerRefused(f"{officer} sudah tidak memiliki penempatan.")
    if not reason.strip():
        raise OfficerRefused("Tuliskan alasannya, misalnya pindah ke luar Polda, pensiun, atau berhenti.")
    Posting.objects.filter(pk=current.pk).update(valid_to=max(at, current.valid_from))
    audit.record(
        verb="posting.ended",
        actor=actor,
        at=at,
        obj=current,
        subject_id=officer.pk,
        unit_path=current.unit.path,
        detail={"reason": reason.strip()},
    )
    # Also those given until a day: they must not wake up when another unit takes the officer in.
    for grant in RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), user=officer.user):
        accounts.end_grant(grant=grant, actor=actor, at=at)
    accounts.disable_account(user=officer.user, reason=reason, actor=actor, at=at)


def is_at(
    posting: Posting,
    serves: Iterable[ServiceFunction],
    *,
    unit: Unit,
    rank: Rank,
    post: str,
    functions: Iterable[ServiceFunction],
) -> bool:
    """Say whether a posting with the functions ``serves`` already says all this."""
    place = (posting.unit_id, posting.rank_id, posting.post) == (unit.pk, rank.pk, post)
    return place and set(serves) == set(functions)


def _open_postings(changes: Sequence[PostingChange], *, at: datetime) -> list[Posting]:
    postings = Posting.objects.bulk_create(
        [
            Posting(
                officer=change.officer,
                unit=change.unit,
                rank=change.rank,
                post=change.post,
                valid_from=change.valid_from,
                recorded_at=at,
            )
            for change in changes
        ],
        batch_size=BATCH,
    )
    serves = Posting.functions.through
    serves.objects.bulk_create(
        [
            serves(posting=posting, servicefunction=function)
            for posting, change in zip(postings, changes, strict=True)
            for function in change.functions
        ],
        batch_size=BATCH,
    )
    return postings


def _facts(posting: Posting) -> dict[str, str]:
    return {"unit": posting.unit.code, "rank": posting.rank.short, "post": posting.post}
