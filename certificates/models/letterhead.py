"""Who issues: a unit's heading, crest, signer and way of numbering, from a day to a day."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from certificates.exceptions import UnknownField
from certificates.fields import check_fields
from certificates.numbering import DEFAULT_ARCHIVE_CODE, DEFAULT_KIND, DEFAULT_PATTERN, NUMBER_FIELDS
from foundation.prepared import PreparedRows, Slot
from organisation.models import Unit

HEADING_LINES = 3
HEADING_LINE_LENGTH = 41
# What a certificate copies from the letterhead of its day, beside the crest.
PRINTED_COLUMNS = (
    "heading",
    "place",
    "on_behalf_of",
    "via_post",
    "signer_capacity",
    "signer_post",
    "signer_name",
    "signer_rank",
    "signer_number",
)


class SignerCapacity(models.TextChoices):
    """How the signer holds the post; printed before it."""

    DEFINITIVE = "", "Definitif"
    ACTING = "Plt.", "Plt. (pelaksana tugas)"
    DAILY = "Plh.", "Plh. (pelaksana harian)"
    TEMPORARY = "Ps.", "Ps. (pejabat sementara)"


def private_storage() -> Storage:
    return storages["private"]


def check_printable(text: str) -> None:
    """No character that the certificate's fonts do not have (rendering/glyphs.py)."""
    from certificates.rendering.glyphs import unprintable

    if missing := unprintable(text):
        raise ValidationError(f"Tidak ada dalam huruf cetak: {' '.join(missing[:10])}. Ganti dengan huruf Latin biasa.")


def check_heading(text: str) -> None:
    """At most three lines of at most 41 characters (DOMAIN §5.2)."""
    check_printable(text)
    lines = text.strip().splitlines()
    if len(lines) > HEADING_LINES:
        raise ValidationError(f"Kopstuk paling banyak {HEADING_LINES} baris; ini {len(lines)} baris.")
    for place, line in enumerate(lines, start=1):
        if len(line.strip()) > HEADING_LINE_LENGTH:
            raise ValidationError(
                f"Baris {place} panjangnya {len(line.strip())} huruf; paling panjang {HEADING_LINE_LENGTH}."
            )


def check_pattern(text: str) -> None:
    """Only known fields, running number and year among them: without them two certificates could share a number."""
    try:
        check_fields(text, NUMBER_FIELDS)
    except UnknownField as error:
        raise ValidationError(str(error))
    for name in ("{urut}", "{tahun}"):
        if name not in text:
            raise ValidationError(f"Pola nomor harus memuat {name}, agar tidak ada dua nomor yang sama.")


class UnitLetterheadQuerySet(models.QuerySet):
    def in_force(self, *, at: datetime) -> "UnitLetterheadQuerySet":
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


class UnitLetterhead(models.Model):
    """How a unit's certificates are headed and numbered and who signs them.

    A change closes the row and opens a new one. ``on_behalf_of`` is the a.n. line, empty when the
    head signs. A unit without a letterhead uses that of the nearest unit above it.
    """

    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="letterheads")
    heading = models.TextField(
        "kopstuk",
        validators=[check_heading],
        help_text="Paling banyak tiga baris, masing-masing paling panjang 41 huruf.",
    )
    place = models.CharField("dikeluarkan di", max_length=80)
    crest = models.FileField("lambang", storage=private_storage, upload_to="crests/", blank=True)
    on_behalf_of = models.CharField(
        "a.n.",
        max_length=120,
        blank=True,
        help_text="Misalnya KEPALA KEPOLISIAN RESOR CONTOH. Kosong bila kepala menandatangani sendiri.",
    )
    via_post = models.CharField(
        "u.b., jabatan yang melimpahkan",
        max_length=120,
        blank=True,
        help_text="Baris di antara a.n. dan penanda tangan, misalnya WAKA; di bawahnya dicetak u.b.",
    )
    signer_capacity = models.CharField("sebagai", max_length=5, choices=SignerCapacity, blank=True, default="")
    signer_post = models.CharField("jabatan penanda tangan", max_length=120)
    signer_name = models.CharField(
        "nama penanda tangan", max_length=120, help_text="Dengan gelar. Gelar tidak dikapitalkan: S.I.K., bukan S.I.K"
    )
    signer_rank = models.CharField(
        "pangkat penanda tangan", max_length=60, help_text="Ditulis lengkap, misalnya KOMISARIS POLISI."
    )
    signer_number = models.CharField(
        "NRP/NIP penanda tangan",
        max_length=18,
        blank=True,
        help_text="Kosongkan untuk Pati: NRP-nya tidak dicantumkan.",
    )
    number_kind = models.CharField("jenis", max_length=20, default=DEFAULT_KIND)
    number_pattern = models.CharField("pola nomor", max_length=120, default=DEFAULT_PATTERN, validators=[check_pattern])
    archive_code = models.CharField("KKA", max_length=30, default=DEFAULT_ARCHIVE_CODE, blank=True)
    function_code = models.CharField(
        "kode satfung",
        max_length=30,
        blank=True,
        help_text="Bagian akhir nomor; kosong bila kepala atau wakil menandatangani.",
    )
    numbered_by_hand = models.BooleanField(
        "nomor diketik registrar",
        default=False,
        help_text="Nomor datang dari agenda surat (Sium/Setum). Sertifikat menunggu sampai nomornya diketik di Nomor.",
    )
    valid_from = models.DateTimeField("sejak")
    valid_to = models.DateTimeField("sampai", null=True, blank=True)

    objects = UnitLetterheadQuerySet.as_manager()

    class Meta:
        verbose_name = "kop dan penanda tangan"
        verbose_name_plural = "kop dan penanda tangan"
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to=None), name="letterhead_one_open_per_unit"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="letterhead_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(via_post="") | ~Q(on_behalf_of=""), name="letterhead_via_needs_on_behalf_of"
            ),
        ]

    def __str__(self) -> str:
        return f"Kop {self.unit}"

    @staticmethod
    def nearest_to(unit: Unit, *, at: datetime) -> "UnitLetterhead | None":
        """The letterhead of ``unit`` or of the nearest unit above it that has one."""
        return NEAREST.first(path=unit.path or "", at=at)


NEAREST: PreparedRows[UnitLetterhead] = PreparedRows(
    lambda: (
        UnitLetterhead.objects.in_force(at=Slot("at", models.DateTimeField()))  # type: ignore[arg-type,return-value]
        .alias(path=Slot("path", models.CharField()))
        .filter(path__startswith=F("unit__path"))
        .select_related("unit")
        .order_by(Length("unit__path").desc())[:1]
    )
)
