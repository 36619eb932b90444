from django.apps import AppConfig

from foundation.triggers import register_append_only


class EnrolmentsConfig(AppConfig):
    name = "enrolments"
    verbose_name = "Penugasan dan penyelesaian"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import services, usage  # noqa: F401  # registers the steps that tick runs, and who counts takers

        register_append_only("enrolments_coursecompletion", "enrolments_itemcompletion", "enrolments_itemreopening")
