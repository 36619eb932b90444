"""The demonstration's certificates: letterheads, a template, what happens to a few of them, and the first files."""

from dataclasses import replace
from datetime import datetime, timedelta

from wagtail.log_actions import LogContext

from certificates.exceptions import SealUnavailable
from certificates.models import Certificate, CertificateTemplate
from certificates.models.template import Frame
from certificates.sealing import ceremony, keys
from certificates.services import (
    RENDER,
    Paper,
    ask_correction,
    ask_revocation,
    cancel_number,
    reserve,
    save_letterhead,
)
from enrolments.corrections import Holder
from foundation import approvals
from foundation.models import OutboxEntry
from foundation.outbox import deliver
from organisation.models import Officer, Unit

from .people import NEIGHBOUR, POLRESTA
from .scans import scan

LETTERHEADS = {
    POLRESTA: {
        "heading": "KEPOLISIAN NEGARA REPUBLIK INDONESIA\nDAERAH CONTOH\nRESOR KOTA CONTOH",
        "place": "Contoh",
        "on_behalf_of": "KEPALA KEPOLISIAN RESOR KOTA CONTOH",
        "signer_post": "KABAG SDM",
        "signer_name": "RATNA MAHARANI, S.I.K.",
        "signer_rank": "KOMISARIS POLISI",
        "signer_number": "82070034",
    },
    NEIGHBOUR: {
        "heading": "KEPOLISIAN NEGARA REPUBLIK INDONESIA\nDAERAH CONTOH\nRESOR TETANGGA",
        "place": "Tetangga",
        "on_behalf_of": "KEPALA KEPOLISIAN RESOR TETANGGA",
        "signer_post": "KABAG SDM",
        "signer_name": "HENDRIK TUASIKAL, S.Sos.",
        "signer_rank": "AJUN KOMISARIS POLISI",
        "signer_number": "84030056",
    },
}
NUMBERING = {
    "number_kind": "Sertif",
    "number_pattern": "{jenis}/{urut}/{bulan_romawi}/{kka}/{tahun}",
    "archive_code": "DIK.2.6.",
    "function_code": "",
}


def build_seal(*, at: datetime) -> None:
    """Make the key of the demonstration's seal, or record the one that lies there from before."""
    try:
        ceremony.record(keys.load().certificate, at=at, note="")
    except SealUnavailable:
        ceremony.create(name="Polda Contoh (peragaan)", years=keys.YEARS, passphrase=None, at=at)


def build_letterheads(units: dict[str, Unit], people: dict[str, Officer], *, at: datetime) -> None:
    signers = {POLRESTA: people["sdm"], NEIGHBOUR: people["neighbour sdm"]}
    for code, values in LETTERHEADS.items():
        save_letterhead(unit=units[code], values=values | NUMBERING, crest=None, actor=signers[code].user, at=at)


def revoke_some(people: dict[str, Officer], units: dict[str, Unit], *, now: datetime) -> None:
    """One certificate is revoked by two people; for another the request waits for the head."""
    sdm, head = people["sdm"].user, people["head"].user
    wrong, doubtful = _others(people, units[POLRESTA])[:2]
    request = ask_revocation(
        certificate=wrong,
        reason="Nama pada daftar tugas tertukar dengan personel lain",
        paper=Paper("B/ND-61/XI/DIK.2.6./2026", scan("NOTA DINAS (CONTOH)", "Bag SDM Polresta Contoh")),
        actor=sdm,
        at=now - timedelta(days=1),
    )
    approvals.decide(request=request, approved=True, note="", actor=head, at=now - timedelta(hours=20))
    ask_revocation(
        certificate=doubtful,
        reason="Laporan pengawas: pos-tes dikerjakan orang lain",
        paper=Paper("B/ND-64/XI/DIK.2.6./2026", scan("NOTA DINAS (CONTOH)", "Laporan pengawas")),
        actor=sdm,
        at=now - timedelta(hours=2),
    )


def correct_one(people: dict[str, Officer], units: dict[str, Unit], *, now: datetime) -> None:
    """A degree was missing: the old certificate says that it was replaced, and points to the new one."""
    certificate = _others(people, units[POLRESTA])[2]
    held = Holder.of(certificate.completion)
    request = ask_correction(
        certificate=certificate,
        holder=replace(held, full_name=f"{held.full_name}, M.H."),
        reason="Gelar belum tertulis pada data personel",
        paper=Paper("B/ND-58/XI/DIK.2.6./2026", scan("NOTA DINAS (CONTOH)", "Ijazah terlampir")),
        actor=people["sdm"].user,
        at=now - timedelta(days=2),
    )
    approvals.decide(
        request=request, approved=True, note="", actor=people["head"].user, at=now - timedelta(days=1, hours=6)
    )


def set_numbers_aside(people: dict[str, Officer], units: dict[str, Unit], *, now: datetime) -> None:
    """Numbers are kept for a training on paper; one of them was misprinted."""
    sdm, at = people["sdm"].user, now - timedelta(hours=5)
    series = units[POLRESTA].number_series.order_by("-year")[0]
    kept = reserve(series=series, count=5, reason="Pelatihan tatap muka di aula, dicetak di kertas", actor=sdm, at=at)
    cancel_number(series=series, sequence=kept[-1], reason="Salah cetak, kertasnya dimusnahkan", actor=sdm, at=at)


def build_template(people: dict[str, Officer], units: dict[str, Unit]) -> None:
    """The neighbour's certificates have a plain border: written by the trainer, approved by the reviewer."""
    template = CertificateTemplate(
        name="Polres Tetangga, garis tepi", unit=units[NEIGHBOUR], frame=Frame.LINES, live=False
    )
    template.save()
    template.save_revision(user=people["trainer"].user)
    review = template.get_workflow().start(template, people["trainer"].user)
    with LogContext(user=people["reviewer"].user):
        review.current_task_state.approve(user=people["reviewer"].user)


def _others(people: dict[str, Officer], unit: Unit) -> list[Certificate]:
    below = Certificate.objects.filter(unit.subtree_of("unit__")).exclude(officer__in=people.values())
    return list(below.order_by("pk"))


def print_first(people: dict[str, Officer], count: int) -> None:
    """Print the files that a visitor of the demonstration opens first: the known people's and the newest."""
    newest = Certificate.objects.order_by("-issued_at").values_list("pk", flat=True)[:count]
    known = Certificate.objects.filter(officer__in=people.values()).values_list("pk", flat=True)
    keys = [str(pk) for pk in {*newest, *known}]
    for entry in OutboxEntry.objects.filter(kind=RENDER, key__in=keys, done_at=None):
        deliver.call(entry.pk)
