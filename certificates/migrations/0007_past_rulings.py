"""Revocations from before rulings had rows of their own, taken from the requests that were approved."""

from django.db import migrations

REVOKE = "certificate.revoke"


def write(apps, schema_editor):
    Certificate = apps.get_model("certificates", "Certificate")
    Ruling = apps.get_model("certificates", "Ruling")
    Approval = apps.get_model("foundation", "Approval")
    User = apps.get_model("organisation", "User")
    revoked = set(Certificate.objects.exclude(revoked_at=None).values_list("pk", flat=True))
    revoked -= set(Ruling.objects.filter(kind="revoked").values_list("certificate", flat=True))
    people = set(User.objects.values_list("pk", flat=True))
    approvals = Approval.objects.filter(request__kind=REVOKE, approved=True).select_related("request").order_by("pk")
    for approval in approvals.iterator():
        request = approval.request
        pk = int(request.object_id)
        if pk in revoked and approval.decided_by_id in people:
            # Approved twice by a race of old: the first one took it out of force.
            revoked.discard(pk)
            Ruling.objects.create(
                certificate_id=pk,
                kind="revoked",
                request=request.uuid,
                reason=request.reason[:300],
                asked_by_name=request.requested_by_name,
                asked_at=request.requested_at,
                approved_by_id=approval.decided_by_id,
                recorded_at=approval.decided_at,
            )


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0006_paper"),
        ("foundation", "0001_initial"),
    ]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
