"""Letterheads and certificates. ``issued`` goes the way of a real officer: completing a course issues it."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from certificates import models
from certificates.rendering.store import render
from certificates.services import Paper, ask_revocation
from courses.models import Course
from foundation import approvals
from organisation.models import Officer, Role, Unit, User
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import completed
from tests.factories.organisation import EPOCH, OfficerFactory, RoleGrantFactory, UnitFactory


class UnitLetterheadFactory(DjangoModelFactory):
    """A letterhead in force since EPOCH: ``UnitLetterheadFactory(unit=polres)``."""

    unit = factory.SubFactory(UnitFactory)
    heading = "KEPOLISIAN NEGARA REPUBLIK INDONESIA\nDAERAH UJI\nRESOR UJI"
    place = "Uji"
    on_behalf_of = "KEPALA KEPOLISIAN RESOR UJI"
    signer_post = "KABAG SDM"
    signer_name = "PEJABAT UJI, S.I.K."
    signer_rank = "KOMISARIS POLISI"
    signer_number = "80010001"
    valid_from = EPOCH

    class Meta:
        model = models.UnitLetterhead


class CertificateTemplateFactory(DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Templat {n}")

    class Meta:
        model = models.CertificateTemplate


def issued(
    officer: Officer | None = None,
    *,
    course: Course | None = None,
    unit: Unit | None = None,
    at: datetime = NOON,
    grade: Decimal | None = Decimal("85"),
    letterhead: bool = True,
    rendered: bool = False,
) -> models.Certificate:
    """The certificate that completing ``course`` brings; its unit gets a letterhead when none above has one."""
    officer = officer or OfficerFactory(posting__unit=unit or UnitFactory())
    unit = officer.postings.get(valid_to=None).unit
    if letterhead and not models.UnitLetterhead.nearest_to(unit, at=at):
        UnitLetterheadFactory(unit=unit)
    completion = completed(officer, course or published_course(), at=at, grade=grade)
    certificate = models.Certificate.objects.get(completion=completion)
    if rendered:
        render({"certificate": certificate.pk})
        certificate.refresh_from_db()
    return certificate


def paper(number: str = "B/ND-61/XI/2026", content: bytes | None = None) -> Paper:
    """The letter behind a request, scanned."""
    return Paper(number, SimpleUploadedFile("nota-dinas.png", picture() if content is None else content))


def paper_data(reason: str = "Salah orang.", **answers) -> dict:
    """What a form with a paper is sent."""
    return {"alasan": reason, "nomor_dokumen": "B/ND-61/XI/2026", "dokumen": paper().scan} | answers


def revoked(certificate: models.Certificate, *, at: datetime = NOON, reason: str = "Dikerjakan orang lain."):
    """Revoked by two people of its unit."""
    request = ask_revocation(
        certificate=certificate, reason=reason, paper=paper(), actor=staff(Role.SDM, certificate.unit), at=at
    )
    return decided(request, certificate.unit, at=at)


def decided(request, unit: Unit, *, approved: bool = True, at: datetime = NOON, actor: User | None = None):
    """Decided by the head of ``unit``."""
    actor = actor or staff(Role.HEAD, unit)
    return approvals.decide(request=request, approved=approved, note="", actor=actor, at=at)


def staff(role: Role, unit: Unit) -> User:
    """An officer of ``unit`` who holds ``role`` over it."""
    return RoleGrantFactory(user=OfficerFactory(posting__unit=unit).user, role=role, unit=unit).user


def picture(kind: str = "PNG", *, size: tuple[int, int] = (64, 64), **options) -> bytes:
    """The bytes of a small picture as somebody would upload it."""
    target = BytesIO()
    Image.new("RGB", size, "navy").save(target, kind, **options)
    return target.getvalue()
