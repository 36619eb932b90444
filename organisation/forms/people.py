"""What SDM types about people."""

from datetime import datetime

from django import forms
from django.db.models import Q, QuerySet

from ..models import Officer, Posting, Rank, ServiceFunction
from ..numbers import officer_number
from ..permissions import MANAGES_PEOPLE, READS_PEOPLE, units_for_actor
from ..services import starts_on
from .choices import UnitField, rank_choices

STATUSES = [
    ("", "Semua akun"),
    ("active", "Sudah aktivasi"),
    ("waiting", "Belum aktivasi"),
    ("disabled", "Nonaktif"),
]


class PeopleFilter(forms.Form):
    """Search and filters of the officer list; reads only units within the actor's scope."""

    q = forms.CharField(label="Cari nama atau NRP/NIP", required=False, widget=forms.SearchInput)
    unit = UnitField(label="Satuan dan jajarannya", required=False, empty_label="Semua satuan")
    rank = forms.ModelChoiceField(Rank.objects.all(), label="Pangkat", required=False)
    function = forms.ModelChoiceField(ServiceFunction.objects.all(), label="Fungsi layanan", required=False)
    status = forms.ChoiceField(label="Akun", required=False, choices=STATUSES)

    def __init__(self, data, *, actor, at: datetime):
        super().__init__(data)
        units = units_for_actor(actor, at=at, roles=READS_PEOPLE).in_force(at=at)
        self.fields["unit"].queryset = units
        self.fields["rank"].choices = rank_choices(empty="Semua pangkat")
        self.fields["function"].empty_label = "Semua fungsi"

    def apply(self, postings: QuerySet[Posting]) -> QuerySet[Posting]:
        """Narrow ``postings`` to what the form asks for; a wrong value narrows nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        if words := asked.get("q"):
            number = "".join(words.split())
            if number.isdigit():
                postings = postings.filter(officer__number__startswith=number)
            else:
                postings = postings.filter(officer__name__icontains=words)
        if unit := asked.get("unit"):
            postings = postings.below(unit)
        if rank := asked.get("rank"):
            postings = postings.filter(rank=rank)
        if function := asked.get("function"):
            postings = postings.filter(functions=function)
        if status := asked.get("status"):
            postings = postings.filter(STATUS_CONDITIONS[status])
        return postings


# Django writes an unusable password, that of an account without activation, with this mark.
NO_PASSWORD = Q(officer__user__password__startswith="!")  # noqa: S106 (a mark, not a password)
STATUS_CONDITIONS = {
    "active": ~NO_PASSWORD & Q(officer__user__is_active=True),
    "waiting": NO_PASSWORD & Q(officer__user__is_active=True),
    "disabled": Q(officer__user__is_active=False),
}


class NameForm(forms.ModelForm):
    """Number, name with degrees and e-mail of an officer."""

    email = forms.EmailField(label="E-mail", required=False)

    class Meta:
        model = Officer
        fields = ["number", "name_prefix", "name", "name_suffix"]
        help_texts = {
            "number": "8 angka NRP atau 18 angka NIP.",
            "name_prefix": "Misalnya Drs. atau H.",
            "name": "Tanpa pangkat dan tanpa gelar.",
            "name_suffix": "Misalnya S.H., S.I.K.",
        }
        widgets = {"number": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})}

    field_order = ["number", "name_prefix", "name", "name_suffix", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # An 18-digit NIP is often printed 8-6-1-3 with spaces.
        self.fields["number"].max_length = self.fields["number"].widget.attrs["maxlength"] = 40
        self.fields["number"].validators = []
        if self.instance.pk:
            self.fields["email"].initial = self.instance.user.email

    def clean_number(self) -> str:
        try:
            return officer_number(self.cleaned_data["number"])[0]
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong))

    def validate_unique(self) -> None:
        """The service refuses a taken number, in a sentence that names the next step."""

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.field_order if name in self.cleaned_data}


class PlaceForm(forms.Form):
    """Where an officer serves; only units that the actor manages are offered."""

    unit = UnitField(label="Satuan")
    rank = forms.ModelChoiceField(Rank.objects.all(), label="Pangkat")
    post = forms.CharField(label="Jabatan", max_length=120, required=False)
    functions = forms.ModelMultipleChoiceField(
        ServiceFunction.objects.all(),
        label="Fungsi layanan",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Loket yang dilayani; menentukan pelatihan yang ditugaskan.",
    )
    day = forms.DateField(
        label="TMT",
        required=False,
        help_text="Terhitung mulai tanggal. Kosong berarti hari ini.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, actor, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        units = units_for_actor(actor, at=at, roles=MANAGES_PEOPLE).in_force(at=at)
        self.fields["unit"].queryset = units
        self.fields["rank"].choices = rank_choices(empty="Pilih pangkat")

    def clean(self) -> dict:
        cleaned = super().clean()
        if unit := cleaned.get("unit"):
            cleaned["valid_from"] = starts_on(cleaned.get("day"), unit=unit, at=self.at)
            if cleaned["valid_from"] > self.at:
                self.add_error("day", "TMT belum tiba. Catat pada atau sesudah tanggalnya.")
        return cleaned

    def values(self) -> dict:
        names = ("unit", "rank", "post", "valid_from")
        functions = frozenset(self.cleaned_data["functions"])
        return {**{name: self.cleaned_data[name] for name in names}, "functions": functions}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Alasan", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Berkas",
        help_text="XLSX atau CSV, paling besar 20 MB.",
        error_messages={"required": "Pilih berkas XLSX atau CSV.", "empty": "Berkas ini kosong. Pilih berkas lain."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )
