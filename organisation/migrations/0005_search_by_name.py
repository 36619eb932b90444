from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from foundation.searching import indexed_for_search


class Migration(migrations.Migration):
    dependencies = [("organisation", "0004_deputies")]
    operations = [TrigramExtension(), indexed_for_search("organisation_officer", "name")]
