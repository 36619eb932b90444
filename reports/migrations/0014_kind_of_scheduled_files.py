from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0013_jp_and_endings_of_past_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="reportschedule",
            name="kind",
            field=models.CharField(
                choices=[("xlsx", "XLSX"), ("csv", "CSV"), ("pdf", "PDF")],
                default="xlsx",
                max_length=4,
                verbose_name="jenis berkas",
            ),
        ),
    ]
