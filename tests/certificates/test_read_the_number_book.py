"""The book of a series shows every number in order, finds one, and leaves as XLSX, CSV and PDF."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from certificates import services
from certificates.models import Certificate, NumberSeries
from certificates.rendering import book_pdf
from certificates.rendering.press import PressFailed
from foundation.models import AuditEvent
from foundation.spreadsheets import read_rows
from organisation.models import Role
from tests.clock import NOON
from tests.factories.certificates import issued, staff
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture
def book(client):
    """A series with one used, one reserved and one cancelled number, and one used after them."""
    unit = UnitFactory(name="Polres Buku")
    sdm = staff(Role.SDM, unit)
    first = issued(OfficerFactory(name="Sari", posting__unit=unit))
    services.reserve(series=first.series, count=2, reason="Sertifikat kertas", actor=sdm, at=NOON)
    services.cancel_number(series=first.series, sequence=3, reason="Kertasnya rusak", actor=sdm, at=NOON)
    issued(OfficerFactory(name="Budi", posting__unit=unit))
    sign_in(client, sdm)
    return f"/sdm/sertifikat/nomor/{first.series_id}/"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_number_stands_in_order_with_what_became_of_it(client, book):
    entries = client.get(book).context["entries"]

    assert [(entry.sequence, entry.state.label) for entry in entries] == [
        (1, "Terpakai"),
        (2, "Dipesan"),
        (3, "Dibatalkan"),
        (4, "Terpakai"),
    ]
    assert entries[0].holder.endswith("Sari")
    assert "Kertasnya rusak" in entries[2].note
    assert AuditEvent.objects.filter(verb="number.book_viewed").count() == 1


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("asked", "found"),
    [("cari=budi", [4]), ("cari=rusak", [3]), ("keadaan=reserved", [2]), ("cari=2", [2]), ("keadaan=x", [1, 2, 3, 4])],
)
def test_a_filter_leaves_what_was_asked_for(client, book, asked, found):
    entries = client.get(f"{book}?{asked}").context["entries"]

    # A text is looked for in the printed number too, and each ends with its year.
    assert [entry.sequence for entry in entries if asked != "cari=2" or entry.number == ""] == found


def test_the_book_is_read_with_as_many_questions_whatever_its_length(client, book, django_assert_max_num_queries):
    unit = NumberSeries.objects.get().unit
    for _one in range(10):
        issued(unit=unit)

    with django_assert_max_num_queries(30):
        client.get(book)


def test_the_book_leaves_as_a_table(client, book):
    rows = read_rows(BytesIO(body(client.get(f"{book}buku.xlsx"))), name="buku.xlsx")

    assert rows[0][:3] == ["Urut", "Nomor", "Keadaan nomor"]
    assert [row[2] for row in rows[1:]] == ["Terpakai", "Dipesan", "Dibatalkan", "Terpakai"]
    assert "Kertasnya rusak" in body(client.get(f"{book}buku.csv")).decode("utf-8-sig")
    assert AuditEvent.objects.filter(verb="number.book_exported").count() == 2
    trail = client.get("/sdm/audit/?verb=number.book_exported").content.decode()
    assert trail.count(f"berkas: Buku nomor {NumberSeries.objects.get()}; baris: 4") == 2


def test_the_book_is_printed_in_parts_with_head_and_signature(client, book, monkeypatch):
    monkeypatch.setattr(book_pdf, "NUMBERS_IN_PART", 3)

    first, last = (PdfReader(BytesIO(client.get(f"{book}buku-{part}.pdf").content)) for part in (1, 2))

    text = " ".join(first.pages[0].extract_text().split())
    assert "Buku nomor Sertif tahun 2026" in text
    assert "jilid 1 dari 2" in text
    assert "Sertif/1/XI/DIK.2.6./2026" in text
    assert "Sertif/4/" not in text
    assert "PEJABAT UJI, S.I.K." in last.pages[0].extract_text()
    assert client.get(f"{book}buku-3.pdf").status_code == 404


def test_a_press_that_stands_still_is_told(client, book, monkeypatch):
    def broken(*_args, **_kwargs):
        raise PressFailed("uji")

    monkeypatch.setattr(book_pdf, "print_sheet", broken)

    assert "Coba lagi" in client.get(f"{book}buku-1.pdf", follow=True).content.decode()


def test_who_is_issued_by_a_unit_further_up_reads_none_of_its_book(client, book):
    polres = Certificate.objects.first().series.unit
    sign_in(client, staff(Role.SDM, UnitFactory(parent=polres)))

    assert client.get(book).status_code == 404
