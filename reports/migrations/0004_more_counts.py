import django.db.models.deletion
from django.db import migrations, models


def count_anew(apps, schema_editor):
    """What was counted knows nothing of Quick Wins and JP; a unit without a count is read from its rows until tick comes."""
    apps.get_model("reports", "CountRow").objects.all().delete()
    apps.get_model("reports", "UnitCount").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0002_indicators'),
        ('reports', '0003_period_reports'),
    ]

    operations = [
        migrations.RunPython(count_anew, migrations.RunPython.noop),
        migrations.AddField(
            model_name='countrow',
            name='activity',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.activity'),
        ),
        migrations.AddField(
            model_name='countrow',
            name='period',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.period'),
        ),
        migrations.AddField(
            model_name='unitcount',
            name='zone',
            field=models.CharField(choices=[('Asia/Jakarta', 'WIB'), ('Asia/Makassar', 'WITA'), ('Asia/Jayapura', 'WIT')], default='', max_length=20),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='countrow',
            name='kind',
            field=models.CharField(choices=[('c', 'per course'), ('f', 'per service function, everybody at each of theirs'), ('o', 'officers by the earliest of their dates'), ('d', 'done on a day of the last weeks'), ('r', 'officers whom a Quick Wins period, or an activity of it, asked; grades of what was done in time'), ('k', 'counters that it reached: complete (done) or not'), ('j', 'officers by whether they reached the JP of the year, with the sum of what they have')], max_length=1),
        ),
        migrations.AlterField(
            model_name='countrow',
            name='state',
            field=models.CharField(choices=[('d', 'done'), ('l', 'late when it was counted, so ever since'), ('o', 'late from ``due_at`` on; never, where there is none'), ('n', 'nothing is asked for')], max_length=1),
        ),
    ]
