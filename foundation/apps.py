from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "Fondasi"
    default_auto_field = "django.db.models.BigAutoField"
