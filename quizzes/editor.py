"""Forms of the CMS for the question bank."""

from wagtail.admin.forms import WagtailAdminModelForm


class BankQuestionForm(WagtailAdminModelForm):
    """Whoever writes a question first is its owner."""

    def save(self, commit=True):
        if self.instance._state.adding:
            self.instance.owner = self.for_user
        return super().save(commit=commit)
