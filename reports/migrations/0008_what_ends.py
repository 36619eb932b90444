from django.db import migrations, models

KINDS = [('c', 'per course'), ('f', 'per course and service function, everybody at each of theirs'), ('a', 'the same of all courses'), ('o', 'officers by the earliest of their dates'), ('d', 'done on a day of the last weeks'), ('r', 'officers whom a Quick Wins period, or an activity of it, asked; grades of what was done in time'), ('k', 'counters that it reached: complete (done) or not'), ('j', 'officers by whether they reached the JP of the year, with the sum of what they have'), ('e', 'completions that lose their validity, by the day, with all that did before the count'), ('h', 'certificates earned at the unit that are in force, by the month in which they end')]


def count_anew(apps, schema_editor):
    """A unit without a count is read from its rows until tick comes."""
    for model in ("CountRow", "UnitCount"):
        apps.get_model("reports", model).objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0007_all_courses_of_a_counter"),
    ]

    operations = [
        migrations.RunPython(count_anew, migrations.RunPython.noop),
        migrations.AlterField(model_name='countrow', name='kind', field=models.CharField(choices=KINDS, max_length=1)),
        migrations.AlterField(model_name='dayrow', name='kind', field=models.CharField(choices=KINDS, max_length=1)),
        migrations.AddIndex(model_name='countrow', index=models.Index(condition=models.Q(('kind', 'e')), fields=['day', 'unit', 'number'], name='count_row_ends')),
    ]
