from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("organisation", "0006_who_stands_in_a_unit"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="posting", name="posting_of_unit"),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                fields=["unit", "valid_to", "valid_from", "id", "officer"], name="posting_of_unit"
            ),
        ),
    ]
