from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.triggers import register_append_only


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Kuis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register the steps that tick runs, who tells news, what is held about one, what the course page is told.
        from . import aftermath, audit_words, personal_data, services, success  # noqa: F401
        from .editorial import set_up_bank

        register_append_only(
            "quizzes_accommodation",
            "quizzes_attemptevent",
            "quizzes_attemptextension",
            "quizzes_dispute",
            "quizzes_disputeanswer",
            "quizzes_gradechange",
            "quizzes_importedsitting",
            "quizzes_keycorrection",
            "quizzes_latedecision",
            "quizzes_mark",
            "quizzes_quizversion",
            "quizzes_redorequest",
            "quizzes_ruling",
            "quizzes_versionoption",
            "quizzes_versionpool",
            "quizzes_versionquestion",
        )
        post_migrate.connect(set_up_bank, sender=self, dispatch_uid="quizzes.bank")
