"""What people fill in: a code, a number or a file to check, filters, a letterhead, reasons and decisions."""

from django import forms

from courses.models import Course
from organisation.models import Unit

from .crests import MAXIMUM_BYTES
from .exceptions import MistypedIdentifier
from .identifiers import normalise
from .models import CertificateState, UnitLetterhead


class CodeForm(forms.Form):
    kode = forms.CharField(
        label="Kode verifikasi",
        max_length=60,
        help_text="Tertulis di kiri bawah sertifikat, misalnya 7K3M-Q9TX-4D2R-8VWA-K. "
        "Huruf besar, huruf kecil, dan tanda hubung tidak berpengaruh.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_kode(self) -> str:
        try:
            return normalise(self.cleaned_data["kode"])
        except MistypedIdentifier as error:
            raise forms.ValidationError(str(error))


class HolderNumberForm(forms.Form):
    nomor = forms.CharField(
        label="NRP/NIP pada kertas",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class FileForm(forms.Form):
    berkas = forms.FileField(
        label="Berkas PDF sertifikat", widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"})
    )


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        return f"{'— ' * (unit.depth - 1)}{unit.name}"


class RegisterFilter(forms.Form):
    """The filters of the register; nothing in it is required and nonsense filters nothing."""

    cari = forms.CharField(label="Nama, NRP/NIP, nomor, atau kode", max_length=120, required=False)
    pelatihan = forms.ModelChoiceField(
        label="Pelatihan", queryset=Course.objects.all(), required=False, empty_label="Semua"
    )
    satuan = UnitField(label="Satuan", queryset=Unit.objects.none(), required=False, empty_label="Semua")
    keadaan = forms.ChoiceField(label="Keadaan", choices=[("", "Semua"), *CertificateState.choices], required=False)
    dari = forms.DateField(label="Terbit sejak", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    sampai = forms.DateField(label="Terbit sampai", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["satuan"].queryset = units.for_tree()


class ReasonForm(forms.Form):
    alasan = forms.CharField(
        label="Alasan pencabutan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Dibaca oleh penyetuju dan disimpan; tidak ditampilkan kepada umum.",
    )


class DecisionForm(forms.Form):
    catatan = forms.CharField(label="Catatan", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class LetterheadForm(forms.ModelForm):
    lambang = forms.FileField(
        label="Lambang satuan",
        required=False,
        help_text="PNG, JPEG, atau WebP paling besar 2 MB. Dicetak di tengah atas; kosongkan untuk memakai yang lama.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    tanpa_lambang = forms.BooleanField(label="Cetak tanpa lambang", required=False)

    class Meta:
        model = UnitLetterhead
        fields = [
            "heading",
            "place",
            "on_behalf_of",
            "signer_post",
            "signer_name",
            "signer_rank",
            "signer_number",
            "number_kind",
            "archive_code",
            "function_code",
            "number_pattern",
        ]
        widgets = {"heading": forms.Textarea(attrs={"rows": 3, "cols": 41})}
        labels = {"signer_number": "NRP/NIP penanda tangan"}

    def clean_heading(self) -> str:
        return "\n".join(line.strip() for line in self.cleaned_data["heading"].strip().splitlines())

    def columns(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def uploaded_crest(self) -> bytes | None:
        file = self.cleaned_data.get("lambang")
        if not file:
            return None
        file.seek(0)
        # One byte beyond what is allowed is enough to refuse it.
        return file.read(MAXIMUM_BYTES + 1)


class SignOffForm(forms.Form):
    """What a certified provider asks of the signer; both go straight on and are kept nowhere."""

    nik = forms.RegexField(
        r"^\d{16}$",
        label="NIK",
        strip=True,
        error_messages={"invalid": "NIK terdiri dari 16 angka."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    frasa = forms.CharField(
        label="Frasa sandi TTE",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
