"""The filter above the lists. What it does not offer does not exist: a foreign unit answers 404."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.dateparse import parse_date

from enrolments.models import Assignment
from enrolments.permissions import assignments_for_actor
from foundation.formats import day_of
from organisation.forms.choices import LongSelect
from organisation.models import Rank, Role, Unit
from programmes.permissions import activities_for_actor

from .core import NO_COUNTER, State, Wanted
from .jp import REACHED, SHORT
from .models import PeriodReport
from .past import scope_on
from .permissions import Axis
from .scope import Scope, scope_of

Choices = Iterable[tuple[str, str]]
# The date and the axis of time, for pages that can show a past day.
AXIS_FIELD = "menurut"
DAY_FIELDS = ("per", AXIS_FIELD)
FIRST_YEAR = 2000
REACH_WORDS = ((SHORT, "Kurang dari target"), (REACHED, "Mencapai target"))


def scope_asked_for(actor, data: Mapping[str, str], *, now: datetime, roles: Iterable[Role]) -> Scope:
    """The scope of the day that the address names; now where it names none, or one the form complains about."""
    try:
        day = parse_date(data.get("per", ""))
    except ValueError:
        day = None
    if day is None or day.year < FIRST_YEAR:
        return scope_of(actor, at=now, roles=roles)
    axis = Axis.AS_KNOWN if data.get("menurut") == Axis.AS_KNOWN else Axis.AS_IT_WAS
    return scope_on(actor, day=day, axis=axis, now=now, roles=roles)


def unit_asked_for(scope: Scope, code: str) -> Unit | None:
    """The unit of the address. Raises Http404 for one outside the scope."""
    if not code:
        return None
    unit = scope.units().filter(code=code).first()
    if unit is None:
        raise Http404
    return unit


class DutyFilterForm(forms.Form):
    """Reads the address into a ``Wanted``. ``fields`` names what this page filters by; ``tabs`` is chosen by links."""

    q = forms.CharField(label="Nama atau NRP", required=False, max_length=80, widget=forms.SearchInput)
    satuan = forms.ChoiceField(label="Satuan", required=False, widget=LongSelect)
    loket = forms.ChoiceField(label="Loket layanan", required=False)
    pelatihan = forms.ChoiceField(label="Pelatihan", required=False)
    pangkat = forms.ChoiceField(label="Pangkat", required=False)
    program = forms.ChoiceField(label="Quick Wins", required=False)
    keadaan = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua keadaan"), *State.choices])
    kelompok = forms.ChoiceField(label="Kelompokkan", required=False)
    per = forms.DateField(
        label="Per tanggal",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Tulis tanggalnya seperti 2025-12-31. Yang tampil keadaan sekarang."},
    )
    menurut = forms.ChoiceField(label="Menurut", required=False, choices=Axis.choices)
    perintah = forms.UUIDField(required=False, widget=forms.HiddenInput)
    langsung = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, scope: Scope, fields: tuple[str, ...], groups: Choices = (), tabs: str = ""):
        super().__init__(data)
        self.scope = scope
        self.order = self._order_asked_for(data.get("perintah", "")) if "perintah" in fields else None
        self.unit = scope.opened(unit_asked_for(scope, data.get("satuan", "")))
        offered = scope.courses.values() if "pelatihan" in fields else ()
        self.courses = {course.code: course for course in offered if course.current_version_id}
        self.ranks = {rank.code: rank for rank in Rank.objects.all()} if "pangkat" in fields else {}
        self.activities = list(activities_for_actor(scope.actor, at=scope.now)) if "program" in fields else []
        for name in [name for name in self.fields if name not in (*fields, "langsung")]:
            del self.fields[name]
        if not self.activities:
            self.fields.pop("program", None)
        for name in [name for name in ("langsung", "perintah") if name in self.fields and not data.get(name)]:
            del self.fields[name]
        if "satuan" in self.fields:
            self._offer("satuan", "Semua satuan" if len(scope.roots) > 1 else "", self._units(scope))
        if "loket" in self.fields:
            functions = [(function.code, function.name) for function in scope.functions.values()]
            self._offer("loket", "Semua loket", [*functions, (NO_COUNTER, "Tanpa loket layanan")])
        if "pelatihan" in self.fields:
            self._offer("pelatihan", "Semua pelatihan", [(code, str(course)) for code, course in self.courses.items()])
        if "pangkat" in self.fields:
            self._offer("pangkat", "Semua pangkat", [(code, rank.short) for code, rank in self.ranks.items()])
        if "program" in self.fields:
            self._offer("program", "Semua penugasan", self._programmes())
        if "kelompok" in self.fields:
            self._offer("kelompok", "Tanpa kelompok", list(groups))
        if tabs:
            self.fields[tabs].widget = forms.HiddenInput()

    def _offer(self, name: str, everything: str, choices: list) -> None:
        self.fields[name].choices = ([("", everything)] if everything else []) + choices

    def _units(self, scope: Scope) -> list[tuple[str, str]]:
        offered = scope.offered(self.unit)
        shallowest = min(map(scope.depth, offered), default=0)
        if len(scope.roots) == 1 and not self.data.get("satuan"):
            self.initial["satuan"] = scope.roots[0].code
        return [(unit.code, "\u2003" * (scope.depth(unit) - shallowest) + unit.short_name) for unit in offered]

    def _order_asked_for(self, uuid: str) -> Assignment | None:
        """The order of the address. Raises Http404 for one that the reader may not see today."""
        if not uuid:
            return None
        orders = assignments_for_actor(self.scope.actor, at=self.scope.now)
        try:
            order = orders.filter(uuid=uuid).first()
        except ValidationError:
            order = None
        if order is None:
            raise Http404
        return order

    def clean_per(self) -> date | None:
        day = self.cleaned_data["per"]
        if day and day > day_of(self.scope.now, self.scope.zone(None)):
            raise ValidationError("Tanggal ini belum terjadi. Yang tampil keadaan sekarang.")
        if day and day.year < FIRST_YEAR:
            raise ValidationError(f"Pilih tanggal sejak tahun {FIRST_YEAR}. Yang tampil keadaan sekarang.")
        return day

    def _programmes(self) -> list:
        groups: dict[Any, list[tuple[str, str]]] = {}
        for activity in self.activities:
            entries = groups.setdefault(
                activity.period, [(f"periode-{activity.period_id}", "Semua kegiatan periode ini")]
            )
            entries.append((f"kegiatan-{activity.pk}", f"{activity.code} {activity.name}"))
        return [(str(period), entries) for period, entries in groups.items()]

    def wanted(self, **fixed: Any) -> Wanted:
        """What is asked for. Raises Http404 for an answer that was not offered."""
        if not self.is_valid() and set(self.errors) != {"per"}:
            raise Http404
        answers = self.cleaned_data
        chosen = answers.get("program") or ""
        activity = next((one for one in self.activities if f"kegiatan-{one.pk}" == chosen), None)
        period = next((one.period for one in self.activities if f"periode-{one.period_id}" == chosen), None)
        wanted = Wanted(
            unit=self.unit,
            direct=bool(answers.get("langsung") and self.unit),
            course=self.courses.get(answers.get("pelatihan", "")),
            function=answers.get("loket", ""),
            rank=self.ranks.get(answers.get("pangkat", "")),
            period=period,
            activity=activity,
            state=answers.get("keadaan", ""),
            search=answers.get("q", "").strip(),
            order=self.order,
            day=self.scope.day,
            axis=self.scope.moment.axis,
        )
        return wanted.but(**fixed)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the unit is filtered, so that "Hapus saringan" makes sense."""
        unsaid = ("satuan", "kelompok", "menurut")
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name not in unsaid)


def year_asked_for(data: Mapping[str, str], *, this_year: int) -> int:
    asked = data.get("tahun", "")
    return int(asked) if asked.isdigit() and FIRST_YEAR <= int(asked) <= this_year else this_year


class QuickWinsFilterForm(DutyFilterForm):
    """The filter above the figures of a period; ``periode`` is chosen by links."""

    periode = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_narrowed(self) -> bool:
        unsaid = ("satuan", "menurut", "periode")
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name not in unsaid)


class JpFilterForm(DutyFilterForm):
    """The filter above the JP list; ``tahun`` is one of ``years``."""

    tahun = forms.TypedChoiceField(label="Tahun", required=False, coerce=int, empty_value=None)
    capaian = forms.ChoiceField(
        required=False,
        choices=[("", "Semua"), *REACH_WORDS],
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, *, years: Iterable[int], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["tahun"].choices = [(year, str(year)) for year in years]

    @property
    def is_narrowed(self) -> bool:
        unsaid = ("satuan", "tahun", "capaian", AXIS_FIELD)
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name not in unsaid)


class MovesFilterForm(DutyFilterForm):
    """The filter above what moves changed: from the day ``dari`` to the day ``sampai``, both included."""

    dari = forms.DateField(
        label="Dari", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sampai = forms.DateField(
        label="Sampai", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, fields: tuple[str, ...], **kwargs: Any):
        super().__init__(data, fields=(*fields, "dari", "sampai"), **kwargs)


class JpTargetForm(forms.Form):
    """What an administrator enters as the target of a year and those that follow."""

    first_year = forms.IntegerField(label="Mulai tahun", min_value=FIRST_YEAR, max_value=2100)
    rank_group = forms.ChoiceField(label="Untuk golongan", required=False)
    jp = forms.DecimalField(
        label="Target JP setahun", min_value=0, max_digits=5, decimal_places=1, help_text="0 berarti tanpa target."
    )
    basis = forms.CharField(label="Dasar", max_length=200, help_text="Nomor peraturan atau surat yang menetapkannya.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        groups = dict.fromkeys(Rank.objects.order_by("order").values_list("group", flat=True))
        self.fields["rank_group"].choices = [("", "Semua yang tidak disebut sendiri"), *((one, one) for one in groups)]


class ReportWordsForm(forms.ModelForm):
    """What the author adds to the figures of a period's report."""

    class Meta:
        model = PeriodReport
        fields = ("results", "obstacles", "suggestions")
        widgets = {name: forms.Textarea(attrs={"rows": 5, "maxlength": 4000}) for name in fields}


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label="Alasan",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Apa yang harus diperbaiki. Dibaca penyusun laporan.",
    )
