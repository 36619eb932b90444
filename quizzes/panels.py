"""What the editor shows of a quiz beside its fields."""

from wagtail.admin.panels import Panel

from .choices import QuestionKind
from .graph_map import map_of


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


class ScenarioMapsPanel(Panel):
    """Draws the scenarios of the saved draft; not shown on a quiz without one."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "quizzes/panels/scenario_maps.html"

        def is_shown(self):
            return super().is_shown() and any(child.block_type == QuestionKind.SCENARIO for child in self.questions)

        @property
        def questions(self):
            return self.instance.questions or []

        def get_context_data(self, parent_context=None):
            from quizzes.blocks.scenario import scenes_of

            maps = [
                (number, map_of(scenes_of(child.value)))
                for number, child in enumerate(self.questions, start=1)
                if child.block_type == QuestionKind.SCENARIO
            ]
            return {**super().get_context_data(parent_context), "maps": maps}
