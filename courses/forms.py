"""Forms of the CMS that check more than Wagtail does."""

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.documents.forms import BaseDocumentForm

from . import uploads
from .exceptions import UploadRefused

# Saving a draft may leave things open; these actions hand the page to others.
FINAL_ACTIONS = ("action-publish", "action-submit", "action-restart-workflow")


class CompiledPageForm(WagtailAdminPageForm):
    """Says in the editor, before it is tried, what would keep the page from being compiled."""

    def _post_clean(self):
        super()._post_clean()
        if any(action in self.data for action in FINAL_ACTIONS) and not self.errors:
            for problem in self.instance.publish_problems():
                self.add_error(None, problem)


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
