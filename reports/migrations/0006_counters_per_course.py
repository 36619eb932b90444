from django.db import migrations, models


def count_anew(apps, schema_editor):
    """What was counted per counter knows no courses; a unit without a count is read from its rows until tick comes."""
    for model in ("CountRow", "UnitCount", "DayRow", "DayCount"):
        apps.get_model("reports", model).objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0005_past_days"),
    ]

    operations = [
        migrations.RunPython(count_anew, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='countrow',
            name='kind',
            field=models.CharField(choices=[('c', 'per course'), ('f', 'per course and service function, everybody at each of theirs'), ('o', 'officers by the earliest of their dates'), ('d', 'done on a day of the last weeks'), ('r', 'officers whom a Quick Wins period, or an activity of it, asked; grades of what was done in time'), ('k', 'counters that it reached: complete (done) or not'), ('j', 'officers by whether they reached the JP of the year, with the sum of what they have')], max_length=1),
        ),
        migrations.AlterField(
            model_name='dayrow',
            name='kind',
            field=models.CharField(choices=[('c', 'per course'), ('f', 'per course and service function, everybody at each of theirs'), ('o', 'officers by the earliest of their dates'), ('d', 'done on a day of the last weeks'), ('r', 'officers whom a Quick Wins period, or an activity of it, asked; grades of what was done in time'), ('k', 'counters that it reached: complete (done) or not'), ('j', 'officers by whether they reached the JP of the year, with the sum of what they have')], max_length=1),
        ),
    ]
