"""What a deployment must not switch off; ``check --deploy`` fails on it."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def staff_need_a_second_factor(app_configs, **options) -> list[Error]:
    if settings.STAFF_SECOND_FACTOR_REQUIRED:
        return []
    return [
        Error(
            "Staff may sign in without a second factor.",
            hint="Only dev and demo settings turn STAFF_SECOND_FACTOR_REQUIRED off.",
            id="elearning.E001",
        )
    ]


@register(Tags.security, deploy=True)
def limits_are_shared_between_processes(app_configs, **options) -> list[Error]:
    if "locmem" not in settings.CACHES["default"]["BACKEND"].lower():
        return []
    return [
        Error(
            "The limiters of sign-in and verification count in each process by itself.",
            hint="Use the database cache of the base settings, or another one that every process sees.",
            id="elearning.E002",
        )
    ]
