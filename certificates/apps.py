from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "Sertifikat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from foundation.triggers import register_append_only

        # They register the handlers of completions, what is held about one, and verbs in words.
        from . import audit_words, personal_data, receivers  # noqa: F401
        from .editorial import set_up_editorial
        from .rendering import store  # noqa: F401 (registers the handler of certificate.render)
        from .sealing import signing_off, status_list  # noqa: F401 (registers what tick does for them)

        register_append_only(
            "certificates_certificatefile",
            "certificates_certificatetemplateversion",
            "certificates_mailing",
            "certificates_ruling",
        )
        post_migrate.connect(set_up_editorial, sender=self)
