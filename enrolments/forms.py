"""What SDM says when assigning: whom, what and when."""

import re
from datetime import datetime

from django import forms
from django.db.models import Q, QuerySet

from courses.models import Course, PathVersion
from foundation.spreadsheets import SpreadsheetRefused, read_rows
from organisation.forms.choices import UnitField, UnitsField
from organisation.models import Officer, Posting, Rank, ServiceFunction, Unit
from organisation.permissions import ASSIGNS, officers_for_actor, units_for_actor
from programmes.permissions import activities_for_actor

from .assignment import AssignmentRule, Due
from .calendar import day_end
from .models import DueRule

MAXIMUM_NUMBERS = 20_000
MAXIMUM_POSTS = 20


class OfficerNumbersField(forms.CharField):
    """NRP/NIP, one a line. Its value is the officers; ``officers`` (a scoped queryset) is set by the form."""

    officers = Officer.objects.none()
    widget = forms.Textarea(attrs={"rows": 3, "inputmode": "numeric"})

    def clean(self, value) -> list[Officer]:
        lines = [line.strip() for line in re.split(r"[\n,;]+", super().clean(value))]
        wanted = {number: place for place, line in enumerate(lines, start=1) if (number := re.sub(r"\D", "", line))}
        strange = [
            f"baris {place} ({line[:20]})" for place, line in enumerate(lines, 1) if line and not re.search(r"\d", line)
        ]
        if strange:
            raise forms.ValidationError(f"Bukan NRP/NIP: {', '.join(strange[:10])}. Perbaiki atau hapus baris itu.")
        if len(wanted) > MAXIMUM_NUMBERS:
            raise forms.ValidationError(f"Paling banyak {MAXIMUM_NUMBERS} NRP/NIP sekaligus.")
        found = {officer.number: officer for officer in self.officers.filter(number__in=wanted).distinct()}
        unknown = [f"{number} (baris {place})" for number, place in wanted.items() if number not in found]
        if unknown:
            more = f" dan {len(unknown) - 10} lainnya" if len(unknown) > 10 else ""
            raise forms.ValidationError(
                f"Tidak ada di satuan Anda: {', '.join(unknown[:10])}{more}. Periksa NRP/NIP, atau hapus baris itu."
            )
        return list(found.values())


def rank_groups() -> list[tuple[str, str]]:
    """Each group with its highest and lowest rank, the highest group first."""
    members: dict[str, list[str]] = {}
    for group, short in Rank.objects.order_by("order").values_list("group", "short"):
        members.setdefault(group, []).append(short)
    return [
        (group, f"{group} ({shorts[0]} s.d. {shorts[-1]})" if len(shorts) > 1 else f"{group} ({shorts[0]})")
        for group, shorts in members.items()
    ]


class WhomForm(forms.Form):
    unit = UnitField(label="Satuan", help_text="Satuan ini dan semua jajarannya.")
    functions = forms.ModelMultipleChoiceField(
        queryset=ServiceFunction.objects.all(),
        label="Fungsi layanan",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kosongkan untuk semua personel satuan itu.",
    )
    rank_groups = forms.MultipleChoiceField(
        choices=rank_groups,
        label="Golongan pangkat",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Semua pangkat di dalamnya. Kosongkan ini dan pangkat di bawah untuk semua pangkat.",
    )
    ranks = forms.ModelMultipleChoiceField(
        queryset=Rank.objects.all(),
        label="Pangkat tertentu",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Ditambahkan kepada golongan di atas. Pada komputer, tekan Ctrl untuk memilih beberapa.",
    )
    posts = forms.CharField(
        label="Jabatan",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Satu jabatan per baris, seperti tercatat, misalnya Banit SPKT. Kosongkan untuk semua jabatan.",
    )
    numbers = OfficerNumbersField(
        label="Hanya personel tertentu (NRP/NIP)",
        required=False,
        help_text="Satu NRP/NIP per baris. Kosongkan untuk semua yang cocok dengan pilihan di atas.",
    )
    file = forms.FileField(
        label="Atau unggah daftar NRP/NIP",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="XLSX atau CSV; yang dibaca kolom pertama. Isinya ditambahkan ke daftar di atas.",
    )
    excluded_units = UnitsField(
        label="Kecuali satuan",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="Satuan ini dan jajarannya tidak ikut ditugaskan.",
    )
    excluded_numbers = OfficerNumbersField(
        label="Kecuali personel (NRP/NIP)", required=False, help_text="Satu NRP/NIP per baris."
    )
    follows = forms.BooleanField(
        label="Ikuti mutasi",
        required=False,
        help_text=(
            "Yang datang kemudian ikut ditugaskan, dan kewajiban yang pindah berakhir. Tanpa ini hanya yang cocok hari "
            "ini."
        ),
    )

    def __init__(self, *args, actor, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_for_actor(actor, at=at, roles=ASSIGNS).in_force(at=at)
        for name in ("unit", "excluded_units"):
            self.fields[name].queryset = units
        self.officers = officers_for_actor(actor, at=at, roles=ASSIGNS)
        for name in ("numbers", "excluded_numbers"):
            self.fields[name].officers = self.officers

    def clean_posts(self) -> list[str]:
        wanted = [" ".join(line.split()) for line in self.cleaned_data["posts"].splitlines() if line.strip()]
        if len(wanted) > MAXIMUM_POSTS:
            raise forms.ValidationError(f"Paling banyak {MAXIMUM_POSTS} jabatan.")
        held = Posting.objects.filter(valid_to=None, officer__in=self.officers)
        unknown = [post for post in wanted if not held.filter(post__iexact=post).exists()]
        if unknown:
            raise forms.ValidationError(
                f"Tidak ada yang menjabat: {', '.join(unknown)}. Tulis seperti tercatat pada data personel."
            )
        return wanted

    def clean_file(self) -> list[str]:
        """The first column, without what holds no digit: a heading, an empty row."""
        file = self.cleaned_data["file"]
        if not file:
            return []
        try:
            rows = read_rows(file, name=file.name)
        except SpreadsheetRefused as refusal:
            raise forms.ValidationError(str(refusal))
        numbers = [row[0] for row in rows if row and re.search(r"\d", row[0])]
        if not numbers:
            raise forms.ValidationError("Kolom pertama berkas ini tidak memuat NRP/NIP. Letakkan NRP/NIP di kolom A.")
        return numbers

    def rule(self) -> AssignmentRule:
        """A group stands for the ranks that are in it today."""
        answers = self.cleaned_data
        ranks = Rank.objects.filter(Q(pk__in=answers["ranks"]) | Q(group__in=answers["rank_groups"]))
        return AssignmentRule(
            unit=answers["unit"],
            ranks=list(ranks),
            functions=list(answers["functions"]),
            posts=answers["posts"],
            people=answers["numbers"],
            excluded_units=list(answers["excluded_units"]),
            excluded_people=answers["excluded_numbers"],
        )


class Ending(str):
    """The name of what is to be done again one day."""


class LearningSelect(forms.Select):
    """Marks what ends, so that the page asks only of that whether it is asked for again (app.css)."""

    def create_option(self, name, value, label, *args, **kwargs) -> dict:
        option = super().create_option(name, value, label, *args, **kwargs)
        option["attrs"]["data-ends"] = isinstance(label, Ending)
        return option


class LearningField(forms.ChoiceField):
    """A course, or a learning path where there are any: its value is the ``Course`` or the ``PathVersion``."""

    PATH = "jalur-"
    widget = LearningSelect

    def __init__(self, **kwargs):
        super().__init__(choices=self._offered, **kwargs)

    def _offered(self) -> list:
        courses = [
            (str(course.pk), _named(course, str(course)))
            for course in Course.objects.published().select_related("current_version")
        ]
        paths = [
            (f"{self.PATH}{path.pk}", _named(path, f"{path.title} ({len(path.path_steps.all())} pelatihan)"))
            for path in self._paths()
        ]
        if not paths:
            return [("", "Pilih pelatihan"), *courses]
        return [("", "Pilih pelatihan atau jalur"), ("Jalur pembelajaran", paths), ("Pelatihan", courses)]

    def clean(self, value) -> Course | PathVersion | None:
        value = super().clean(value)
        if value.startswith(self.PATH):
            return self._paths().filter(pk=value.removeprefix(self.PATH)).first()
        return Course.objects.published().filter(pk=value).select_related("current_version").first()

    def _paths(self) -> QuerySet[PathVersion]:
        return PathVersion.objects.offered().prefetch_related("path_steps__course__current_version")


def _named(learning: Course | PathVersion, name: str) -> str:
    return Ending(name) if learning.ever_ends else name


class WhatForm(forms.Form):
    course = LearningField(label="Pelatihan")
    renews = forms.BooleanField(
        label="Wajibkan lagi sebelum masa berlaku habis",
        required=False,
        initial=True,
        help_text=(
            "Yang penyelesaiannya hampir habis berlaku ditugaskan lagi, sampai hari terakhir berlakunya. Hanya untuk "
            "pelatihan yang punya masa berlaku."
        ),
    )
    due_rule = forms.ChoiceField(label="Batas waktu", choices=DueRule, initial=DueRule.FIXED, widget=forms.RadioSelect)
    due_on = forms.DateField(
        label="Tanggal",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Untuk satu tanggal: sampai pukul 23.59 waktu setempat, di mana pun personel bertugas.",
    )
    due_days = forms.IntegerField(
        label="Jumlah hari",
        required=False,
        min_value=1,
        max_value=730,
        help_text="Untuk sekian hari: dihitung paling awal dari hari penugasan.",
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

    tells = forms.BooleanField(
        label="Beri tahu personel",
        required=False,
        initial=True,
        help_text="Satu pemberitahuan bagi tiap orang yang mendapat kewajiban, dan e-mail bila alamatnya tercatat.",
    )

    def __init__(self, *args, actor, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = activities_for_actor(actor, at=at)

    @property
    def path(self) -> PathVersion | None:
        """The path that was chosen; None for a course."""
        chosen = self.cleaned_data["course"]
        return chosen if isinstance(chosen, PathVersion) else None

    @property
    def asks_again(self) -> bool | None:
        """Whether it is to be asked for again; None where nothing of it ends, so that nobody was asked."""
        return self.cleaned_data["renews"] if self.cleaned_data["course"].ever_ends else None

    def clean(self):
        answers = super().clean()
        fixed = answers.get("due_rule") == DueRule.FIXED
        needed, sentence = (
            ("due_on", "Isi tanggalnya, atau pilih sekian hari.")
            if fixed
            else ("due_days", "Isi jumlah harinya, atau pilih satu tanggal.")
        )
        if "due_rule" in answers and not answers.get(needed) and needed not in self.errors:
            self.add_error(needed, sentence)
        return answers

    def due(self, unit: Unit) -> Due:
        """A fixed date ends with that day, here as the clock of ``unit`` has it."""
        answers = self.cleaned_data
        if answers["due_rule"] == DueRule.FIXED:
            return Due(at=day_end(answers["due_on"], unit.zone), zone=unit.zone)
        return Due(answers["due_rule"], days=answers["due_days"])


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Alasan pencabutan", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
