"""What somebody says who hands a role over."""

from datetime import datetime
from typing import Any

from django import forms

from ..models import Capacity, RoleGrant
from ..permissions import may_follow, own_grants_to_hand_over, users_named


class GrantField(forms.ModelChoiceField):
    def label_from_instance(self, grant: RoleGrant) -> str:
        return f"{grant.get_role_display()} {grant.unit.name}"


def _day(label: str, help_text: str, *, required: bool) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class HandoverForm(forms.Form):
    KINDS = (
        (Capacity.DAILY, "Plh.: saya berhalangan sementara, peran saya tetap berlaku"),
        (Capacity.ACTING, "Plt.: pengganti sementara untuk waktu lebih lama, peran saya tetap berlaku"),
        (Capacity.DEFINITIVE, "Serah terima: peran saya berakhir dan berpindah"),
    )

    grant = GrantField(RoleGrant.objects.none(), label="Peran", empty_label=None)
    login = forms.CharField(
        label="NRP/NIP penerima", max_length=40, help_text="Personel di satuan itu atau jajarannya."
    )
    capacity = forms.ChoiceField(label="Bagaimana", choices=KINDS, widget=forms.RadioSelect, initial=Capacity.DAILY)
    first = _day(
        "Hari pertama", "Berlaku sejak pukul 00.00 menurut jam satuan; hari ini berarti sekarang.", required=True
    )
    last = _day("Hari terakhir", "Untuk Plh. dan Plt., sampai pukul 24.00 hari itu.", required=False)
    order_number = forms.CharField(label="Nomor Sprin", max_length=80)
    with_tasks = forms.BooleanField(
        label="Serahkan juga draf saya", required=False, initial=True, help_text="Yang belum selesai, pada hari itu."
    )

    def __init__(self, *args: Any, actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        mine = own_grants_to_hand_over(actor, at=at).order_by("unit__path", "role")
        self.fields["grant"].queryset = mine  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("capacity") != Capacity.DEFINITIVE and not answers.get("last") and "last" not in self.errors:
            self.add_error("last", "Isi hari terakhir. Plt. dan Plh. selalu berbatas waktu.")
        grant, login = answers.get("grant"), answers.get("login")
        if grant and login:
            self.receiver = users_named(login, below=grant.unit, at=self.at).first()
            if self.receiver is None or not may_follow(grant, self.receiver, at=self.at):
                self.add_error("login", "Tidak ada personel lain dengan NRP/NIP ini di satuan itu. Periksa angkanya.")
        return answers
