from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("organisation", "0008_who_holds_a_rank"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="posting", name="posting_history"),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                fields=["officer", "valid_from", "valid_to", "unit", "id"], name="posting_history"
            ),
        ),
    ]
