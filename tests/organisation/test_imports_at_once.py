"""Two imports of the same roster at once leave everybody once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from organisation.exceptions import OrganisationError
from organisation.imports.officers import import_officers
from organisation.models import Officer, Posting
from tests.factories.organisation import UnitFactory

HEADER = ["NRP", "Nama", "Pangkat", "Satuan"]


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_enter_everybody_once():
    UnitFactory(code="SEK")
    rows = [HEADER, *([f"8601{number:04}", f"Nama {number}", "Bripka", "SEK"] for number in range(200))]
    gate = threading.Barrier(2)
    counts, refusals = [], []

    def run():
        gate.wait()
        try:
            counts.append(import_officers(rows, actor=None, at=timezone.now()).counts)
        except OrganisationError as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _run in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not refusals
    assert sorted(count["baru"] for count in counts) == [0, 200]
    assert Officer.objects.count() == Posting.objects.filter(valid_to=None).count() == 200
