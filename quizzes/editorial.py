"""Who works on the bank, and its review: made after every migrate, running it again changes nothing.

Trainers write; what both reviews approve goes live by the workflow's end. Nobody holds Wagtail's publish permission.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Workflow, WorkflowContentType

from courses.services import set_up_editorial
from courses.services.editorial import CONTENT_REVIEWERS, LEGAL_REVIEWERS, TRAINERS, WORKFLOW

REVIEWERS = ["view_bankquestion", "change_bankquestion", "lock_bankquestion", "unlock_bankquestion"]
PERMISSIONS = {
    TRAINERS: ["view_bankquestion", "add_bankquestion", "change_bankquestion", "delete_bankquestion"],
    CONTENT_REVIEWERS: REVIEWERS,
    LEGAL_REVIEWERS: REVIEWERS,
}


@transaction.atomic
def set_up_bank(**_options) -> None:
    """Give the groups of the CMS their part in the bank, and the bank the workflow of pages."""
    from .models import BankQuestion

    # Groups and workflow come from the room below, whose turn after migrate is later.
    set_up_editorial()
    create_permissions(apps.get_app_config("quizzes"), verbosity=0)
    for name, codenames in PERMISSIONS.items():
        permissions = Permission.objects.filter(content_type__app_label="quizzes", codename__in=codenames)
        Group.objects.get(name=name).permissions.add(*permissions)
    WorkflowContentType.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(BankQuestion),
        defaults={"workflow": Workflow.objects.get(name=WORKFLOW)},
    )
