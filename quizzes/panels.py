"""What the editor shows of a quiz beside its fields."""

from typing import Any

from django.forms import Media
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static as static


class RunningAttemptsPanel(Panel):
    """Says who is in the middle of the quiz, so that an author knows what a change does to them: nothing."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "quizzes/panels/running_attempts.html"

        def is_shown(self):
            return super().is_shown() and self.running > 0

        @property
        def running(self) -> int:
            from quizzes.models import Attempt

            item_id = self.instance.item_id
            return Attempt.objects.running().filter(item=item_id).count() if item_id else 0

        def get_context_data(self, parent_context=None):
            from quizzes.models import QuizVersion

            newest = QuizVersion.objects.newest().get(item=self.instance.item_id)
            return {
                **super().get_context_data(parent_context),
                "running": self.running,
                "version": newest.number,
                "following": newest.number + 1,
            }


def draws_context(page) -> dict[str, Any]:
    """What the panel about draws shows of ``page`` as it is being edited."""
    from quizzes.pools import pools_of, problems_of_pools
    from quizzes.usage import changed_quizzes

    pools = pools_of(page)
    changed = changed_quizzes(page) if page.live and page.item_id else []
    return {
        "page": page,
        "pools": pools,
        "problems": problems_of_pools(pools),
        "changed": changed[0] if changed else None,
    }


class DrawsPanel(Panel):
    """How many questions each draw finds in the bank, and what changed there since the quiz was published."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "quizzes/panels/draws.html"

        def is_shown(self):
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), **draws_context(self.instance)}

        @property
        def media(self):
            return super().media + Media(js=[static("quizzes/draws.js")])
