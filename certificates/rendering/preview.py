"""Pictures of certificates that do not exist: an invented officer under a template or a letterhead."""

import base64
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pypdfium2

from certificates.identifiers import check_character
from certificates.materials import shared_jp
from certificates.models import Certificate, CertificateTemplateVersion, UnitLetterhead
from certificates.models.letterhead import PRINTED_COLUMNS
from certificates.models.template import LAYOUT
from certificates.numbering import DEFAULT_ARCHIVE_CODE, DEFAULT_KIND, DEFAULT_PATTERN, number_text
from certificates.wording import DEFAULT_TEXTS, EXAMPLES, Language, in_language, worded
from foundation.formats import in_zone

from .store import sheet_of

EXAMPLE_ID = "CNTH0000CNTH0000"
PIXELS_PER_POINT = 1.35


MATERIALS = (
    ("Etika pelayanan dan kode etik profesi", 40),
    ("Salam, senyum, dan bahasa di loket", 30),
    ("Menolak gratifikasi dan benturan kepentingan", 35),
    ("Melayani kelompok rentan", 35),
    ("Pos-tes", 40),
)


def example(
    *,
    texts: dict[str, str] | None = None,
    version: CertificateTemplateVersion | None = None,
    letterhead: UnitLetterhead | None = None,
    shape: str = "short",
) -> Certificate:
    """Return an unsaved certificate of an invented officer; ``shape`` is a key of EXAMPLES.

    ``version`` need not be stored; ``texts`` alone stand for a version with the platform's own look.
    """
    version = version or CertificateTemplateVersion(texts=texts or DEFAULT_TEXTS)
    if shape == "english":
        words = in_language(version.texts, Language.ENGLISH)
        look = {name: getattr(version, name) for name in LAYOUT}
        version = CertificateTemplateVersion(**look | {"language": Language.ENGLISH, "texts": words})
    issued_at = datetime(2026, 11, 14, 3, 0, tzinfo=UTC)
    zone = letterhead.unit.zone if letterhead else "Asia/Jakarta"
    numbering = {
        "pattern": letterhead.number_pattern if letterhead else DEFAULT_PATTERN,
        "kind": letterhead.number_kind if letterhead else DEFAULT_KIND,
        "archive_code": letterhead.archive_code if letterhead else DEFAULT_ARCHIVE_CODE,
        "function_code": letterhead.function_code if letterhead else "",
    }
    certificate = Certificate(
        public_id=EXAMPLE_ID + check_character(EXAMPLE_ID),
        number=number_text(sequence=27, at=issued_at, zone=zone, **numbering),
        issued_at=issued_at,
        zone=zone,
        expires_at=issued_at.replace(year=issued_at.year + 2),
        holder_name="Sari",
        holder_rank="Bripka",
        holder_rank_full="Brigadir Polisi Kepala",
        holder_number="00000000",
        holder_number_kind="nrp",
        holder_post="Banit SPKT",
        unit_name=letterhead.unit.name if letterhead else "Polresta Contoh",
        course_code="C1",
        course_title="Etika Pelayanan Publik",
        jp=Decimal("4"),
        minutes=180,
        started_on=date(2026, 11, 3),
        completed_on=in_zone(issued_at, zone).date(),
        grade=Decimal("85"),
        programme="Program Quick Wins Presisi bidang SDM Unggul",
        template_version=version,
        materials=_materials(),
        heading="KEPOLISIAN NEGARA REPUBLIK INDONESIA\nDAERAH CONTOH\nRESOR KOTA CONTOH",
        place="Contoh",
        on_behalf_of="KEPALA KEPOLISIAN RESOR KOTA CONTOH",
        signer_post="KABAG SDM",
        signer_name="NAMA PEJABAT, S.I.K.",
        signer_rank="KOMISARIS POLISI",
        signer_number="00000000",
    )
    if letterhead:
        for name in PRINTED_COLUMNS:
            setattr(certificate, name, getattr(letterhead, name))
        certificate.crest = letterhead.crest.name or ""
    for name, value in EXAMPLES.get(shape, EXAMPLES["short"])[1].items():
        setattr(certificate, name, value)
    certificate.wording = worded(version.texts, certificate)
    return certificate


def _materials() -> list[dict]:
    shares = shared_jp(Decimal(4), [minutes for _title, minutes in MATERIALS])
    lines = [
        {"title": title, "kind": "lesson", "minutes": minutes, "jp": str(jp), "grade": None}
        for (title, minutes), jp in zip(MATERIALS, shares, strict=True)
    ]
    return [*lines[:-1], lines[-1] | {"kind": "quiz", "grade": "85"}]


def pictures_of(pdf: bytes, *, most: int = 4) -> list[bytes]:
    """Return the first ``most`` pages as PNG."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    try:
        for place in range(min(len(document), most)):
            target = BytesIO()
            document[place].render(scale=PIXELS_PER_POINT).to_pil().quantize(64).save(target, "PNG", optimize=True)
            found.append(target.getvalue())
    finally:
        document.close()
    return found


def example_pages(
    *,
    version: CertificateTemplateVersion | None,
    shape: str = "short",
    letterhead: UnitLetterhead | None = None,
    crest: bytes | None = None,
) -> list[bytes]:
    """Return the real print of an invented officer's certificate, a PNG a page; ``crest`` is one not stored yet."""
    certificate = example(version=version, shape=shape, letterhead=letterhead)
    if crest:
        certificate.crest = "new"
    return pictures_of(sheet_of(certificate, crest=crest).pdf)


def data_address(png: bytes) -> str:
    """For an ``<img>`` whose picture is stored nowhere."""
    return "data:image/png;base64," + base64.b64encode(png).decode()
