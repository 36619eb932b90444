"""Approving templates: what is published is compiled into a version, and never by one of its authors."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import get_active_log_context

from certificates.exceptions import TemplateRefused
from certificates.models import CertificateTemplate, CertificateTemplateVersion
from courses.compiling import fingerprint
from foundation import audit
from organisation.models import User

OWN_WORK = "Anda ikut menulis templat ini. Orang lain yang harus menyetujuinya."


def authors(template: CertificateTemplate) -> set[int]:
    """Return the users who changed what is printed since the version in force; saving the same again is no change."""
    newest = template.versions.order_by("-number").first()
    revisions = template.revisions.order_by("created_at", "pk")
    if newest:
        revisions = revisions.filter(created_at__gt=newest.approved_at)
    found, before = set(), newest.sha256 if newest else ""
    for revision in revisions:
        digest = fingerprint(revision.as_object().printed())
        if digest != before and revision.user_id:
            found.add(revision.user_id)
        before = digest
    return found


@transaction.atomic
def compile_template(template: CertificateTemplate, *, at: datetime) -> CertificateTemplateVersion:
    """Make what is published the newest version. Raises TemplateRefused when one of its authors publishes it.

    Publishing the same again makes no second version. The platform's own template has no author and no approver.
    """
    # Lock first: two publishings must not both take the next number.
    CertificateTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    printed = template.printed()
    digest = fingerprint(printed)
    newest = template.versions.order_by("-number").first()
    if newest and newest.sha256 == digest:
        return newest
    approver = _publisher()
    if approver and approver.pk in authors(template):
        raise TemplateRefused(OWN_WORK)
    revision = template.live_revision
    version = CertificateTemplateVersion.objects.create(
        template=template,
        number=newest.number + 1 if newest else 1,
        sha256=digest,
        written_by=revision.user if revision and revision.user_id != (approver and approver.pk) else None,
        approved_by=approver,
        approved_at=at,
        **printed,
    )
    if approver:
        audit.record(
            verb="certificate_template.approved",
            actor=approver,
            at=at,
            obj=template,
            detail={"version": version.number, "name": template.name},
        )
    return version


def _publisher() -> User | None:
    """Who publishes: the user of the running admin request, or None for the platform itself."""
    user = get_active_log_context().user
    return user if user is not None and user.is_authenticated else None
