"""What SDM says about a training done elsewhere; and how the list of them is narrowed."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.base import File

from courses.models import Course
from organisation.models import Officer

from .documents import extension_of
from .exceptions import ReliefRefused
from .models import RecognitionQuerySet
from .permissions import officers_to_relieve
from .recognition import DOCUMENT_LENGTH, ORGANISER_LENGTH, Past


class PastForm(forms.Form):
    number = forms.CharField(
        label="NRP/NIP", max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
    course = forms.ModelChoiceField(
        queryset=Course.objects.published().select_related("current_version"),
        label="Setara dengan pelatihan",
        empty_label="Pilih pelatihan",
    )
    day = forms.DateField(
        label="Tanggal selesai",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Masa berlakunya dihitung dari tanggal ini.",
    )
    organiser = forms.CharField(
        label="Penyelenggara", max_length=ORGANISER_LENGTH, help_text="Seperti tertulis pada dokumennya."
    )
    document_number = forms.CharField(
        label="Nomor dokumen", max_length=DOCUMENT_LENGTH, help_text="Nomor sertifikat, ijazah, atau Sprin."
    )
    jp = forms.DecimalField(
        label="JP",
        required=False,
        min_value=0,
        max_value=999,
        max_digits=4,
        decimal_places=1,
        localize=True,
        help_text="Kosongkan bila sama dengan pelatihan ini.",
    )
    document = forms.FileField(
        label="Pindaian dokumen",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="PDF, JPG, atau PNG, paling besar 5 MB. Hanya personelnya, SDM, dan pimpinannya dapat membukanya.",
    )

    def __init__(self, *args: Any, actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.at = actor, at

    def clean_number(self) -> Officer:
        wanted = re.sub(r"\D", "", self.cleaned_data["number"])
        officer = officers_to_relieve(self.actor, at=self.at).filter(number=wanted).first()
        if officer is None:
            raise forms.ValidationError("Tidak ada personel lain dengan NRP/NIP ini di satuan Anda. Periksa angkanya.")
        return officer

    def past(self) -> Past:
        answers = self.cleaned_data
        return Past(
            officer=answers["number"],
            **{name: answers[name] for name in ("course", "day", "organiser", "document_number", "jp")},
        )


class ScanForm(forms.Form):
    """The one scan that proves every row of a file."""

    document = forms.FileField(
        label="Pindaian dokumen",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="Satu dokumen yang membuktikan semua baris, misalnya daftar kelulusan. PDF, JPG, atau PNG, paling "
        "besar 5 MB. Hanya SDM dan pimpinan yang dapat membukanya bila memuat lebih dari satu orang.",
    )

    def clean_document(self) -> File | None:
        document = self.cleaned_data["document"]
        if document:
            try:
                extension_of(document.read())
            except ReliefRefused as refusal:
                raise forms.ValidationError(str(refusal))
            document.seek(0)
        return document


class RecognitionFilter(forms.Form):
    q = forms.CharField(label="Nama atau NRP/NIP", required=False, max_length=80)

    def narrowed(self, rows: RecognitionQuerySet) -> RecognitionQuerySet:
        wanted = self.cleaned_data["q"].strip() if self.is_valid() else ""
        number = re.sub(r"[ .]", "", wanted)
        if number.isdigit():
            return rows.filter(officer__number__startswith=number)
        return rows.filter(officer__name__icontains=wanted) if wanted else rows
