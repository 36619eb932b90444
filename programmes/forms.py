"""What an administrator enters about Quick Wins Presisi."""

from django import forms

from .models import Activity, Period, Programme

DAY = {"type": "date"}


class ProgrammeForm(forms.ModelForm):
    class Meta:
        model = Programme
        fields = ("name", "code")
        help_texts = {"code": "Huruf kecil, angka, dan tanda hubung, misalnya quick-wins-presisi."}


class PeriodForm(forms.ModelForm):
    class Meta:
        model = Period
        fields = ("programme", "name", "starts_on", "ends_on")
        widgets = {
            "starts_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }
        help_texts = {"name": "Misalnya Triwulan IV 2026.", "ends_on": "Hari terakhir ikut dihitung."}

    def clean(self):
        days = super().clean()
        if days.get("starts_on") and days.get("ends_on") and days["ends_on"] < days["starts_on"]:
            self.add_error("ends_on", "Tanggal selesai tidak boleh sebelum tanggal mulai.")
        return days


class ActivityForm(forms.ModelForm):
    class Meta:
        model = Activity
        fields = ("period", "code", "field", "name")
        help_texts = {"code": "Misalnya P3.2.", "field": "Misalnya SDM Unggul."}


FORMS = {"program": ProgrammeForm, "periode": PeriodForm, "kegiatan": ActivityForm}
