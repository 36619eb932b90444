"""Certificates that wait for a person's certified signature ("menunggu TTE"), and signing them off batch by batch."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from certificates.exceptions import SealUnavailable
from certificates.models import Certificate, SignatureBatch, SignatureOrder
from certificates.rendering.store import FIRST_VERSION, RENDER, keep_version, sheet_of
from foundation import audit
from foundation.due import due
from foundation.models import OutboxEntry
from organisation.models import User

from . import signers
from .signers import Provider, Signed

# Set and sent while the signer waits for the answer.
BATCH = 25


def waiting_for_actor(actor) -> QuerySet[SignatureOrder]:
    """What ``actor`` is printed on as the signer and has not signed; nobody else may sign it."""
    officer = getattr(actor, "officer", None) if actor.is_authenticated and actor.is_active else None
    return SignatureOrder.objects.waiting_for(officer.number) if officer else SignatureOrder.objects.none()


def sign_off(
    *, orders: Sequence[SignatureOrder], identity: str, passphrase: str, actor: User, at: datetime
) -> SignatureBatch:
    """Have the provider sign these certificates in the name of ``actor`` and store what it gives back.

    ``identity`` and ``passphrase`` go to the provider and are kept nowhere. Raises SealUnavailable.
    """
    provider = signers.provider()
    if provider is None:
        raise SealUnavailable("Tidak ada penyedia TTE yang dipakai.")
    if missing := provider.missing():
        raise SealUnavailable(missing)
    mine = set(waiting_for_actor(actor).values_list("pk", flat=True))
    chosen = [order for order in orders if order.pk in mine][:BATCH]
    if not chosen:
        raise SealUnavailable("Tidak ada sertifikat yang menunggu tanda tangan Anda.")
    # The provider is asked outside any transaction: it may take its time.
    pdfs = [sheet_of(order.certificate, room=provider.room).pdf for order in chosen]
    signed = provider.sign_all(pdfs, identity=identity, passphrase=passphrase)
    batch = SignatureBatch.objects.create(signer=actor.officer, provider=provider.name, at=at, count=len(chosen))
    for order, pdf in zip(chosen, signed, strict=True):
        _keep(order.certificate, pdf, provider=provider, batch=batch, actor=actor, at=at)
    return batch


def _keep(
    certificate: Certificate, pdf: bytes, *, provider: Provider, batch: SignatureBatch, actor: User, at: datetime
) -> None:
    """Store one signed file; killed before or after, the order is waiting or done, and never has two files."""
    made = keep_version(certificate, Signed(pdf, provider.name), version=FIRST_VERSION)
    with transaction.atomic():
        SignatureOrder.objects.filter(certificate=certificate, batch=None).update(batch=batch)
        if made:
            audit.record(
                verb="certificate.signed_off",
                actor=actor,
                at=at,
                obj=certificate,
                subject_id=certificate.officer_id,
                unit_path=certificate.unit_path,
                detail={"provider": provider.name, "batch": batch.pk},
            )


@due("signature orders")
def release(*, at: datetime) -> int:
    """Hand what waits for a person back to the worker once the setting names a signer that asks nobody."""
    if signers.provider():
        return 0
    waiting = SignatureOrder.objects.filter(batch=None, certificate__rendered_at=None).values_list("certificate")
    keys = [str(pk) for (pk,) in waiting]
    released = OutboxEntry.objects.filter(kind=RENDER, key__in=keys).exclude(done_at=None)
    return released.update(done_at=None, due_at=at, leased_until=None, tries=0)
