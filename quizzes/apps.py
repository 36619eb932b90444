from django.apps import AppConfig

from foundation.triggers import register_append_only


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Kuis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import own_data, services  # noqa: F401  # register the steps that tick runs and what is held about one

        register_append_only(
            "quizzes_quizversion",
            "quizzes_versionquestion",
            "quizzes_versionoption",
            "quizzes_importedsitting",
        )
