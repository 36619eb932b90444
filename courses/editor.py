"""The page editor: what it tells an author about the page, and what it checks before a page is handed on."""

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import HelpPanel

# Saving a draft may leave things open; these actions hand the page to others.
FINAL_ACTIONS = ("action-publish", "action-submit", "action-restart-workflow")


class CompiledPageForm(WagtailAdminPageForm):
    """Says in the editor, before it is tried, what would keep the page from being compiled."""

    def _post_clean(self):
        super()._post_clean()
        if any(action in self.data for action in FINAL_ACTIONS) and not self.errors:
            for problem in self.instance.publish_problems():
                self.add_error(None, problem)


class FactsPanel(HelpPanel):
    """A help panel whose template gets ``page``: the page as it is being edited. Not shown on a new page."""

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "page": self.instance}


def item_order_panel() -> FactsPanel:
    return FactsPanel(heading="Urutan materi", template="courses/admin/item_order_panel.html", icon="list-ol")


def measure_panel() -> FactsPanel:
    return FactsPanel(heading="Waktu baca dan ukuran", template="courses/admin/measure_panel.html", icon="time")
