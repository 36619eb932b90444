"""What the registrar does with numbers: begin a series, set numbers aside, cancel them, give one by hand."""

from datetime import datetime

from django.db import transaction

from certificates.exceptions import NumberRefused
from certificates.models import Certificate, NumberSeries, SetAsideNumber
from certificates.permissions import series_to_keep, units_with_letterhead_for_actor
from certificates.series import next_number
from certificates.wording import DEFAULT_TEXTS, worded
from foundation import audit
from foundation.formats import number as written
from organisation.models import Unit, User

from .issuing import ask_for_file, number_of

MOST_AT_ONCE = 500
HIGHEST = 9_999_999


def _locked(series: NumberSeries, *, actor: User, at: datetime) -> NumberSeries:
    """The series, locked: nobody takes a number of it meanwhile. Raises NumberRefused for somebody else's."""
    if not series_to_keep(actor, at=at).filter(pk=series.pk).exists():
        raise NumberRefused("Seri nomor ini di luar kewenangan Anda.")
    return NumberSeries.objects.select_for_update(of=("self",)).select_related("unit").get(pk=series.pk)


def _reason(text: str) -> str:
    if not text.strip():
        raise NumberRefused("Tuliskan alasannya.")
    return text.strip()


def _record(verb: str, series: NumberSeries, *, actor: User, at: datetime, **detail: object) -> None:
    audit.record(
        verb=verb,
        actor=actor,
        at=at,
        obj=series,
        unit_path=series.unit.path or "",
        detail={"series": str(series), **detail},
    )


@transaction.atomic
def begin_series(
    *, unit: Unit, kind: str, year: int, first: int, reason: str, actor: User, at: datetime
) -> NumberSeries:
    """Let the running numbers begin at ``first``, as where a paper register is carried on. Raises NumberRefused."""
    if not units_with_letterhead_for_actor(actor, at=at).filter(pk=unit.pk).exists():
        raise NumberRefused("Satuan ini di luar kewenangan Anda.")
    series, _created = NumberSeries.objects.get_or_create(unit=unit, kind=kind.strip(), year=year)
    series = _locked(series, actor=actor, at=at)
    reason = _reason(reason)
    if series.has_started:
        raise NumberRefused(
            f"Seri ini sudah berjalan sampai nomor {written(series.last_number)}. Nomor awal hanya dapat diatur "
            "sebelum nomor pertama terpakai."
        )
    if not 1 <= first <= HIGHEST:
        raise NumberRefused(f"Nomor awal dari 1 sampai {written(HIGHEST)}.")
    series.first_number, series.last_number = first, first - 1
    series.save(update_fields=["first_number", "last_number"])
    _record("number.series_begun", series, actor=actor, at=at, first=first, reason=reason)
    return series


@transaction.atomic
def reserve(
    *, series: NumberSeries, count: int, reason: str, actor: User, at: datetime, first: int | None = None
) -> list[int]:
    """Keep ``count`` numbers from ``first`` on, or the next ones, for something else than the running order.

    The counter passes over them. Raises NumberRefused when one of them is already used, reserved or cancelled.
    """
    series = _locked(series, actor=actor, at=at)
    reason = _reason(reason)
    if not 1 <= count <= MOST_AT_ONCE:
        raise NumberRefused(f"Sekali pesan paling banyak {MOST_AT_ONCE} nomor.")
    start = next_number(series) if first is None else first
    wanted = range(start, start + count)
    if wanted[-1] > HIGHEST or start < 1:
        raise NumberRefused(f"Nomor dari 1 sampai {written(HIGHEST)}.")
    if taken := _taken(series, wanted):
        raise NumberRefused(f"Sudah terpakai, dipesan, atau dibatalkan: {_listed(taken)}. Pilih nomor lain.")
    SetAsideNumber.objects.bulk_create(
        SetAsideNumber(series=series, sequence=number, reason=reason[:300], set_aside_at=at, set_aside_by=actor)
        for number in wanted
    )
    _record("number.reserved", series, actor=actor, at=at, first=wanted[0], last=wanted[-1], reason=reason)
    return list(wanted)


def _taken(series: NumberSeries, wanted: range) -> list[int]:
    within = {"sequence__gte": wanted[0], "sequence__lte": wanted[-1]}
    used = series.certificates.filter(**within).values_list("sequence", flat=True)
    aside = series.set_aside.filter(**within).values_list("sequence", flat=True)
    return sorted({number for number in (*used, *aside) if number is not None})


def _listed(numbers: list[int]) -> str:
    more = f" dan {len(numbers) - 10} lainnya" if len(numbers) > 10 else ""
    return ", ".join(map(str, numbers[:10])) + more


@transaction.atomic
def cancel_number(*, series: NumberSeries, sequence: int, reason: str, actor: User, at: datetime) -> SetAsideNumber:
    """Cancel a reserved number for good: no certificate ever gets it. Raises NumberRefused."""
    series = _locked(series, actor=actor, at=at)
    reason = _reason(reason)
    if series.certificates.filter(sequence=sequence).exists():
        raise NumberRefused(f"Nomor {sequence} sudah terpakai. Yang terpakai tidak dibatalkan; cabut sertifikatnya.")
    aside = series.set_aside.filter(sequence=sequence).first()
    if aside is None:
        raise NumberRefused(f"Nomor {sequence} tidak dipesan. Pesan dahulu, lalu batalkan.")
    if aside.cancelled_at:
        raise NumberRefused(f"Nomor {sequence} sudah dibatalkan.")
    aside.cancelled_at, aside.cancelled_by, aside.cancelled_reason = at, actor, reason[:300]
    aside.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_reason"])
    _record("number.cancelled", series, actor=actor, at=at, number=sequence, reason=reason)
    return aside


@transaction.atomic
def give_number(*, certificate: Certificate, sequence: int, reason: str, actor: User, at: datetime) -> Certificate:
    """Give a certificate that waits for it the running number that the registrar typed, and ask for its file.

    Allowed is a reserved number, and one outside the running series that nothing else holds. Raises NumberRefused for
    one that is used or cancelled, and for one that the counter gave out or will give out.
    """
    series = _locked(certificate.series, actor=actor, at=at)
    reason = _reason(reason)
    certificate = (
        Certificate.objects.select_for_update(of=("self",)).select_related("letterhead").get(pk=certificate.pk)
    )
    if certificate.number:
        raise NumberRefused(f"Sertifikat ini sudah bernomor {certificate.number}.")
    if certificate.revoked_at:
        raise NumberRefused("Sertifikat ini sudah dicabut, jadi tidak diberi nomor.")
    if certificate.successor:
        raise NumberRefused("Sertifikat ini sudah diganti, jadi tidak diberi nomor. Beri nomor penggantinya.")
    if not 1 <= sequence <= HIGHEST:
        raise NumberRefused(f"Nomor urut dari 1 sampai {written(HIGHEST)}.")
    if holder := series.certificates.filter(sequence=sequence).first():
        raise NumberRefused(f"Nomor {sequence} sudah dipakai {holder.shown_holder} ({holder.number}).")
    aside = series.set_aside.filter(sequence=sequence).first()
    if aside and aside.cancelled_at:
        raise NumberRefused(f"Nomor {sequence} sudah dibatalkan dan tidak dipakai lagi.")
    if aside is None:
        if series.has_started and sequence >= series.first_number:
            raise NumberRefused(
                f"Nomor {sequence} termasuk seri yang berjalan otomatis. Pesan nomor itu dahulu, lalu pakai di sini."
            )
        # Set aside, so that the counter passes over it once the series runs by itself.
        SetAsideNumber.objects.create(
            series=series, sequence=sequence, reason=reason[:300], set_aside_at=at, set_aside_by=actor
        )
    certificate.sequence = sequence
    certificate.number = number_of(
        certificate.letterhead, sequence, series.unit, kind=series.kind, at=certificate.issued_at
    )
    template = certificate.template_version
    certificate.wording = worded(template.texts if template else DEFAULT_TEXTS, certificate)
    certificate.save(update_fields=["sequence", "number", "wording"])
    _record(
        "number.given",
        series,
        actor=actor,
        at=at,
        number=certificate.number,
        public_id=certificate.public_id,
        reason=reason,
    )
    ask_for_file(certificate, at=at)
    return certificate
