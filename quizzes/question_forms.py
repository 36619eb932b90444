"""Forms of the screens through which questions come in and go out."""

from django import forms

from quizzes.formats import FORMATS
from quizzes.formats.model import MAXIMUM_BYTES
from quizzes.formats.text import TOO_BIG

READ = [(entry.code, entry.label) for entry in FORMATS.values()]
BANK = "Bank soal"
WRITTEN = [(entry.code, entry.label) for entry in FORMATS.values() if entry.write]


class PageChoice(forms.ModelChoiceField):
    def label_from_instance(self, page) -> str:
        return f"{page.get_parent().title} – {page.title}"


class ImportForm(forms.Form):
    format = forms.ChoiceField(label="Format", choices=READ)
    file = forms.FileField(label="Berkas", required=False, help_text="Paling besar 10 MB.")
    text = forms.CharField(
        label="Atau tempel isinya",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="Untuk GIFT, Aiken, Moodle XML, dan JSON.",
    )
    page = PageChoice(
        label="Masukkan ke",
        queryset=None,
        required=False,
        empty_label=BANK,
        help_text=(
            "Ke bank: setiap soal menjadi draf yang diperiksa sendiri. Ke kuis: soal ditambahkan pada akhir drafnya; "
            "yang terbit tidak berubah."
        ),
    )
    topic = forms.CharField(
        label="Topik", required=False, max_length=60, help_text="Untuk soal yang tidak membawa topik sendiri."
    )

    def __init__(self, *args, pages, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].queryset = pages  # type: ignore[attr-defined]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAXIMUM_BYTES:
            raise forms.ValidationError(TOO_BIG)
        return file

    def clean(self):
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if file and text.strip():
            raise forms.ValidationError("Pilih salah satu: berkas, atau teks yang ditempel.")
        if not file and not text.strip() and "file" not in self.errors:
            raise forms.ValidationError("Pilih berkasnya, atau tempel isinya.")
        return cleaned

    @property
    def content(self) -> bytes:
        file = self.cleaned_data["file"]
        return file.read() if file else self.cleaned_data["text"].encode()

    @property
    def file_name(self) -> str:
        file = self.cleaned_data["file"]
        return file.name if file else "Teks yang ditempel"


class ExportForm(forms.Form):
    page = PageChoice(label="Dari", queryset=None, required=False, empty_label=f"{BANK} (yang disetujui)")
    format = forms.ChoiceField(label="Format", choices=WRITTEN)

    def __init__(self, *args, pages, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].queryset = pages  # type: ignore[attr-defined]
