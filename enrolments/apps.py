from django.apps import AppConfig


class EnrolmentsConfig(AppConfig):
    name = "enrolments"
    verbose_name = "Penugasan dan penyelesaian"
    default_auto_field = "django.db.models.BigAutoField"
