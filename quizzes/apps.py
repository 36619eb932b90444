from django.apps import AppConfig

from foundation.triggers import register_append_only


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Kuis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import services  # noqa: F401  # registers the steps that tick runs

        register_append_only("quizzes_quizversion", "quizzes_versionquestion", "quizzes_versionoption")
        register_append_only("quizzes_keycorrection", "quizzes_gradechange")
        register_append_only(
            "quizzes_attemptevent",
            "quizzes_dispute",
            "quizzes_disputeanswer",
            "quizzes_latedecision",
            "quizzes_mark",
            "quizzes_ruling",
        )
