from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0009_forgotten_days"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="countrow",
            index=models.Index(
                condition=models.Q(("kind__in", ["d", "h"])),
                fields=["unit", "kind", "day", "number"],
                name="count_row_days",
            ),
        ),
    ]
