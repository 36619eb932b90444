"""What people fill in about the life of certificates: why and on which paper, and what is put right."""

from typing import Any

from django import forms

from enrolments.corrections import Holder
from organisation.forms.choices import UnitField
from organisation.models import Rank, Unit

from .services import Paper


class PaperForm(forms.Form):
    alasan = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca oleh penyetuju dan oleh pemegang sertifikat; tidak ditampilkan kepada umum.",
    )
    nomor_dokumen = forms.CharField(
        label="Nomor dokumen", max_length=80, help_text="Nota dinas, surat keputusan, atau berita acara yang mendasari."
    )
    dokumen = forms.FileField(
        label="Pindaian dokumen",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="PDF, JPG, atau PNG, paling besar 5 MB. Dibuka oleh yang meminta dan yang memutuskan.",
    )

    def paper(self) -> Paper:
        return Paper(self.cleaned_data["nomor_dokumen"], self.cleaned_data["dokumen"])


class CorrectionForm(PaperForm):
    nama = forms.CharField(label="Nama dengan gelar", max_length=250)
    pangkat = forms.ModelChoiceField(label="Pangkat", queryset=Rank.objects.all())
    jabatan = forms.CharField(label="Jabatan", max_length=120, required=False)
    kesatuan = UnitField(label="Kesatuan", empty_label=None)
    field_order = ("nama", "pangkat", "jabatan", "kesatuan", "alasan", "nomor_dokumen", "dokumen")

    def __init__(self, *args: Any, before: Holder, number: str, units, **kwargs: Any) -> None:
        """``before`` stands now, ``number`` is the NRP/NIP of the officer's record, ``units`` those of the actor."""
        known = {"nama": before.full_name, "pangkat": before.rank, "jabatan": before.post, "kesatuan": before.unit}
        super().__init__(*args, initial=known, **kwargs)
        self.number = number
        self.fields["kesatuan"].queryset = units | Unit.objects.filter(pk=before.unit.pk)
        if number != before.number:
            self.fields["nama"].help_text = f"NRP/NIP ikut dikoreksi dari {before.number} menjadi {number}."

    def holder(self) -> Holder:
        answers = self.cleaned_data
        return Holder(answers["nama"], self.number, answers["pangkat"], answers["jabatan"], answers["kesatuan"])
