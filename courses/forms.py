"""Forms of the CMS that check more than Wagtail does."""

from django import forms
from wagtail.documents.forms import BaseDocumentForm

from . import uploads
from .exceptions import UploadRefused


class DocumentForm(BaseDocumentForm):
    """WAGTAILDOCS_DOCUMENT_FORM_BASE: a document is what its name says."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file:
            try:
                uploads.check_document(file, file.name)
            except UploadRefused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return file
