"""What this room does with the facts of the rooms below."""

from django.dispatch import receiver

from courses.facts import date_refused

from . import services


@receiver(date_refused, dispatch_uid="enrolments.tell_planner")
def tell_planner(sender, refusal, planner, planned_for, ends, at, **_kwargs) -> None:
    if planner is not None:
        services.tell_planner(planner=planner, refusal=refusal, planned_for=planned_for, ends=ends, at=at)
