"""What SDM says about an exemption, a deferral or a pause; and how the list of them is narrowed."""

import re
from datetime import date, datetime
from typing import Any

from django import forms

from courses.models import Course
from organisation.models import Officer

from .models import OFFERED_REASONS, ReliefKind, ReliefQuerySet, ReliefReason
from .permissions import officers_to_relieve
from .services import Wish


def _day(label: str, help_text: str, *, required: bool) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class WishForm(forms.Form):
    """The fields of one ``kind``; days are meant on the clock of the officer's unit."""

    number = forms.CharField(
        label="NRP/NIP", max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
    course = forms.ModelChoiceField(
        queryset=Course.objects.published(), label="Pelatihan", empty_label="Pilih pelatihan"
    )
    first = _day("Hari pertama", "Boleh sudah lewat, bila dokumennya baru datang.", required=True)
    last = _day("Hari terakhir", "", required=False)
    code = forms.ChoiceField(label="Alasan", choices=[("", "Pilih alasan"), *OFFERED_REASONS])
    note = forms.CharField(
        label="Keterangan",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Wajib bila alasannya lain-lain. Dibaca penyetuju dan personel; jangan tulis rincian penyakit.",
    )
    document_number = forms.CharField(
        label="Nomor dokumen", max_length=80, help_text="Sprin, surat cuti, atau surat keterangan dokter."
    )
    document = forms.FileField(
        label="Pindaian dokumen",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text="PDF, JPG, atau PNG, paling besar 5 MB. Hanya personelnya, SDM, dan pimpinannya dapat membukanya.",
    )

    def __init__(self, *args: Any, kind: str, actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.actor, self.at = kind, actor, at
        last = self.fields["last"]
        if kind == ReliefKind.PAUSE:
            del self.fields["course"]
            last.help_text = "Kosongkan bila belum diketahui: jam berhenti sampai Anda mengakhirinya."
        else:
            del self.fields["first"]
        if kind == ReliefKind.DEFERRAL:
            last.label, last.required = "Batas waktu baru", True
            last.help_text = "Sampai pukul 23.59 menurut jam satuan personel."
        if kind == ReliefKind.EXEMPTION:
            last.label = "Hari terakhir dikecualikan"
            last.help_text = "Kosongkan bila untuk seterusnya. Sesudahnya pelatihan diminta lagi."

    def clean_number(self) -> Officer:
        wanted = re.sub(r"\D", "", self.cleaned_data["number"])
        officer = officers_to_relieve(self.actor, at=self.at).filter(number=wanted).first()
        if officer is None:
            raise forms.ValidationError("Tidak ada personel lain dengan NRP/NIP ini di satuan Anda. Periksa angkanya.")
        return officer

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("code") == ReliefReason.OTHER and not answers.get("note", "").strip():
            self.add_error("note", "Tuliskan keterangannya bila alasannya lain-lain.")
        return answers

    def wish(self) -> Wish:
        answers = self.cleaned_data
        return Wish(
            kind=self.kind,
            course=answers.get("course"),
            first=answers.get("first"),
            last=answers["last"],
            code=answers["code"],
            note=answers["note"],
            document_number=answers["document_number"],
        )


class EndForm(forms.Form):
    last = _day("Hari terakhir jeda", "Paling awal kemarin. Jam berjalan lagi pada hari berikutnya.", required=True)
    reason = forms.CharField(label="Alasan", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != ReliefKind.PAUSE:
            del self.fields["last"]

    def last_day(self) -> date | None:
        return self.cleaned_data.get("last")


class WithdrawReliefForm(forms.Form):
    reason = forms.CharField(label="Alasan pencabutan", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReliefFilter(forms.Form):
    STATES = (("", "Semua keadaan"), ("berjalan", "Berlaku"), ("nanti", "Akan datang"), ("selesai", "Sudah berakhir"))

    q = forms.CharField(label="Nama atau NRP/NIP", required=False, max_length=80)
    jenis = forms.ChoiceField(label="Jenis", required=False, choices=[("", "Semua jenis"), *ReliefKind.choices])
    keadaan = forms.ChoiceField(label="Keadaan", required=False, choices=STATES)

    def narrowed(self, rows: ReliefQuerySet, *, at: datetime) -> ReliefQuerySet:
        if not self.is_valid():
            return rows
        answers = self.cleaned_data
        wanted = answers["q"].strip()
        if number := re.sub(r"[ .]", "", wanted):
            by_number = number.isdigit()
            rows = rows.filter(
                **{
                    "officer__number__startswith" if by_number else "officer__name__icontains": number
                    if by_number
                    else wanted
                }
            )
        if answers["jenis"]:
            rows = rows.filter(kind=answers["jenis"])
        by_state = {"berjalan": rows.in_force, "nanti": rows.to_come, "selesai": rows.over}
        return by_state[answers["keadaan"]](at=at) if answers["keadaan"] else rows
