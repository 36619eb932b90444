"""What certificates do when a course is completed."""

from django.dispatch import receiver

from enrolments.signals import course_completed

from . import services


@receiver(course_completed, dispatch_uid="certificates.issue")
def issue_when_completed(sender, completion, **_kwargs) -> None:
    services.issue_certificate(completion=completion, at=completion.recorded_at)
