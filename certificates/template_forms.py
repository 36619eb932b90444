"""The form of a template in the CMS: uploaded pictures are written anew and named by their content."""

from django import forms
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from organisation.forms.choices import UnitField

from .crests import MAXIMUM_BYTES, clean_background, clean_crest, kept
from .exceptions import LetterheadRefused

PICTURES = "image/png,image/jpeg,image/webp"


class TemplateForm(WagtailAdminModelForm):
    logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        help_text="Di samping lambang satuan. PNG, JPEG, atau WebP paling besar 2 MB; tampak di pratinjau sesudah "
        "disimpan sebagai draf. Kosongkan untuk memakai yang lama.",
    )
    background = forms.FileField(
        label="Latar",
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES}),
        help_text="Memenuhi halaman depan (A4 mendatar), dibuat pucat agar tulisan terbaca, menggantikan anyaman.",
    )
    without_logo = forms.BooleanField(label="Cetak tanpa logo", required=False)
    without_background = forms.BooleanField(label="Cetak tanpa latar", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        self.fields["unit"] = UnitField(
            queryset=field.queryset.in_force(at=timezone.now()),
            label=field.label,
            required=field.required,
            help_text=field.help_text,
            empty_label=field.empty_label,
        )

    def clean_logo(self):
        return self._picture("logo", clean_crest)

    def clean_background(self):
        return self._picture("background", clean_background)

    def _picture(self, name: str, clean) -> str:
        """The name of the stored picture: of the one uploaded now, else of the one there was."""
        file = self.files.get(self.add_prefix(name))
        if not file:
            return getattr(self.instance, name).name or ""
        try:
            # One byte beyond what is allowed is enough to refuse it.
            return kept(*clean(file.read(MAXIMUM_BYTES + 1)))
        except LetterheadRefused as refusal:
            raise forms.ValidationError(str(refusal))

    def clean(self):
        cleaned = super().clean()
        for name in ("logo", "background"):
            if cleaned.get(f"without_{name}"):
                cleaned[name] = False
        return cleaned


CHANGED_WHILE_APPROVING = (
    "Anda mengubah isinya, jadi orang lain yang harus menyetujui. Muat ulang lalu setujui tanpa mengubah, atau simpan "
    "perubahan Anda sebagai draf dan minta pemeriksa lain."
)


def changed_while_approving(request, template) -> bool:
    """Whether this request approves the template and changes it in one go."""
    if request.method != "POST" or request.POST.get("workflow-action-name") != "approve":
        return False
    form_class = template.snippet_viewset.get_edit_handler().get_form_class()
    draft = template.get_latest_revision_as_object()
    form = form_class(request.POST, request.FILES, instance=draft, for_user=request.user)
    return form.has_changed()
