"""Issuing: a completion gets its certificate with a number, and its file is asked for."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, IntegerField

from certificates.identifiers import new_identifier
from certificates.materials import materials_of
from certificates.models import Certificate, CertificateTemplateVersion, UnitLetterhead
from certificates.models.letterhead import HEADING_LINE_LENGTH, HEADING_LINES, PRINTED_COLUMNS
from certificates.numbering import DEFAULT_ARCHIVE_CODE, DEFAULT_KIND, DEFAULT_PATTERN, number_text
from certificates.series import locked_series, take_number
from certificates.wording import DEFAULT_TEXTS, worded
from courses.compiling import MINUTES_PER_JP
from enrolments.models import CourseCompletion, DutyReason
from foundation import audit, outbox
from foundation.formats import day_of
from foundation.prepared import PreparedRows, Slot
from organisation.models import Unit, UnitLevel, User

RENDER = "certificate.render"
TRIES_FOR_AN_ID = 5
ISSUED = PreparedRows(
    lambda: Certificate.objects.filter(completion=Slot("completion", BigIntegerField())).order_by("pk")[:1]
)
FIRST_ASKED = PreparedRows(
    lambda: (
        DutyReason.objects.filter(
            duty__officer=Slot("officer", BigIntegerField()),
            duty__course=Slot("course", BigIntegerField()),
            duty__cycle=Slot("cycle", IntegerField()),
            ended_at=None,
            assignment__activity__isnull=False,
        )
        .select_related("assignment__activity__period__programme")
        .order_by("added_at", "pk")[:1]
    )
)


def minutes_of(completion: CourseCompletion) -> int:
    """Those of the course, and of training recognised from elsewhere what its JP come to."""
    if completion.recognition_id is None:
        return completion.course_version.minutes
    return int(completion.jp * MINUTES_PER_JP)


def programme_of(completion: CourseCompletion) -> str:
    """``Program Quick Wins Presisi bidang SDM Unggul``: the activity that first asked for this course, if any did.

    Of training recognised from elsewhere who held it and on which paper that rests.
    """
    if completion.recognition:
        return f"diakui dari {completion.recognition.words}"[:250]
    reason = FIRST_ASKED.first(officer=completion.officer_id, course=completion.course_id, cycle=completion.cycle)
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
    reserved and the file waits (``save_letterhead``): a completion never fails because of it. Where
    the registrar types the numbers, certificate and file wait for that (services/numbers.py).
    """
    return ISSUED.first(completion=completion.pk) or write_certificate(completion=completion, at=at)


def write_certificate(
    *, completion: CourseCompletion, at: datetime, replaces: Certificate | None = None, actor: User | None = None
) -> Certificate:
    """As ``issue_certificate``, also in the place of one that was issued before. ``actor`` is who approved it, if any.

    The caller holds the transaction.
    """
    unit = completion.unit
    letterhead = UnitLetterhead.nearest_to(unit, at=at)
    issuer = letterhead.unit if letterhead else numbering_unit(unit)
    kind = letterhead.number_kind if letterhead else DEFAULT_KIND
    by_hand = bool(letterhead and letterhead.numbered_by_hand)
    series, sequence = (
        (locked_series(unit=issuer, kind=kind, at=at), None) if by_hand else take_number(unit=issuer, kind=kind, at=at)
    )
    template = CertificateTemplateVersion.for_issue(unit=unit, course=completion.course)
    version = completion.course_version
    certificate = Certificate(
        completion=completion,
        replaces=replaces,
        officer=completion.officer,
        unit=unit,
        unit_path=completion.unit_path,
        letterhead=letterhead,
        series=series,
        sequence=sequence,
        number="" if sequence is None else number_of(letterhead, sequence, issuer, kind=kind, at=at),
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
        minutes=minutes_of(completion),
        started_on=day_of(completion.started_at, issuer.zone),
        completed_on=day_of(completion.completed_at, issuer.zone),
        grade=completion.grade,
        programme=programme_of(completion),
        materials=materials_of(completion),
        template_version=template,
        heading=neutral_heading(unit),
    )
    if letterhead:
        head(certificate, letterhead)
    certificate.wording = worded(template.texts if template else DEFAULT_TEXTS, certificate)
    _store_with_new_id(certificate)
    audit.record(
        verb="certificate.issued",
        actor=actor,
        at=at,
        obj=certificate,
        subject_id=completion.officer_id,
        unit_path=completion.unit_path,
        detail={
            "number": certificate.number,
            "public_id": certificate.public_id,
            **({"replaces": replaces.number} if replaces else {}),
        },
    )
    if letterhead and certificate.number:
        ask_for_file(certificate, at=at)
    return certificate


def number_of(letterhead: UnitLetterhead | None, sequence: int, issuer: Unit, *, kind: str, at: datetime) -> str:
    """The number as printed: by the letterhead's pattern, or by the default one while there is none."""
    return number_text(
        pattern=letterhead.number_pattern if letterhead else DEFAULT_PATTERN,
        kind=kind,
        sequence=sequence,
        archive_code=letterhead.archive_code if letterhead else DEFAULT_ARCHIVE_CODE,
        function_code=letterhead.function_code if letterhead else "",
        at=at,
        zone=issuer.zone,
    )


def head(certificate: Certificate, letterhead: UnitLetterhead) -> None:
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


def ask_for_file(certificate: Certificate, *, at: datetime) -> None:
    outbox.put(kind=RENDER, key=str(certificate.pk), payload={"certificate": certificate.pk}, at=at)
