"""Whoever looks for a part of a name in a force of 450,000 does not wait for all of them to be read."""

import pytest
from django.db import connection

from certificates.models import Certificate
from organisation.models import Officer

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]


@pytest.mark.parametrize(
    ("model", "column"), [(Officer, "name"), (Certificate, "holder_name"), (Certificate, "number")]
)
def test_a_search_by_a_part_of_a_name_can_be_answered_from_an_index(model, column):
    with connection.cursor() as cursor:
        # Of a few rows PostgreSQL reads all, unless it must not.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    plan = model.objects.filter(**{f"{column}__icontains": "Nugroho"}).order_by().explain()

    assert f"{model._meta.db_table}_{column}_search" in plan
