"""The filter above the lists. What it does not offer does not exist: a foreign unit answers 404."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404

from courses.models import Course
from organisation.models import Rank, ServiceFunction, Unit
from programmes.permissions import activities_for_actor

from .core import NO_COUNTER, State, Wanted
from .scope import Scope

Choices = Iterable[tuple[str, str]]


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
    satuan = forms.ChoiceField(label="Satuan", required=False)
    loket = forms.ChoiceField(label="Loket layanan", required=False)
    pelatihan = forms.ChoiceField(label="Pelatihan", required=False)
    pangkat = forms.ChoiceField(label="Pangkat", required=False)
    program = forms.ChoiceField(label="Quick Wins", required=False)
    keadaan = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua keadaan"), *State.choices])
    kelompok = forms.ChoiceField(label="Kelompokkan", required=False)
    langsung = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, scope: Scope, fields: tuple[str, ...], groups: Choices = (), tabs: str = ""):
        super().__init__(data)
        self.unit = scope.opened(unit_asked_for(scope, data.get("satuan", "")))
        self.courses = {course.code: course for course in Course.objects.exclude(current_version=None)}
        self.ranks = {rank.code: rank for rank in Rank.objects.all()} if "pangkat" in fields else {}
        self.activities = list(activities_for_actor(scope.actor)) if "program" in fields else []
        for name in [name for name in self.fields if name not in (*fields, "langsung")]:
            del self.fields[name]
        if not self.activities:
            self.fields.pop("program", None)
        if not self.data.get("langsung"):
            self.fields.pop("langsung")
        if "satuan" in self.fields:
            self._offer("satuan", "Semua satuan" if len(scope.roots) > 1 else "", self._units(scope))
        if "loket" in self.fields:
            functions = list(ServiceFunction.objects.values_list("code", "name"))
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
        shallowest = min((unit.depth for unit in offered), default=0)
        if len(scope.roots) == 1 and not self.data.get("satuan"):
            self.initial["satuan"] = scope.roots[0].code
        return [(unit.code, "\u2003" * (unit.depth - shallowest) + unit.short_name) for unit in offered]

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
        if not self.is_valid():
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
        )
        return wanted.but(**fixed)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the unit is filtered, so that "Hapus saringan" makes sense."""
        return any(value for name, value in self.cleaned_data.items() if name not in ("satuan", "kelompok"))
