"""The verbs of certificates: issue, keep a letterhead, ask to revoke, revoke."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from enrolments.models import CourseCompletion, DutyReason
from foundation import approvals, audit, outbox
from foundation.formats import day_of
from foundation.models import ApprovalRequest
from organisation.models import Unit, UnitLevel, User

from .crests import clean_crest
from .exceptions import LetterheadRefused, RevocationRefused
from .identifiers import new_identifier
from .models import Certificate, CertificateTemplate, UnitLetterhead
from .models.letterhead import HEADING_LINE_LENGTH, HEADING_LINES, PRINTED_COLUMNS
from .numbering import DEFAULT_ARCHIVE_CODE, DEFAULT_KIND, DEFAULT_PATTERN, number_text, take_number
from .permissions import REVOKES, certificates_for_actor, units_with_letterhead_for_actor
from .wording import DEFAULT_TEXTS, worded

RENDER = "certificate.render"
REVOKE = "certificate.revoke"
TRIES_FOR_AN_ID = 5


# --- issue ------------------------------------------------------------------


def programme_of(completion: CourseCompletion) -> str:
    """``Program Quick Wins Presisi bidang SDM Unggul``: the activity that first asked for this course, if any did."""
    reason = (
        DutyReason.objects.filter(
            duty__officer=completion.officer,
            duty__course=completion.course,
            duty__cycle=completion.cycle,
            ended_at=None,
            assignment__activity__isnull=False,
        )
        .select_related("assignment__activity__period__programme")
        .order_by("added_at", "pk")
        .first()
    )
    activity = reason.assignment.activity if reason else None
    if activity is None:
        return ""
    name = activity.period.programme.name
    return f"{name if name.startswith('Program') else f'Program {name}'} bidang {activity.field}"[:250]


def neutral_heading(unit: Unit) -> str:
    """The names above a unit in capitals, for a letterhead not yet filled in; SDM corrects them."""
    lines: list[str] = []
    above: Unit | None = unit
    while above is not None:
        if above.level in (UnitLevel.PROVINCE, UnitLevel.RESORT):
            lines.append(above.name.upper()[:HEADING_LINE_LENGTH])
        above = above.parent
    return "\n".join(["KEPOLISIAN NEGARA REPUBLIK INDONESIA", *reversed(lines)][:HEADING_LINES])


def numbering_unit(unit: Unit) -> Unit:
    """Who numbers while there is no letterhead: the Polres above, or whatever stands highest below it."""
    above = unit
    while above.level > UnitLevel.RESORT and above.parent:
        above = above.parent
    return above


@transaction.atomic
def issue_certificate(*, completion: CourseCompletion, at: datetime) -> Certificate:
    """Write the certificate of a completion with its number and every printed field, and ask for its file.

    A second call returns the first certificate. Without a letterhead up the tree the number is
    reserved and the file waits (``save_letterhead``): a completion never fails because of it.
    """
    existing = Certificate.objects.filter(completion=completion).first()
    if existing:
        return existing
    unit = completion.unit
    letterhead = UnitLetterhead.objects.nearest_to(unit, at=at)
    issuer = letterhead.unit if letterhead else numbering_unit(unit)
    kind = letterhead.number_kind if letterhead else DEFAULT_KIND
    series, sequence = take_number(unit=issuer, kind=kind, at=at)
    template = CertificateTemplate.objects.for_course(completion.course)
    version = completion.course_version
    certificate = Certificate(
        completion=completion,
        officer=completion.officer,
        unit=unit,
        unit_path=completion.unit_path,
        letterhead=letterhead,
        series=series,
        sequence=sequence,
        number=number_text(
            pattern=letterhead.number_pattern if letterhead else DEFAULT_PATTERN,
            kind=kind,
            sequence=sequence,
            archive_code=letterhead.archive_code if letterhead else DEFAULT_ARCHIVE_CODE,
            function_code=letterhead.function_code if letterhead else "",
            at=at,
            zone=issuer.zone,
        ),
        issued_at=at,
        zone=issuer.zone,
        expires_at=completion.expires_at,
        holder_name=completion.full_name,
        holder_rank=completion.rank.short,
        holder_rank_full=completion.rank.full,
        holder_number=completion.number,
        holder_number_kind=completion.officer.number_kind,
        # Generals are named without their number (DOMAIN §3.4).
        prints_number=completion.rank.group != "Pati",
        holder_post=completion.post,
        unit_name=completion.unit_name,
        course_code=completion.course.code,
        course_title=version.title,
        jp=completion.jp,
        minutes=version.minutes,
        started_on=day_of(completion.started_at, issuer.zone),
        completed_on=day_of(completion.completed_at, issuer.zone),
        grade=completion.grade,
        programme=programme_of(completion),
        template_revision=template.live_revision_id if template else None,
        heading=neutral_heading(unit),
    )
    if letterhead:
        _head(certificate, letterhead)
    certificate.wording = worded(template.texts if template else DEFAULT_TEXTS, certificate)
    _store_with_new_id(certificate)
    audit.record(
        verb="certificate.issued",
        actor=None,
        at=at,
        obj=certificate,
        subject_id=completion.officer_id,
        unit_path=completion.unit_path,
        detail={"number": certificate.number, "public_id": certificate.public_id},
    )
    if letterhead:
        _ask_for_file(certificate, at=at)
    return certificate


def _head(certificate: Certificate, letterhead: UnitLetterhead) -> None:
    certificate.letterhead = letterhead
    certificate.crest = letterhead.crest.name or ""
    for name in PRINTED_COLUMNS:
        setattr(certificate, name, getattr(letterhead, name))


def _store_with_new_id(certificate: Certificate) -> None:
    """Insert under a fresh random id; 80 bits hardly ever collide, and then another is drawn."""
    for attempt in range(1, TRIES_FOR_AN_ID + 1):
        certificate.public_id = new_identifier()
        try:
            with transaction.atomic():
                certificate.save(force_insert=True)
        except IntegrityError:
            taken = Certificate.objects.filter(public_id=certificate.public_id).exists()
            if attempt == TRIES_FOR_AN_ID or not taken:
                raise
        else:
            return


def _ask_for_file(certificate: Certificate, *, at: datetime) -> None:
    outbox.put(kind=RENDER, key=str(certificate.pk), payload={"certificate": certificate.pk}, at=at)


# --- letterheads ------------------------------------------------------------


@transaction.atomic
def save_letterhead(
    *, unit: Unit, values: dict[str, str], crest: bytes | None, drop_crest: bool = False, actor: User, at: datetime
) -> UnitLetterhead:
    """Give ``unit`` a new letterhead from ``at`` on and set what waited for one. Raises LetterheadRefused.

    ``values`` are the columns of UnitLetterhead; ``crest`` the bytes of an uploaded picture, None to keep the old one.
    """
    if not units_with_letterhead_for_actor(actor, at=at).filter(pk=unit.pk).exists():
        raise LetterheadRefused("Satuan ini di luar kewenangan Anda.")
    # Lock first: two people saving at once must not both close the same row.
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    before = UnitLetterhead.objects.filter(unit=unit, valid_to=None).first()
    letterhead = UnitLetterhead(unit=unit, valid_from=at, **values)
    if before and not drop_crest:
        letterhead.crest = before.crest.name
    if crest is not None:
        name, content = clean_crest(crest)
        storage = UnitLetterhead._meta.get_field("crest").storage
        path = f"crests/{name}"
        # Named by its content: certificates already issued keep pointing at the picture they were printed with.
        letterhead.crest = path if storage.exists(path) else storage.save(path, ContentFile(content))
    if before:
        UnitLetterhead.objects.filter(pk=before.pk).update(valid_to=at)
    letterhead.save()
    set_free = _head_waiting(letterhead, at=at)
    audit.record(
        verb="letterhead.saved",
        actor=actor,
        at=at,
        obj=letterhead,
        unit_path=unit.path or "",
        detail={"signer": letterhead.signer_name, "certificates_set_free": set_free},
    )
    return letterhead


def _head_waiting(letterhead: UnitLetterhead, *, at: datetime) -> int:
    """Give the new letterhead to every certificate below that waited for one; numbers and days stay."""
    waiting = Certificate.objects.filter(letterhead.unit.subtree_of("unit__"), letterhead=None)
    count = 0
    for certificate in waiting.select_for_update(of=("self",)).iterator(chunk_size=500):
        _head(certificate, letterhead)
        certificate.save(update_fields=["letterhead", "crest", *PRINTED_COLUMNS])
        _ask_for_file(certificate, at=at)
        count += 1
    return count


# --- revoke -----------------------------------------------------------------


@transaction.atomic
def ask_revocation(*, certificate: Certificate, reason: str, actor: User, at: datetime) -> ApprovalRequest:
    """Ask that a certificate be revoked; somebody else decides. Raises RevocationRefused."""
    mine = certificates_for_actor(actor, at=at, roles=REVOKES)
    if not mine.filter(pk=certificate.pk).exists():
        raise RevocationRefused("Sertifikat ini di luar kewenangan Anda.")
    if certificate.revoked_at:
        raise RevocationRefused("Sertifikat ini sudah dicabut.")
    try:
        return _ask_revocation(certificate, reason=reason, actor=actor, at=at)
    except approvals.ApprovalRefused as refusal:
        raise RevocationRefused(str(refusal))


def ask_revocation_of_withdrawn(*, completion: CourseCompletion, reason: str, actor: User, at: datetime) -> None:
    """Ask that the certificate of a completion that was taken back be revoked; SDM of the unit decides, as always."""
    held = Certificate.objects.filter(completion__enrolment=completion.enrolment_id, revoked_at=None)
    for certificate in held:
        asked = ApprovalRequest.objects.filter(kind=REVOKE, object_id=str(certificate.pk), approval=None)
        if not asked.exists():
            _ask_revocation(certificate, reason=reason, actor=actor, at=at)


def _ask_revocation(certificate: Certificate, *, reason: str, actor: User, at: datetime) -> ApprovalRequest:
    return approvals.ask(
        kind=REVOKE,
        object_id=str(certificate.pk),
        unit_path=certificate.unit_path,
        reason=reason,
        actor=actor,
        at=at,
        payload={
            "title": f"Cabut sertifikat {certificate.number}",
            "about": f"{certificate.shown_holder}, {certificate.course_title}",
            "url": f"/sdm/sertifikat/{certificate.shown_id}/",
        },
    )


@approvals.carries_out(REVOKE)
def revoke(request: ApprovalRequest, *, actor: User, at: datetime) -> None:
    """Carry out an approved request: the certificate says "dicabut" from now on and keeps its number and file."""
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=request.object_id)
    if certificate.revoked_at:
        return
    certificate.revoked_at = at
    certificate.revoked_reason = request.reason[:300]
    certificate.save(update_fields=["revoked_at", "revoked_reason"])
    audit.record(
        verb="certificate.revoked",
        actor=actor,
        at=at,
        obj=certificate,
        subject_id=certificate.officer_id,
        unit_path=certificate.unit_path,
        detail={"number": certificate.number, "asked_by": request.requested_by_name, "reason": request.reason},
    )
