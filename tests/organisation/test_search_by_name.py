"""Whoever looks for a part of a name in a force of 450,000 does not wait for all of them to be read."""

import pytest
from django.db import connection

from certificates.models import Certificate
from certificates.register import filtered
from organisation.models import Officer
from tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]


def plan_of(rows) -> str:
    with connection.cursor() as cursor:
        # Of a few rows PostgreSQL reads all, unless it must not.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    return rows.order_by().explain()


def test_a_part_of_a_name_is_found_by_its_pieces():
    plan = plan_of(Officer.objects.filter(name__icontains="Nugroho"))

    assert "organisation_officer_name_search" in plan


@pytest.mark.parametrize("text", ["Nugroho", "SERT/12", "85010001"])
def test_the_register_finds_a_name_a_number_and_an_nrp_without_reading_every_certificate(text):
    plan = plan_of(filtered(Certificate.objects.all(), {"cari": text}, at=NOON, zone="Asia/Jakarta"))

    assert "Seq Scan" not in plan
    assert "certificates_certificate_holder_name_search" in plan
    assert "certificates_certificate_number_search" in plan
    assert "certificate_holder_number" in plan
