"""A list too long to be written while somebody waits is refused as XLSX, in words and with the way to the CSV."""

from datetime import UTC, datetime

import pytest
import time_machine

from certificates.models import Certificate, NumberSeries
from foundation import audit, downloads
from foundation.models import AuditEvent
from organisation.models import Role
from tests.clock import NOON
from tests.factories.certificates import issued, revoked, staff
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
FILES = {
    "/sdm/personel/unduh": "officers.exported",
    "/sdm/audit/unduh": "audit.exported",
    "/sdm/sertifikat/ekspor": "certificate.exported",
    "/sdm/sertifikat/berakhir/ekspor": "certificate.expiring_exported",
    "/sdm/sertifikat/dicabut/ekspor": "certificate.ended_exported",
    "/sdm/sertifikat/nomor/{series}/buku": "number.book_exported",
}


@pytest.fixture
def look(client, monkeypatch, settings):
    """SDM of a unit with two rows or more in every list, where one row is as much as is written at once."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    unit = UnitFactory()
    sdm = staff(Role.SDM, unit)
    for _one in range(2):
        certificate = issued(OfficerFactory(posting__unit=unit), rendered=True)
        Certificate.objects.filter(pk=certificate.pk).update(expires_at=datetime(2027, 2, 10, tzinfo=UTC))
        revoked(issued(OfficerFactory(posting__unit=unit), rendered=True))
        audit.record(verb="report.viewed", actor=sdm, at=NOON, unit_path=unit.path)
    sign_in(client, sdm)
    series = NumberSeries.objects.get().pk

    def get(address, *, most, **asked):
        monkeypatch.setattr(downloads, "XLSX_AT_ONCE", most)
        with time_machine.travel(NOON, tick=False):
            return client.get(address.format(series=series), asked)

    return get


@pytest.mark.parametrize(("address", "verb"), FILES.items())
def test_a_list_too_long_for_an_xlsx_leads_to_its_csv_and_only_a_file_is_written_down(look, address, verb):
    refused = look(f"{address}.xlsx", most=1, cari="")

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "XLSX dibuat sampai 1 baris, dan daftar ini lebih panjang. Ambil CSV" in page
    link = page.split('class="btn" href="')[1].split('"')[0]
    assert link.endswith(".csv?cari=")
    assert not AuditEvent.objects.filter(verb=verb).exists()

    lines = b"".join(look(link, most=1).streaming_content).decode().splitlines()
    assert len(lines) > 2
    assert AuditEvent.objects.filter(verb=verb).count() == 1
    assert look(f"{address}.xlsx", most=2000).status_code == 200
    assert AuditEvent.objects.filter(verb=verb).count() == 2


def test_as_many_rows_as_allowed_are_still_an_xlsx(look):
    assert look("/sdm/sertifikat/dicabut/ekspor.xlsx", most=2).status_code == 200
    assert look("/sdm/sertifikat/dicabut/ekspor.xlsx", most=1).status_code == 422
