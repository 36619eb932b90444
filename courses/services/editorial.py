"""The groups and the workflow of content: made after every migrate, running it again changes nothing."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

TRAINERS = "Tenaga pendidik"
CONTENT_REVIEWERS = "Pemeriksa isi"
LEGAL_REVIEWERS = "Pemeriksa hukum"
WORKFLOW = "Isi lalu hukum"

# Wagtail's publish permission lets reviewers withdraw, reorder and lock; publishing itself is the workflow's
# alone (courses/permissions.py). Nobody gets user management or bulk deletion.
PAGE_PERMISSIONS = {
    TRAINERS: ["add_page", "change_page"],
    CONTENT_REVIEWERS: ["change_page", "publish_page", "lock_page", "unlock_page"],
    LEGAL_REVIEWERS: ["change_page", "publish_page", "lock_page", "unlock_page"],
}
COLLECTION_PERMISSIONS = {
    TRAINERS: [
        "add_image",
        "change_image",
        "choose_image",
        "add_document",
        "change_document",
        "choose_document",
    ],
    CONTENT_REVIEWERS: ["choose_image", "choose_document"],
    LEGAL_REVIEWERS: ["choose_image", "choose_document"],
}
MODEL_PERMISSIONS = {
    TRAINERS: [
        "access_admin",
        "view_legalsource",
        "view_tariff",
        "view_topic",
        "add_topic",
        "change_topic",
        "view_learningpath",
        "add_learningpath",
        "change_learningpath",
    ],
    CONTENT_REVIEWERS: [
        "access_admin",
        "view_legalsource",
        "view_tariff",
        "view_topic",
        "view_learningpath",
        "change_learningpath",
    ],
    LEGAL_REVIEWERS: [
        "access_admin",
        "view_legalsource",
        "add_legalsource",
        "change_legalsource",
        "view_tariff",
        "add_tariff",
        "change_tariff",
        "view_topic",
        "view_learningpath",
        "change_learningpath",
    ],
}
OWN_APPS = ["courses", "wagtailadmin", "wagtailcore", "wagtailimages", "wagtaildocs"]


@transaction.atomic
def set_up_editorial() -> None:
    """Make groups, their permissions and the workflow “Isi lalu hukum” over all pages."""
    for label in OWN_APPS:
        # After migrate these may not be made yet: each app makes its own when its turn comes.
        create_permissions(apps.get_app_config(label), verbosity=0)
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in PAGE_PERMISSIONS}
    root = Page.get_first_root_node()
    collection = Collection.get_first_root_node()
    for name, group in groups.items():
        group.permissions.add(*_permissions(MODEL_PERMISSIONS[name]))
        for permission in _permissions(PAGE_PERMISSIONS[name]):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        for permission in _permissions(COLLECTION_PERMISSIONS[name]):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
    _set_up_workflow(groups, root)
    _remove_wagtails_own()


def _permissions(codenames: list[str]):
    return Permission.objects.filter(codename__in=codenames, content_type__app_label__in=OWN_APPS)


def _set_up_workflow(groups: dict[str, Group], root: Page) -> None:
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW)
    steps = ((CONTENT_REVIEWERS, "Pemeriksaan isi"), (LEGAL_REVIEWERS, "Pemeriksaan hukum"))
    for order, (group, name) in enumerate(steps):
        task = GroupApprovalTask.objects.filter(name=name).first() or GroupApprovalTask.objects.create(name=name)
        task.groups.add(groups[group])
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": order})
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    paths = ContentType.objects.get_for_model(apps.get_model("courses", "LearningPath"))
    WorkflowContentType.objects.update_or_create(content_type=paths, defaults={"workflow": workflow})


def _remove_wagtails_own() -> None:
    """Groups that may publish directly, and their workflow, come with Wagtail and have no place here."""
    Workflow.objects.filter(name="Moderators approval", workflow_states=None).delete()
    GroupApprovalTask.objects.filter(name="Moderators approval", task_states=None).delete()
    Group.objects.filter(name__in=["Moderators", "Editors"], user=None).delete()
