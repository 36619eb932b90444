"""What people fill in: a code, a number or a file to check, a letterhead, numbers, reasons and decisions."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from organisation.forms.choices import UnitField

from .crests import MAXIMUM_BYTES
from .exceptions import MistypedIdentifier
from .identifiers import normalise
from .models import UnitLetterhead
from .numbering import DEFAULT_KIND
from .services.numbers import HIGHEST, MOST_AT_ONCE


class CodeForm(forms.Form):
    kode = forms.CharField(
        label="Kode verifikasi",
        max_length=60,
        help_text="Tertulis di kiri bawah sertifikat, misalnya 7K3M-Q9TX-4D2R-8VWA-K. "
        "Huruf besar, huruf kecil, dan tanda hubung tidak berpengaruh.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_kode(self) -> str:
        try:
            return normalise(self.cleaned_data["kode"])
        except MistypedIdentifier as error:
            raise forms.ValidationError(str(error))


class HolderNumberForm(forms.Form):
    nomor = forms.CharField(
        label="NRP/NIP pada kertas",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class FileForm(forms.Form):
    berkas = forms.FileField(
        label="Berkas PDF sertifikat", widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"})
    )


class DecisionForm(forms.Form):
    catatan = forms.CharField(label="Catatan", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class LetterheadForm(forms.ModelForm):
    lambang = forms.FileField(
        label="Lambang satuan",
        required=False,
        help_text="PNG, JPEG, atau WebP paling besar 2 MB. Dicetak di tengah atas; kosongkan untuk memakai yang lama.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    tanpa_lambang = forms.BooleanField(label="Cetak tanpa lambang", required=False)
    sampai = forms.DateField(
        label="Hari terakhir",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Untuk Plt. atau Plh.: sesudah hari ini kop yang sekarang berlaku kembali dengan sendirinya.",
    )

    field_order = [
        "heading",
        "place",
        "lambang",
        "tanpa_lambang",
        "on_behalf_of",
        "via_post",
        "signer_capacity",
        "sampai",
    ]

    class Meta:
        model = UnitLetterhead
        fields = [
            "heading",
            "place",
            "on_behalf_of",
            "via_post",
            "signer_capacity",
            "signer_post",
            "signer_name",
            "signer_rank",
            "signer_number",
            "number_kind",
            "archive_code",
            "function_code",
            "number_pattern",
            "numbered_by_hand",
        ]
        widgets = {"heading": forms.Textarea(attrs={"rows": 3, "cols": 41})}
        labels = {"signer_number": "NRP/NIP penanda tangan"}

    def clean_heading(self) -> str:
        """Capitals, as every letterhead is written; the lines are counted by the model."""
        return "\n".join(line.strip().upper() for line in self.cleaned_data["heading"].strip().splitlines())

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("via_post") and not cleaned.get("on_behalf_of"):
            self.add_error("via_post", "Baris u.b. hanya ada di bawah a.n. Isi a.n. dahulu.")
        return cleaned

    def until(self, zone: str) -> datetime | None:
        """The end of the last day on the clock of ``zone``."""
        last = self.cleaned_data.get("sampai")
        return datetime.combine(last + timedelta(days=1), time(tzinfo=ZoneInfo(zone))) if last else None

    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def uploaded_crest(self) -> bytes | None:
        file = self.cleaned_data.get("lambang")
        if not file:
            return None
        file.seek(0)
        # One byte beyond what is allowed is enough to refuse it.
        return file.read(MAXIMUM_BYTES + 1)


class FirstNumberForm(forms.Form):
    satuan = UnitField(label="Satuan yang menomori")
    jenis = forms.CharField(label="Jenis", max_length=20, initial=DEFAULT_KIND)
    tahun = forms.IntegerField(label="Tahun", min_value=2000, max_value=2199)
    pertama = forms.IntegerField(
        label="Nomor awal", min_value=1, max_value=HIGHEST, help_text="Misalnya 131 bila buku kertas berhenti di 130."
    )
    alasan = forms.CharField(label="Alasan", max_length=300)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["satuan"].queryset = units


class ReserveForm(forms.Form):
    jumlah = forms.IntegerField(label="Berapa nomor", min_value=1, max_value=MOST_AT_ONCE, initial=1)
    pertama = forms.IntegerField(
        label="Mulai dari nomor",
        min_value=1,
        max_value=HIGHEST,
        required=False,
        help_text="Kosongkan untuk nomor berikutnya. Nomor yang dipesan dilewati oleh seri.",
    )
    alasan = forms.CharField(
        label="Untuk apa", max_length=300, help_text="Misalnya sertifikat kertas pelatihan menembak, Sprin/12/I/2027."
    )


class CancelNumberForm(forms.Form):
    nomor = forms.IntegerField(label="Nomor urut yang dibatalkan", min_value=1, max_value=HIGHEST)
    alasan = forms.CharField(
        label="Alasan", max_length=300, help_text="Nomor yang dibatalkan tidak pernah dipakai lagi."
    )


class GiveNumberForm(forms.Form):
    urut = forms.IntegerField(
        label="Nomor urut", min_value=1, max_value=HIGHEST, help_text="Hanya angka urutnya; bagian lain menurut pola."
    )
    alasan = forms.CharField(label="Dasar", max_length=300, help_text="Misalnya agenda Sium tanggal 21 November 2026.")


class SignOffForm(forms.Form):
    """What a certified provider asks of the signer; both go straight on and are kept nowhere."""

    nik = forms.RegexField(
        r"^\d{16}$",
        label="NIK",
        strip=True,
        error_messages={"invalid": "NIK terdiri dari 16 angka."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    frasa = forms.CharField(
        label="Frasa sandi TTE",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
