"""What an auditor looks for in the trail."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet

from foundation.audit_words import verbs_in_words
from foundation.models import AuditEvent

from ..models import Officer, Zone


class AuditFilter(forms.Form):
    """Narrows the trail; days are counted on the clocks of ``zone``."""

    verb = forms.ChoiceField(label="Perbuatan", required=False)
    actor = forms.CharField(label="Pelaku (bagian nama)", required=False)
    officer = forms.CharField(label="Tentang NRP/NIP", required=False)
    since = forms.DateField(
        label="Dari", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="Sampai", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data, *, zone: str = Zone.WIB):
        super().__init__(data)
        self.zone = ZoneInfo(zone)
        self.fields["verb"].choices = [("", "Semua perbuatan"), *verbs_in_words()]

    def apply(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """A wrong value narrows nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        if verb := asked.get("verb"):
            events = events.filter(verb=verb)
        if actor := asked.get("actor"):
            events = events.filter(actor_name__icontains=actor)
        if number := "".join(asked.get("officer", "").split()):
            events = events.filter(subject_id__in=Officer.objects.filter(number=number).values("pk"))
        if since := asked.get("since"):
            events = events.filter(at__gte=self._midnight(since))
        if until := asked.get("until"):
            events = events.filter(at__lt=self._midnight(until + timedelta(days=1)))
        return events

    def _midnight(self, day) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone)
