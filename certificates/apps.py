from django.apps import AppConfig

from foundation.triggers import register_append_only


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "Sertifikat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_append_only("certificates_certificatefile")
