"""What is typed about units and roles."""

from datetime import date, datetime, timedelta

from django import forms
from django.utils import timezone

from ..models import Capacity, Role, Unit
from ..numbers import clean_login
from ..permissions import GRANTS_ROLES, MANAGES_UNITS, accounts_for_actor, units_for_actor
from ..services import UNIT_FIELDS, starts_on
from .choices import UnitField


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = UNIT_FIELDS
        help_texts = {
            "code": "Pengenal tetap, dipakai dalam berkas impor. Misalnya POLRES-SRK.",
            "short_name": "Tampil dalam daftar dan tabel.",
        }

    def validate_unique(self) -> None:
        """The service refuses a taken code, in a sentence that names the next step."""


class ParentForm(forms.Form):
    """A new parent for a unit; the unit's own subtree is not offered."""

    parent = UnitField(label="Induk baru", empty_label="Pilih induk")

    def __init__(self, *args, unit: Unit, actor, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_for_actor(actor, at=at, roles=MANAGES_UNITS).in_force(at=at).exclude(unit.subtree_of())
        self.fields["parent"].queryset = units


class SlipForm(forms.Form):
    """For whom slips are printed."""

    unit = UnitField(label="Satuan dan jajarannya")
    everyone = forms.BooleanField(
        label="Juga untuk yang sudah mengaktifkan akun",
        help_text="Kata sandi lama tetap berlaku sampai slip dipakai. Biasanya tidak perlu.",
        required=False,
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class GrantForm(forms.Form):
    """A role for an account that is posted, or holds a role, below the administrator's units."""

    login = forms.CharField(label="NRP/NIP", max_length=40, help_text="Personel di satuan dalam wewenang Anda.")
    role = forms.ChoiceField(label="Peran", choices=Role.choices)
    unit = UnitField(label="Berlaku untuk satuan dan jajarannya")
    capacity = forms.ChoiceField(label="Sebagai", choices=Capacity.choices, initial=Capacity.DEFINITIVE, required=False)
    order_number = forms.CharField(
        label="Nomor Sprin", max_length=80, required=False, help_text="Wajib untuk Plt. dan Plh."
    )
    first_day = forms.DateField(
        label="Mulai",
        required=False,
        help_text="Kosong berarti sekarang.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last_day = forms.DateField(
        label="Sampai dengan",
        required=False,
        help_text="Kosong berarti sampai diakhiri. Wajib untuk Plt. dan Plh.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label="Dasar", max_length=200, help_text="Misalnya nomor Sprin atau alasan singkat.")

    def __init__(self, *args, actor, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.at = actor, at
        units = units_for_actor(actor, at=at, roles=GRANTS_ROLES).in_force(at=at)
        self.fields["unit"].queryset = units

    def clean_login(self) -> str:
        login = clean_login(self.cleaned_data["login"])
        self.user = accounts_for_actor(self.actor, at=self.at).filter(login=login).first()
        if self.user is None:
            raise forms.ValidationError("NRP/NIP ini tidak ada di satuan dalam wewenang Anda. Periksa nomornya.")
        return login

    def values(self) -> dict:
        """Arguments for ``grant_role``; the role ends with the last day, in the unit's zone."""
        cleaned = self.cleaned_data
        last_day = cleaned["last_day"]
        first_day = cleaned["first_day"]
        starts = starts_on(first_day, unit=cleaned["unit"], at=self.at) if first_day else None
        ends = starts_on(last_day + timedelta(days=1), unit=cleaned["unit"], at=self.at) if last_day else None
        names = ("role", "unit", "reason")
        return {
            "user": self.user,
            "valid_from": starts,
            "valid_to": ends,
            "capacity": Capacity(cleaned["capacity"] or Capacity.DEFINITIVE),
            "order_number": cleaned["order_number"],
            **{name: cleaned[name] for name in names},
        }

    def clean_first_day(self) -> date | None:
        day = self.cleaned_data["first_day"]
        if day and day < timezone.localdate(self.at):
            raise forms.ValidationError("Hari pertama sudah lewat. Pilih hari ini atau sesudahnya.")
        return day
