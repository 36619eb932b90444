from django.db import migrations

from foundation.searching import indexed_for_search


class Migration(migrations.Migration):
    dependencies = [("certificates", "0009_in_force_index"), ("organisation", "0005_search_by_name")]
    operations = [
        indexed_for_search("certificates_certificate", "holder_name"),
        indexed_for_search("certificates_certificate", "number"),
    ]
