"""What certificates do when a course is completed, and when a completion is corrected."""

from django.dispatch import receiver

from enrolments.signals import completion_corrected, course_completed

from . import services


@receiver(course_completed, dispatch_uid="certificates.issue")
def issue_when_completed(sender, completion, **_kwargs) -> None:
    # What was learned elsewhere has its own papers.
    if completion.recognition_id is None:
        services.issue_certificate(completion=completion, at=completion.recorded_at)


@receiver(completion_corrected, dispatch_uid="certificates.correct")
def ask_when_withdrawn(sender, completion, actor, reason, **_kwargs) -> None:
    # A corrected grade changes no certificate: what was issued stays as it was issued (decision 0015).
    if completion.withdrawn:
        services.ask_revocation_of_withdrawn(
            completion=completion, reason=reason, actor=actor, at=completion.recorded_at
        )
