from django.db import migrations


def count_anew(apps, schema_editor):
    """A past day is counted again for whoever asks for it next."""
    for model in ("DayRow", "DayCount"):
        apps.get_model("reports", model).objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0012_counters_in_the_index"),
    ]

    operations = [
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
