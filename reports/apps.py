from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Laporan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # They register words, what is held about an officer, work for the outbox, steps of tick and of retention.
        from . import audit_words, digests, jobs, personal_data, sending  # noqa: F401
