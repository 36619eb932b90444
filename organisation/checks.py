"""What a real installation must not be without."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def staff_hold_a_second_factor(app_configs, **kwargs) -> list[Error]:
    if settings.STAFF_SECOND_FACTOR_REQUIRED:
        return []
    return [
        Error(
            "STAFF_SECOND_FACTOR_REQUIRED is off.",
            hint="Only dev and demo settings turn it off; run production with elearning.settings.production.",
            id="organisation.E001",
        )
    ]
