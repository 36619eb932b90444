from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "Fondasi"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import limits, outbox, planner, reaper, seals, triggers  # noqa: F401  # most of them register their due steps

        triggers.register_append_only(
            "foundation_auditevent", "foundation_auditseal", "foundation_approvalrequest", "foundation_approval"
        )
        post_migrate.connect(triggers.create_after_migrate, sender=self)
        register(triggers.check_triggers, Tags.database)
