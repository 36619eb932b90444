from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.triggers import register_append_only


def _set_up_editorial(**_options) -> None:
    from .services import set_up_editorial

    set_up_editorial()


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Pelatihan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_append_only(
            "courses_courseversion", "courses_courseversionitem", "courses_pathversion", "courses_pathstep"
        )
        from . import audit_words, signals  # noqa: F401
        from .services import publishing  # noqa: F401

        post_migrate.connect(_set_up_editorial, sender=self, dispatch_uid="courses.editorial")
