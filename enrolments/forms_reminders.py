"""What people choose about reminders: which ones to list, when they leave and what they say."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from foundation.formats import day_of, number

from .exceptions import WordingRefused
from .models import Climb, DeliveryState, MessageTemplate, ReminderRules, Way
from .reminders import DAY, Step, midnight
from .wording import check

EVERY = [("", "Semua")]


def step_words(days: int | None) -> str:
    """``14 hari sebelum batas waktu``, ``pada hari batas waktu``, ``7 hari sesudah batas waktu``; ``diminta lagi``."""
    if days is None:
        return "diminta lagi"
    if days == 0:
        return "pada hari batas waktu"
    return f"{number(abs(days))} hari {'sebelum' if days < 0 else 'sesudah'} batas waktu"


class SentFilterForm(forms.Form):
    """Which day, way and state of what was sent; an answer that cannot be read counts as none."""

    q = forms.CharField(label="Nama atau NRP", required=False, max_length=80, widget=forms.SearchInput)
    hari = forms.DateField(
        label="Hari", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    lewat = forms.ChoiceField(label="Lewat", required=False, choices=EVERY + Way.choices)
    keadaan = forms.ChoiceField(label="Keadaan", required=False, choices=EVERY + DeliveryState.choices)

    def __init__(self, data: Any, *, zone: str, at: datetime):
        self.zone, self.today = zone, day_of(at, zone)
        super().__init__({"hari": self.today.isoformat(), **{name: data.get(name) for name in data}})
        self.is_valid()

    @property
    def day(self) -> date:
        return self.cleaned_data.get("hari") or self.today

    @property
    def is_narrowed(self) -> bool:
        return self.day != self.today or any(self.cleaned_data.get(name) for name in ("q", "lewat", "keadaan"))

    def filtered(self, rows: QuerySet) -> QuerySet:
        rows = rows.filter(
            message__created_at__gte=midnight(self.day, self.zone),
            message__created_at__lt=midnight(self.day + DAY, self.zone),
        )
        answers = self.cleaned_data
        if answers.get("lewat"):
            rows = rows.filter(way=answers["lewat"])
        if answers.get("keadaan"):
            rows = rows.filter(state=answers["keadaan"])
        if search := answers.get("q", "").strip():
            by_name = rows.filter(message__recipient__name__icontains=search)
            rows = by_name | rows.filter(message__recipient__login__startswith=search.replace(" ", ""))
        return rows


class RulesForm(forms.Form):
    enabled = forms.BooleanField(label="Kirim pengingat dan ringkasan", required=False)
    quiet_from = forms.TimeField(
        label="Jam tenang mulai",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Menurut jam satuan penerima: WIB, WITA, atau WIT.",
    )
    quiet_until = forms.TimeField(
        label="Jam tenang selesai",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Pesan hari itu dikirim sesudah jam ini.",
    )

    @staticmethod
    def answers_of(rules: ReminderRules) -> dict:
        return {"enabled": rules.enabled, "quiet_from": rules.quiet_from, "quiet_until": rules.quiet_until}


class StepForm(forms.Form):
    days = forms.IntegerField(
        label="Hari terhadap batas waktu",
        min_value=-60,
        max_value=180,
        help_text="Misalnya −3: tiga hari sebelumnya; 0: hari itu; 7: tujuh hari sesudahnya.",
    )
    to_officer = forms.BooleanField(label="Ingatkan personel", required=False)
    climbs = forms.TypedChoiceField(
        label="Naik ke pimpinan dan SDM",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Tidak"), *Climb.choices],
    )


class BaseStepFormSet(forms.BaseFormSet):
    def steps(self) -> list[Step]:
        """What stands there now, without rows that are empty or taken out."""
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        return [
            Step(days=answers["days"], to_officer=answers["to_officer"], climbs=answers["climbs"])
            for answers in kept
            if answers.get("days") is not None
        ]

    @staticmethod
    def answers_of(steps: list[Step]) -> list[dict]:
        return [{"days": step.days, "to_officer": step.to_officer, "climbs": step.climbs} for step in steps]

    @staticmethod
    def in_words(step: Step) -> dict[str, str]:
        """A line for components/_facts.html."""
        whom = ["Personel"] if step.to_officer else []
        if step.climbs is not None:
            above = Climb(step.climbs).label
            whom.append(above if step.climbs == Climb.NEAREST else f"Pimpinan dan SDM {above.lower()}")
        return {"label": step_words(step.days).capitalize(), "value": ", ".join(whom) or "Tidak ada"}

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Hapus langkah ini"


StepFormSet = forms.formset_factory(StepForm, formset=BaseStepFormSet, extra=1, can_delete=True, max_num=20)


class TemplateForm(forms.Form):
    title = forms.CharField(label="Judul", max_length=150)
    text = forms.CharField(label="Isi", max_length=2000, widget=forms.Textarea(attrs={"rows": 8}))
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind = kind

    def _checked(self, name: str) -> str:
        words = self.cleaned_data[name].replace("\r\n", "\n")
        try:
            check(self.kind, words)
        except WordingRefused as refusal:
            raise forms.ValidationError(str(refusal))
        return words

    def clean_title(self) -> str:
        return self._checked("title")

    def clean_text(self) -> str:
        return self._checked("text")

    def as_template(self) -> MessageTemplate:
        """The words as typed, for the example; nothing is saved."""
        return MessageTemplate(kind=self.kind, title=self.cleaned_data["title"], text=self.cleaned_data["text"])
