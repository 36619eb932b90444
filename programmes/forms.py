"""What the level that owns a programme enters about it."""

from typing import Any, ClassVar

from django import forms

from organisation.forms.choices import UnitField
from organisation.models import UnitLevel

from . import permissions
from .models import Activity, Indicator, Measure, Period, Programme

DAY = {"type": "date"}


class OwnedForm(forms.ModelForm):
    """A row of a programme that the actor may write. ``finds`` names the permission that finds one to change."""

    finds: ClassVar[str]

    def __init__(self, *args: Any, actor: Any, at: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor, self.at = actor, at
        self.offer()

    def offer(self) -> None:
        """Narrow the choices to what the actor may name."""

    def _choices(self, name: str, finder: Any) -> None:
        self.fields[name].queryset = finder(self.actor, at=self.at)  # type: ignore[attr-defined]


class ProgrammeForm(OwnedForm):
    finds = "programmes_to_manage"

    class Meta:
        model = Programme
        fields = ("name", "code", "owner")
        help_texts = {
            "code": "Huruf kecil, angka, dan tanda hubung, misalnya quick-wins-presisi.",
            "owner": "Satuan yang memerintahkan program ini. SDM satuan itu dan di atasnya dapat mengubahnya; "
            "jajarannya melihatnya.",
        }

    def offer(self) -> None:
        owners = permissions.owners_for_actor(self.actor, at=self.at).filter(level__lte=UnitLevel.RESORT)
        self.fields["owner"].queryset = owners.order_by("path")  # type: ignore[attr-defined]
        central = permissions.has_role(self.actor, permissions.CENTRAL, at=self.at)
        self.fields["owner"].required = not central
        self.fields["owner"].empty_label = "Dari pusat (diurus administrator)" if central else None  # type: ignore[attr-defined]


class PeriodForm(OwnedForm):
    finds = "periods_to_manage"

    class Meta:
        model = Period
        fields = ("programme", "name", "starts_on", "ends_on")
        widgets = {
            "starts_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }
        help_texts = {"name": "Misalnya Triwulan IV 2026.", "ends_on": "Hari terakhir ikut dihitung."}

    def offer(self) -> None:
        self._choices("programme", permissions.programmes_to_manage)

    def clean(self):
        days = super().clean()
        if days.get("starts_on") and days.get("ends_on") and days["ends_on"] < days["starts_on"]:
            self.add_error("ends_on", "Tanggal selesai tidak boleh sebelum tanggal mulai.")
        return days


class ActivityForm(OwnedForm):
    finds = "activities_to_manage"

    class Meta:
        model = Activity
        fields = ("period", "code", "field", "name")
        help_texts = {"code": "Misalnya P3.2.", "field": "Misalnya SDM Unggul."}

    def offer(self) -> None:
        self._choices("period", permissions.periods_to_manage)


class IndicatorForm(OwnedForm):
    finds = "indicators_to_manage"

    unit = UnitField(
        label="Satuan",
        required=False,
        empty_label="Semua satuan program ini",
        help_text="Target satu satuan berlaku juga bagi jajarannya, kecuali jajaran itu punya target sendiri. "
        "Jumlah personel hanya berlaku bagi satuan yang dipilih.",
    )

    class Meta:
        model = Indicator
        fields = ("activity", "measure", "target", "unit")
        help_texts = {
            "target": "Persen, jumlah personel, atau poin, sesuai indikatornya. Untuk personel lewat batas waktu: "
            "paling banyak sekian persen."
        }

    def offer(self) -> None:
        self._choices("activity", permissions.activities_to_manage)
        units = permissions.units_for_targets(self.actor, at=self.at).filter(level__lte=UnitLevel.SECTOR)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self):
        answers = super().clean()
        measure, target, unit = answers.get("measure"), answers.get("target"), answers.get("unit")
        activity = answers.get("activity")
        if measure and target is not None:
            kind = Measure(measure)
            if kind.is_count and unit is None:
                self.add_error("unit", "Target berupa jumlah personel berlaku bagi satu satuan. Pilih satuannya.")
            if target < 0:
                self.add_error("target", "Target tidak boleh di bawah nol.")
            elif kind.words in ("%", "poin") and target > 100:
                self.add_error("target", "Target persen atau poin paling besar 100.")
        owner = activity.period.programme.owner if activity else None
        if owner and unit and not owner.contains(unit):
            self.add_error("unit", f"Satuan ini di luar jajaran pemilik program, {owner.name}.")
        same = Indicator.objects.filter(activity=activity, measure=measure or "", unit=unit).exclude(
            pk=self.instance.pk
        )
        if activity and measure and same.exists():
            self.add_error("measure", "Target ini sudah dicatat. Ubah yang sudah ada.")
        return answers


FORMS: dict[str, type[OwnedForm]] = {
    "program": ProgrammeForm,
    "periode": PeriodForm,
    "kegiatan": ActivityForm,
    "indikator": IndicatorForm,
}
