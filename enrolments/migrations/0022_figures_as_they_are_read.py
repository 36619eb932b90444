"""The figures kept of an order to very many are kept for each unit that reads them; tick counts them anew."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("enrolments", "0021_rounds_are_told"),
        ("organisation", "0008_who_holds_a_rank"),
    ]

    operations = [
        migrations.DeleteModel(name="OrderFigures"),
        migrations.CreateModel(
            name="OrderFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField()),
                ("overdue", models.PositiveIntegerField()),
                ("elsewhere", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField(db_index=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="enrolments.assignment"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.unit"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("assignment", "unit"), name="order_figures_once")]
            },
        ),
    ]
