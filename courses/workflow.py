"""How a review ends. Wagtail imports this while its own models load, so nothing is imported here."""


def publish_approved(workflow_state, user=None) -> None:
    """WAGTAIL_FINISH_WORKFLOW_ACTION: publish what was reviewed, the newest revision.

    The reviewers' approval is the right to publish; nobody publishes without it (courses/permissions.py).
    """
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=True)
