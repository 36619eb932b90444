"""A page of staff is planned for what it asks, however often it was opened on a connection."""

import pytest
from django.db import connection

from organisation.models import Role
from tests.factories.organisation import RoleGrantFactory, UserFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]


def _prepared(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{table}%"])
        return cursor.fetchone()[0]


def test_no_statement_of_a_report_is_kept_while_those_of_every_page_are(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sdm = UserFactory()
    RoleGrantFactory(user=sdm, role=Role.SDM)
    sign_in(client, sdm)

    for _again in range(5):
        assert client.get("/sdm/").status_code == 200

    assert _prepared("reports_countmark") == 0
    assert _prepared("organisation_session") > 0
