from django.db import migrations
from django.db.models import F


def date_grades(apps, schema_editor):
    """Until now every attempt was graded in the moment it was submitted."""
    attempts = apps.get_model("quizzes", "Attempt").objects
    attempts.filter(submitted_at__isnull=False, graded_at=None).update(graded_at=F("submitted_at"))


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0002_question_kinds")]
    operations = [migrations.RunPython(date_grades, migrations.RunPython.noop)]
