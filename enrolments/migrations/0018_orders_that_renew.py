from django.db import migrations, models


def as_they_follow(apps, schema_editor):
    """Until now an order asked again for what was about to end where it followed moves, and only there."""
    apps.get_model("enrolments", "Assignment").objects.update(renews=models.F("follows"))
    drafts = apps.get_model("enrolments", "AssignmentDraft").objects.filter(assignment=None)
    for draft in drafts.iterator():
        if draft.answers.get("follows"):
            draft.answers["renews"] = ["on"]
            draft.save(update_fields=["answers"])


class Migration(migrations.Migration):

    dependencies = [
        ("enrolments", "0017_taken_back_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="renews",
            field=models.BooleanField(default=False, help_text="Sebelum masa berlaku penyelesaian di bawahnya habis.", verbose_name="wajibkan lagi"),
        ),
        migrations.RunPython(as_they_follow, migrations.RunPython.noop),
    ]
