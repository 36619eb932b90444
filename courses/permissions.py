"""Who may do what with content: nothing is published around the review workflow, whoever asks."""

from wagtail.models import PagePermissionTester


class WorkflowPermissionTester(PagePermissionTester):
    """Wagtail's rules, except that publishing directly is nobody's right.

    Groups with Wagtail's publish permission (the reviewers) withdraw, reorder and end schedules; what
    they approve is published by the workflow's end (``courses.workflow.publish_approved``).
    """

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return self.user.is_active and "publish" in self.permissions
