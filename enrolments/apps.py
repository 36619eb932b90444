from django.apps import AppConfig
from django.db.models.signals import post_migrate

from foundation.triggers import register_append_only


class EnrolmentsConfig(AppConfig):
    name = "enrolments"
    verbose_name = "Penugasan dan penyelesaian"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register the steps that tick runs, who counts takers, what is held about one, what is done with the
        # facts of rooms below, and verbs in words.
        from . import audit_words, personal_data, receivers, services, usage  # noqa: F401
        from .services import retention  # noqa: F401

        register_append_only(
            "enrolments_coursecompletion",
            "enrolments_delivery",
            "enrolments_duechange",
            "enrolments_itemcompletion",
            "enrolments_itemreopening",
            "enrolments_jptarget",
            "enrolments_message",
            "enrolments_messagetemplate",
            "enrolments_pathcompletion",
            "enrolments_recognition",
            "enrolments_relief",
            "enrolments_reliefdocument",
            "enrolments_reliefend",
        )
        from .reference_data import ensure_reference_data

        post_migrate.connect(ensure_reference_data, sender=self, dispatch_uid="enrolments.reference_data")
