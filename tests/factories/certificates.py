"""Letterheads and certificates. ``issued`` goes the way of a real officer: completing a course issues it."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO

import factory
from factory.django import DjangoModelFactory
from PIL import Image

from certificates import models
from certificates.rendering.store import render
from courses.models import Course
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
    if letterhead and not models.UnitLetterhead.objects.nearest_to(unit, at=at):
        UnitLetterheadFactory(unit=unit)
    completion = completed(officer, course or published_course(), at=at, grade=grade)
    certificate = models.Certificate.objects.get(completion=completion)
    if rendered:
        render({"certificate": certificate.pk})
        certificate.refresh_from_db()
    return certificate


def staff(role: Role, unit: Unit) -> User:
    """An officer of ``unit`` who holds ``role`` over it."""
    return RoleGrantFactory(user=OfficerFactory(posting__unit=unit).user, role=role, unit=unit).user


def picture(kind: str = "PNG", *, size: tuple[int, int] = (64, 64), **options) -> bytes:
    """The bytes of a small picture as somebody would upload it."""
    target = BytesIO()
    Image.new("RGB", size, "navy").save(target, kind, **options)
    return target.getvalue()
