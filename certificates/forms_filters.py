"""The filters of the lists: nothing in them is required, and nonsense filters nothing."""

from datetime import date, datetime
from typing import Any

from django import forms

from courses.models import Course
from organisation.forms.choices import UnitField

from .book import NumberState
from .lists import ELSEWHERE, HERE, NEXT, PAST, QUARTERS, quarter_words
from .models import CertificateState, RulingKind


def day_field(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class UnitFilter(forms.Form):
    satuan = UnitField(label="Satuan", required=False, empty_label="Semua")

    def __init__(self, *args: Any, units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["satuan"].queryset = units


class ExpiringFilter(UnitFilter):
    masa = forms.ChoiceField(label="Berakhir dalam", required=False)
    pelatihan = forms.ModelChoiceField(
        label="Pelatihan", queryset=Course.objects.all(), required=False, empty_label="Semua"
    )
    field_order = ("masa", "pelatihan", "satuan")

    def __init__(self, *args: Any, at: datetime, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, f"{words} ({quarter_words(ahead, at=at, zone=zone)})") for key, words, ahead in QUARTERS]
        self.fields["masa"].choices = [*choices, (PAST, "Sudah berakhir")]
        self.initial["masa"] = NEXT


class EndedFilter(UnitFilter):
    cari = forms.CharField(label="Nama, NRP/NIP, atau nomor", max_length=120, required=False)
    putusan = forms.ChoiceField(
        label="Putusan",
        choices=[("", "Semua"), *[choice for choice in RulingKind.choices if choice[0] != RulingKind.GRANTED]],
        required=False,
    )
    dari, sampai = day_field("Diputus sejak"), day_field("Diputus sampai")
    field_order = ("cari", "putusan", "satuan", "dari", "sampai")


class UncertifiedFilter(UnitFilter):
    cari = forms.CharField(label="Nama atau NRP/NIP", max_length=120, required=False)
    pelatihan = forms.ModelChoiceField(
        label="Pelatihan", queryset=Course.objects.all(), required=False, empty_label="Semua"
    )
    perintah = forms.CharField(label="Nomor Sprin/ST", max_length=80, required=False)
    asal = forms.ChoiceField(
        label="Dipelajari",
        choices=[("", "Di mana pun"), (HERE, "Di sini"), (ELSEWHERE, "Di luar, diakui")],
        required=False,
    )
    dari, sampai = day_field("Selesai sejak"), day_field("Selesai sampai")
    field_order = ("cari", "pelatihan", "satuan", "perintah", "asal", "dari", "sampai")


class RegisterFilter(UnitFilter):
    cari = forms.CharField(label="Nama, NRP/NIP, nomor, atau kode", max_length=120, required=False)
    pelatihan = forms.ModelChoiceField(
        label="Pelatihan", queryset=Course.objects.all(), required=False, empty_label="Semua"
    )
    keadaan = forms.ChoiceField(label="Keadaan", choices=[("", "Semua"), *CertificateState.choices], required=False)
    dari, sampai = day_field("Terbit sejak"), day_field("Terbit sampai")
    per = day_field("Berlaku per tanggal")
    field_order = ("cari", "pelatihan", "satuan", "keadaan", "dari", "sampai", "per")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_per(self) -> date | None:
        day = self.cleaned_data["per"]
        if day and day > self.today:
            raise forms.ValidationError("Tanggal ini belum terjadi. Yang tampil keadaan sekarang.")
        return day


class BookFilter(forms.Form):
    cari = forms.CharField(label="Nama, nomor, atau keterangan", max_length=120, required=False)
    keadaan = forms.ChoiceField(label="Keadaan", choices=[("", "Semua"), *NumberState.choices], required=False)
