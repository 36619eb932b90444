"""What the CMS shows of a quiz beside its fields."""

from typing import Any

from django.forms import Media
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static as static
from wagtail.admin.ui.components import Component

from .choices import QuestionKind
from .graph_map import map_of

SHOWN = 5


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


class RedoPanel(Panel):
    """Asks who must take the published change again, until somebody answers."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "quizzes/panels/redo.html"

        def is_shown(self):
            return super().is_shown() and self.version is not None

        @property
        def version(self):
            from quizzes.models import unanswered_versions

            item_id = self.instance.item_id
            return unanswered_versions().filter(item=item_id).first() if item_id else None

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "version": self.version}


class ChangedQuizzesPanel(Component):
    """On the start page of the CMS: changed quizzes of which nobody said who must take them again."""

    name = "changed_quizzes"
    template_name = "quizzes/panels/changed.html"
    order = 220

    def get_context_data(self, parent_context):
        from quizzes.models import unanswered_versions

        changed = [(version, version.item.course) for version in unanswered_versions()[:SHOWN]]
        return {"changed": changed, "what": "Kuis", "page": "quizzes-redo"}


class ChangedCoursesPanel(Component):
    """The same of courses with other rules than those that somebody completed."""

    name = "changed_courses"
    template_name = "quizzes/panels/changed.html"
    order = 221

    def get_context_data(self, parent_context):
        from quizzes.models import unanswered_course_versions

        changed = [(version, version.course) for version in unanswered_course_versions()[:SHOWN]]
        return {"changed": changed, "what": "Pelatihan", "page": "quizzes-redo-course"}


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
