from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from foundation.triggers import register_append_only


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Laporan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register words, what is held about an officer, work for the outbox, steps of tick and of retention.
        from . import audit_words, digests, jobs, personal_data, recounting, sending, usage  # noqa: F401
        from .marking import create_after_migrate, drop_before_migrate
        from .quick_wins import printing  # noqa: F401

        register_append_only(
            "reports_reportcounter",
            "reports_reportfigure",
            "reports_reportfile",
            "reports_reportname",
            "reports_reportstep",
            "reports_reportsubmission",
        )
        pre_migrate.connect(drop_before_migrate, sender=self, dispatch_uid="reports.marks.drop")
        post_migrate.connect(create_after_migrate, sender=self, dispatch_uid="reports.marks.create")
