from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("organisation", "0009_where_an_officer_stands"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(condition=models.Q(("is_active", False)), fields=["id"], name="user_switched_off"),
        ),
    ]
