"""What SDM says when assigning: whom, what and when."""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django import forms

from courses.models import Course
from organisation.models import Officer, Rank, ServiceFunction, Unit
from organisation.permissions import ASSIGNS, officers_for_actor, units_for_actor
from programmes.permissions import activities_for_actor

from .assignment import AssignmentRule

MAXIMUM_NUMBERS = 2000


class UnitChoiceField(forms.ModelChoiceField):
    """Units with their place in the tree shown by indentation."""

    def label_from_instance(self, unit: Unit) -> str:
        return f"{'— ' * (unit.depth - 1)}{unit.name}"


class WhomForm(forms.Form):
    unit = UnitChoiceField(
        queryset=Unit.objects.none(),
        label="Satuan",
        help_text="Satuan ini dan semua jajarannya.",
        empty_label="Pilih satuan",
    )
    functions = forms.ModelMultipleChoiceField(
        queryset=ServiceFunction.objects.all(),
        label="Fungsi layanan",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kosongkan untuk semua personel satuan itu.",
    )
    ranks = forms.ModelMultipleChoiceField(
        queryset=Rank.objects.all(),
        label="Pangkat",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Kosongkan untuk semua pangkat. Pada komputer, tekan Ctrl untuk memilih beberapa.",
    )
    numbers = forms.CharField(
        label="Hanya personel tertentu (NRP/NIP)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "numeric"}),
        help_text="Satu NRP/NIP per baris. Kosongkan untuk semua yang cocok dengan pilihan di atas.",
    )

    def __init__(self, *args, actor, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.at = actor, at
        self.fields["unit"].queryset = units_for_actor(actor, at=at, roles=ASSIGNS).in_force(at=at).for_tree()

    def clean_numbers(self) -> list[Officer]:
        wanted = [
            re.sub(r"\D", "", line) for line in re.split(r"[\n,;]+", self.cleaned_data["numbers"]) if line.strip()
        ]
        if len(wanted) > MAXIMUM_NUMBERS:
            raise forms.ValidationError(f"Paling banyak {MAXIMUM_NUMBERS} NRP/NIP sekaligus.")
        found = {
            officer.number: officer
            for officer in officers_for_actor(self.actor, at=self.at, roles=ASSIGNS)
            .filter(number__in=wanted)
            .distinct()
        }
        unknown = [number for number in wanted if number not in found]
        if unknown:
            raise forms.ValidationError(
                f"Tidak ada di satuan Anda: {', '.join(unknown[:10])}. Periksa NRP/NIP, atau hapus baris itu."
            )
        return list(found.values())

    def rule(self) -> AssignmentRule:
        return AssignmentRule(
            unit=self.cleaned_data["unit"],
            ranks=list(self.cleaned_data["ranks"]),
            functions=list(self.cleaned_data["functions"]),
            people=self.cleaned_data["numbers"],
        )


class WhatForm(forms.Form):
    course = forms.ModelChoiceField(
        queryset=Course.objects.published(), label="Pelatihan", empty_label="Pilih pelatihan"
    )
    due_on = forms.DateField(
        label="Batas waktu",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Sampai pukul 23.59 menurut zona waktu satuan.",
    )
    order_number = forms.CharField(
        label="Nomor Sprin/ST", max_length=80, help_text="Misalnya Sprin/118/XI/DIK.2.6./2026."
    )
    issuer = forms.CharField(label="Penerbit perintah", max_length=120, help_text="Misalnya Kapolresta Contoh.")
    reason = forms.CharField(
        label="Alasan", max_length=300, help_text="Dibaca personel sebagai jawaban “Mengapa saya mendapat ini?”"
    )
    activity = forms.ModelChoiceField(
        queryset=None, label="Kegiatan Quick Wins Presisi", required=False, empty_label="Tidak terkait kegiatan"
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = activities_for_actor(actor)

    def due_at(self, unit: Unit) -> datetime:
        """The last second of the chosen day on the unit's clock."""
        return datetime.combine(self.cleaned_data["due_on"], time(23, 59, 59), tzinfo=ZoneInfo(unit.zone))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Alasan pencabutan", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
