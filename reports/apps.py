from django.apps import AppConfig

from foundation.triggers import register_append_only


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Laporan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register words, what is held about an officer, a step of tick and an effect of the outbox.
        from . import audit_words, digests, personal_data  # noqa: F401
        from .quick_wins import printing  # noqa: F401

        register_append_only(
            "reports_reportcounter",
            "reports_reportfigure",
            "reports_reportfile",
            "reports_reportname",
            "reports_reportstep",
            "reports_reportsubmission",
        )
