"""Telling the officer: in the notification centre, and by e-mail where there is an address."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from certificates.models import Certificate
from certificates.models.rows import CertificateQuerySet
from certificates.rendering.store import READY
from enrolments.models import Look, MessageTemplate
from enrolments.services import Draft, current_templates, write, written_keys
from enrolments.wording import MessageKind
from foundation import outbox
from foundation.due import due
from foundation.formats import date_medium, days_left, greeting

# What is older is no news: a file printed later, such as one that waited for its letterhead.
NEWS_FOR = timedelta(days=7)
OWN_PAGE = "/sertifikat/"
LOOK = "certificate-expiry"
AHEAD = timedelta(days=30)
BATCH = 500
# A tick ends after so many; the next one goes on.
PER_TICK = 5_000


def tell_revoked(certificate: Certificate, *, at: datetime) -> None:
    since = date_medium(at, certificate.zone)
    words = f"dicabut sejak {since} dan tidak dapat dipakai lagi; alasannya ada di halaman sertifikat Anda"
    _tell(certificate, "revoked", "Sertifikat dicabut", words, at=at)


def tell_replaced(certificate: Certificate, new: Certificate, *, at: datetime) -> None:
    _tell(certificate, "replaced", "Sertifikat diganti", f"sudah diganti oleh sertifikat {new.named}", at=at)


def tell_granted(certificates: Sequence[Certificate], *, at: datetime) -> None:
    """To each owner that a certificate was issued that did not come by itself."""
    template = current_templates()[MessageKind.CERTIFICATE]
    values = {"kabar": "Sertifikat terbit", "keterangan": "sudah terbit"}
    write([draft(row, template, f"certificate-granted-{row.pk}", values, at=at) for row in certificates], at=at)


@outbox.handles(READY)
def tell_ready(payload: dict) -> None:
    """Tell the officer once that the file can be fetched, unless that is old or they were told when it was granted."""
    now = timezone.now()
    certificate = Certificate.objects.select_related("officer__user", "unit").get(pk=payload["certificate"])
    keys = {f"certificate-{what}-{certificate.pk}" for what in ("granted", "ready")}
    if certificate.issued_at > now - NEWS_FOR and not written_keys(keys):
        _tell(certificate, "ready", "Sertifikat terbit", "sudah terbit dan berkasnya dapat diunduh", at=now)


def _tell(certificate: Certificate, what: str, news: str, words: str, *, at: datetime) -> None:
    values = {"kabar": news, "keterangan": words}
    template = current_templates()[MessageKind.CERTIFICATE]
    write([draft(certificate, template, f"certificate-{what}-{certificate.pk}", values, at=at)], at=at)


def draft(
    certificate: Certificate, template: MessageTemplate, key: str, values: dict[str, str], *, at: datetime
) -> Draft:
    """A message about a certificate to its owner, with the values that every kind of them knows."""
    known = {
        "salam": greeting(at, certificate.zone),
        "nama": certificate.shown_holder,
        "pelatihan": certificate.course_title,
        "nomor": certificate.number,
    }
    return Draft(
        key=key,
        template=template,
        values=known | values,
        recipient=certificate.officer.user,
        unit=certificate.unit,
        url=OWN_PAGE,
    )


@due("certificate-expiry")
def tell_expiring(*, at: datetime) -> int:
    """Tell whose certificate ends in thirty days, and whose has ended, unless a newer one stands already."""
    look, _first = Look.objects.get_or_create(name=LOOK, defaults={"looked_at": at})
    standing = Certificate.objects.standing().exclude(rendered_at=None)
    told = 0
    for key, since, until in (("ends", look.looked_at + AHEAD, at + AHEAD), ("ended", look.looked_at, at)):
        told += _tell_ending(standing.filter(expires_at__gt=since, expires_at__lte=until), key, at=at)
    if told < PER_TICK:
        Look.objects.filter(pk=look.pk).update(looked_at=at)
    return told


def _tell_ending(rows: CertificateQuerySet, what: str, *, at: datetime) -> int:
    told, after = 0, 0
    while told < PER_TICK:
        found = rows.with_renewed().filter(renewed=False, pk__gt=after).select_related("officer__user", "unit")
        batch = list(found.order_by("pk")[:BATCH])
        if not batch:
            break
        after = batch[-1].pk
        told += len(write(_ending_drafts(batch, what, at=at), at=at))
    return told


def _ending_drafts(batch: Sequence[Certificate], what: str, *, at: datetime) -> list[Draft]:
    keys = {certificate.pk: f"certificate-{what}-{certificate.pk}" for certificate in batch}
    known = written_keys(keys.values())
    template = current_templates()[MessageKind.CERTIFICATE_ENDS]
    return [
        draft(certificate, template, keys[certificate.pk], _ending_values(certificate, at=at), at=at)
        for certificate in batch
        if keys[certificate.pk] not in known
    ]


def _ending_values(certificate: Certificate, *, at: datetime) -> dict[str, str]:
    ends = certificate.expires_at
    if ends is None:
        raise ValueError("a certificate without an end does not end")
    words = days_left(ends, at=at, zone=certificate.zone) if ends > at else "sudah berakhir"
    return {"batas": date_medium(ends, certificate.zone), "sisa": words}
