from django.apps import AppConfig

from foundation.triggers import register_append_only


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Kuis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # What they register: the steps that tick runs, news for the start page, an officer's own data.
        from . import aftermath, personal_data, services  # noqa: F401

        register_append_only("quizzes_quizversion", "quizzes_versionquestion", "quizzes_versionoption")
        register_append_only(
            "quizzes_attemptevent",
            "quizzes_dispute",
            "quizzes_disputeanswer",
            "quizzes_latedecision",
            "quizzes_mark",
            "quizzes_ruling",
        )
