from django.db import migrations, models

KINDS = [('c', 'per course'), ('f', 'per course and service function, everybody at each of theirs'), ('a', 'the same of all courses'), ('u', 'all courses together'), ('b', 'per course: done, and the date (``due_at``) is still to come'), ('x', 'the same per course and service function'), ('o', 'officers by the earliest of their dates'), ('d', 'done on a day of the last weeks'), ('r', 'officers whom a Quick Wins period, or an activity of it, asked; grades of what was done in time'), ('k', 'counters that it reached: complete (done) or not'), ('j', 'officers by whether they reached the JP of the year, with the sum of what they have'), ('e', 'completions that lose their validity, by the day, with all that did before the count'), ('h', 'certificates earned at the unit that are in force, by the month in which they end')]


def count_anew(apps, schema_editor):
    """Of now by tick; until then figures are read from the rows. Past days for whoever asks next."""
    for model in ("CountRow", "UnitCount", "DayRow", "DayCount"):
        apps.get_model("reports", model).objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0015_answers_beforehand'),
    ]

    operations = [
        migrations.AddField(
            model_name='countrow',
            name='finals',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12),
        ),
        migrations.AddField(
            model_name='countrow',
            name='risers',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='dayrow',
            name='finals',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12),
        ),
        migrations.AddField(
            model_name='dayrow',
            name='risers',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='countrow',
            name='kind',
            field=models.CharField(choices=KINDS, max_length=1),
        ),
        migrations.AlterField(
            model_name='dayrow',
            name='kind',
            field=models.CharField(choices=KINDS, max_length=1),
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
