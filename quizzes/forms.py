"""What people fill in about quizzes: accommodations, outages, and who takes a changed quiz again."""

import re
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from enrolments.overview import posting_of, zone_of
from foundation.formats import zone_label
from organisation.forms.choices import UnitField
from organisation.models import Unit
from organisation.permissions import units_for_actor

from .choices import RedoScope
from .models import QuizVersion
from .permissions import ORDERS_REDO, RECORDS_OUTAGES, officers_to_accommodate


class MomentField(forms.DateTimeField):
    """A day and hour as the clock on the wall shows them; ``on_clock_of`` says on which wall."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def on_clock_of(moment: datetime | None, zone: str) -> datetime | None:
    """What was typed, meant on the clock of ``zone``."""
    return moment and timezone.make_naive(moment).replace(tzinfo=ZoneInfo(zone))


class QuizChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, version: QuizVersion) -> str:
        return f"{version.item.course.code} {version.title}"


class AccommodationForm(forms.Form):
    number = forms.CharField(
        label="NRP/NIP", max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
    version = QuizChoiceField(queryset=QuizVersion.objects.none(), label="Kuis", empty_label="Pilih kuis")
    extra_minutes = forms.IntegerField(label="Tambahan waktu (menit)", min_value=0, max_value=600, required=False)
    extra_attempts = forms.IntegerField(label="Tambahan percobaan", min_value=0, max_value=20, required=False)
    closes_at = MomentField(
        label="Ditutup lebih lambat", required=False, help_text="Menurut jam satuan personel. Kosong: seperti kuisnya."
    )
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Misalnya: surat dokter nomor …, cuti dinas. Dibaca oleh penyetuju dan tercatat.",
    )

    def __init__(self, *args: Any, actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.at = actor, at
        self.fields["version"].queryset = (
            QuizVersion.objects.newest()
            .filter(item__course__archived_at=None)
            .select_related("item__course")
            .order_by("item__course__code", "title")
        )

    def clean_number(self):
        wanted = re.sub(r"\D", "", self.cleaned_data["number"])
        officer = officers_to_accommodate(self.actor, at=self.at).filter(number=wanted).first()
        if officer is None:
            raise forms.ValidationError("Tidak ada personel lain dengan NRP/NIP ini di satuan Anda. Periksa angkanya.")
        return officer

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        officer = answers.get("number")
        if officer and answers.get("closes_at"):
            answers["closes_at"] = on_clock_of(answers["closes_at"], zone_of(posting_of(officer, at=self.at)))
        return answers


class OutageForm(forms.Form):
    unit = UnitField(label="Satuan", help_text="Satuan ini dan semua jajarannya.")
    starts_at = MomentField(label="Mulai", help_text="Menurut jam satuan itu.")
    ends_at = MomentField(
        label="Selesai", required=False, help_text="Kosongkan bila masih berlangsung: jam percobaan dihentikan dahulu."
    )
    reason = forms.CharField(label="Gangguan", max_length=200, help_text="Misalnya: listrik padam, jaringan putus.")

    def __init__(self, *args: Any, actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_for_actor(actor, at=at, roles=RECORDS_OUTAGES)
        self.fields["unit"].queryset = units.in_force(at=at)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if unit := answers.get("unit"):
            for name in ("starts_at", "ends_at"):
                answers[name] = on_clock_of(answers.get(name), unit.zone)
        return answers


class OutageEndForm(forms.Form):
    ends_at = MomentField(label="Selesai")

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["ends_at"].help_text = f"Menurut jam {unit.short_name} ({zone_label(unit.zone)})."

    def clean_ends_at(self) -> datetime | None:
        return on_clock_of(self.cleaned_data["ends_at"], self.unit.zone)


# Whoever is unfinished follows the newest version of a course as it is (decision 0005).
COURSE_SCOPES = (
    (RedoScope.NOBODY, "Tidak ada yang mengulang; yang belum selesai mengikuti versi ini, seperti biasa"),
    (RedoScope.EVERYONE, "Semua yang menyelesaikan versi lama sebelum suatu tanggal, dan yang belum selesai"),
)


class RedoScopeForm(forms.Form):
    """The author's answer; days begin in the platform's own zone."""

    scope = forms.ChoiceField(
        label="Siapa yang harus mengulang?",
        choices=RedoScope.choices,
        initial=RedoScope.NOBODY,
        widget=forms.RadioSelect,
    )
    since = forms.DateField(
        label="Selesai sejak tanggal",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Hanya untuk pilihan terakhir. Kosongkan bila sejak awal.",
    )
    before = forms.DateField(
        label="Selesai sebelum tanggal",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Hanya untuk pilihan terakhir.",
    )
    reason = forms.CharField(
        label="Alasan",
        max_length=250,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Apa yang berubah dan mengapa harus diulang. Personel membacanya.",
    )

    def __init__(self, *args: Any, of_course: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of_course:
            self.fields["scope"].choices = COURSE_SCOPES

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        scope = answers.get("scope")
        if scope == RedoScope.EVERYONE and not answers.get("before"):
            self.add_error("before", "Isi tanggalnya.")
        if scope in (RedoScope.UNFINISHED, RedoScope.EVERYONE) and not answers.get("reason", "").strip():
            self.add_error("reason", "Tuliskan alasannya; personel membacanya.")
        return answers

    def moment(self, field: str) -> datetime | None:
        """When the day in ``since`` or ``before`` begins; None where it does not matter."""
        day = self.cleaned_data[field]
        if not day or self.cleaned_data["scope"] != RedoScope.EVERYONE:
            return None
        return timezone.make_aware(datetime.combine(day, time.min))


class RedoUnitForm(forms.Form):
    unit = UnitField(label="Satuan", empty_label=None, help_text="Satuan ini dan semua jajarannya.")

    def __init__(self, *args: Any, actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_for_actor(actor, at=at, roles=ORDERS_REDO)
        self.fields["unit"].queryset = units.in_force(at=at)


class RedoOrderForm(forms.Form):
    """The order for officers who had completed the course; asked for only where there are any."""

    due_on = forms.DateField(
        label="Batas waktu",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Sampai pukul 23.59 waktu setempat, di mana pun personel bertugas.",
    )
    order_number = forms.CharField(label="Nomor Sprin/ST", max_length=80)
    issuer = forms.CharField(label="Penerbit perintah", max_length=120, help_text="Misalnya Kapolresta Contoh.")

    def due_at(self, unit: Unit) -> datetime:
        return datetime.combine(self.cleaned_data["due_on"], time(23, 59, 59), tzinfo=ZoneInfo(unit.zone))
