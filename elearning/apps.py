from django.apps import AppConfig


class ElearningConfig(AppConfig):
    name = "elearning"
    verbose_name = "Presisi Belajar"

    def ready(self) -> None:
        from . import checks  # noqa: F401  # registers them
