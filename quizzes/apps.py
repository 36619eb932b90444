from django.apps import AppConfig

from foundation.triggers import register_append_only


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Kuis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import aftermath, services  # noqa: F401  # registers the steps that tick runs, and who tells news

        register_append_only("quizzes_quizversion", "quizzes_versionquestion", "quizzes_versionoption")
        register_append_only(
            "quizzes_attemptevent",
            "quizzes_dispute",
            "quizzes_disputeanswer",
            "quizzes_latedecision",
            "quizzes_mark",
            "quizzes_ruling",
        )
        register_append_only("quizzes_accommodation", "quizzes_attemptextension", "quizzes_redorequest")
