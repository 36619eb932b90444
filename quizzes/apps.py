from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.triggers import register_append_only


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Kuis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import services  # noqa: F401  # registers the steps that tick runs
        from .editorial import set_up_bank

        register_append_only(
            "quizzes_quizversion", "quizzes_versionpool", "quizzes_versionquestion", "quizzes_versionoption"
        )
        post_migrate.connect(set_up_bank, sender=self, dispatch_uid="quizzes.bank")
