from django.apps import AppConfig

from foundation.triggers import register_append_only


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Kuis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register the steps that tick runs, what is held about one, and what the course page is told.
        from . import own_data, services, success  # noqa: F401

        register_append_only(
            "quizzes_quizversion",
            "quizzes_versionquestion",
            "quizzes_versionoption",
            "quizzes_importedsitting",
        )
