"""The template that every installation starts with and who may work on templates; made after every migrate.

Running it again changes nothing, and edits made in the CMS are kept.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from courses.services.editorial import CONTENT_REVIEWERS, TRAINERS

NAME = "Sertifikat pelatihan"
# As with lessons: trainers write, reviewers publish.
PERMISSIONS = {
    TRAINERS: ["view_certificatetemplate", "add_certificatetemplate", "change_certificatetemplate"],
    CONTENT_REVIEWERS: ["view_certificatetemplate", "change_certificatetemplate", "publish_certificatetemplate"],
}


def set_up_editorial(**_kwargs) -> None:
    """Make the general template when there is none, and give the groups of the CMS their permissions."""
    from .models import CertificateTemplate

    CertificateTemplate.objects.get_or_create(name=NAME, course=None, defaults={"active": True, "live": True})
    create_permissions(apps.get_app_config("certificates"), verbosity=0)
    for name, codenames in PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label="certificates", codename__in=codenames)
        )
