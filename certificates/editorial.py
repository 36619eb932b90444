"""The template that every installation starts with, who may work on templates and who approves; after every migrate.

Running it again changes nothing, and edits made in the CMS are kept.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from courses.services.editorial import CONTENT_REVIEWERS, TRAINERS

NAME = "Sertifikat pelatihan"
WORKFLOW = "Persetujuan templat sertifikat"
# Nobody publishes directly: the end of the workflow does (courses/workflow.py).
PERMISSIONS = {
    TRAINERS: ["view_certificatetemplate", "add_certificatetemplate", "change_certificatetemplate"],
    CONTENT_REVIEWERS: ["view_certificatetemplate", "change_certificatetemplate"],
}


def set_up_editorial(**_kwargs) -> None:
    """Make the general template when there is none, the approval, and the permissions of the CMS's groups."""
    from .models import CertificateTemplate, TemplateApproval

    CertificateTemplate.objects.get_or_create(
        name=NAME, course=None, unit=None, defaults={"active": True, "live": True}
    )
    for template in CertificateTemplate.objects.filter(live=True, versions=None):
        template.save()
    create_permissions(apps.get_app_config("certificates"), verbosity=0)
    own = Permission.objects.filter(content_type__app_label="certificates")
    for name, codenames in PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.remove(*own.filter(codename__startswith="publish_"))
        group.permissions.add(*own.filter(codename__in=codenames))
    workflow, _created = Workflow.objects.get_or_create(name=WORKFLOW)
    task = TemplateApproval.objects.first() or TemplateApproval.objects.create(name=WORKFLOW)
    task.groups.add(Group.objects.get(name=CONTENT_REVIEWERS))
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 1})
    templates = ContentType.objects.get_for_model(CertificateTemplate)
    WorkflowContentType.objects.update_or_create(content_type=templates, defaults={"workflow": workflow})
