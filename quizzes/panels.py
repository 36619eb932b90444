"""What the editor shows of a quiz beside its fields."""

from wagtail.admin.panels import Panel


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
