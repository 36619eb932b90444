"""The registrar begins a series, sets numbers aside, cancels them and types those that come from the letter book."""

import pytest

from certificates import invariants, services
from certificates.exceptions import NumberRefused
from certificates.models import Certificate, CertificateState, NumberSeries
from foundation.models import AuditEvent, OutboxEntry
from organisation.models import Role
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued, staff
from tests.factories.organisation import UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
SERIES = "/sdm/sertifikat/nomor/"


@pytest.fixture
def polres():
    return UnitFactory(name="Polres Nomor")


@pytest.fixture
def sdm(polres):
    return staff(Role.SDM, polres)


def begun(polres, sdm, first=1, **values):
    wanted = {"kind": "Sertif", "year": 2026, "reason": "Meneruskan buku kertas"}
    return services.begin_series(unit=polres, first=first, actor=sdm, at=NOON, **wanted | values)


def reserved(series, sdm, **values):
    wanted = {"count": 1, "reason": "Sertifikat kertas"}
    return services.reserve(series=series, actor=sdm, at=NOON, **wanted | values)


def given(certificate, sdm, sequence):
    return services.give_number(certificate=certificate, sequence=sequence, reason="Agenda Sium", actor=sdm, at=NOON)


def waiting(polres) -> Certificate:
    if not polres.letterheads.exists():
        UnitLetterheadFactory(unit=polres, numbered_by_hand=True)
    return issued(unit=polres)


def test_a_series_goes_on_where_the_paper_register_stopped(polres, sdm):
    begun(polres, sdm, 131)

    assert issued(unit=polres).sequence == 131
    assert invariants.each_number_is_used_once() == []


def test_a_running_series_is_not_begun_again(polres, sdm):
    issued(unit=polres)

    with pytest.raises(NumberRefused, match="sudah berjalan sampai nomor 1"):
        begun(polres, sdm, 50)


def test_reserved_numbers_are_passed_over(polres, sdm):
    series = issued(unit=polres).series

    assert reserved(series, sdm, count=2) == [2, 3]
    reserved(series, sdm, first=5)

    assert [issued(unit=polres).sequence for _one in range(3)] == [4, 6, 7]
    assert invariants.each_number_is_used_once() == []


def test_a_number_is_not_reserved_twice_nor_once_used(polres, sdm):
    series = issued(unit=polres).series
    reserved(series, sdm, first=9)

    for first in (1, 9):
        with pytest.raises(NumberRefused, match=f": {first}\\."):
            reserved(series, sdm, first=first)


@pytest.mark.both_databases
def test_a_cancelled_number_is_never_used(polres, sdm):
    UnitLetterheadFactory(unit=polres, numbered_by_hand=True)
    certificate = issued(unit=polres)
    number = reserved(certificate.series, sdm)[0]

    services.cancel_number(series=certificate.series, sequence=number, reason="Rusak", actor=sdm, at=NOON)

    with pytest.raises(NumberRefused, match="sudah dibatalkan"):
        given(certificate, sdm, number)
    with pytest.raises(NumberRefused, match="sudah dibatalkan"):
        services.cancel_number(series=certificate.series, sequence=number, reason="Lagi", actor=sdm, at=NOON)


def test_a_used_number_is_not_cancelled(polres, sdm):
    series = issued(unit=polres).series

    with pytest.raises(NumberRefused, match="cabut sertifikatnya"):
        services.cancel_number(series=series, sequence=1, reason="Salah", actor=sdm, at=NOON)
    with pytest.raises(NumberRefused, match="tidak dipesan"):
        services.cancel_number(series=series, sequence=2, reason="Salah", actor=sdm, at=NOON)


def test_a_certificate_waits_for_the_number_from_the_letter_book_and_is_then_printed(polres, sdm):
    certificate = waiting(polres)
    assert certificate.state_at(NOON) == CertificateState.NUMBERLESS
    assert (certificate.number, certificate.sequence) == ("", None)
    assert not OutboxEntry.objects.exists()

    certificate = given(certificate, sdm, 554)

    assert certificate.number == "Sertif/554/XI/DIK.2.6./2026"
    assert certificate.wording["back_note"].endswith("nomor Sertif/554/XI/DIK.2.6./2026.")
    assert OutboxEntry.objects.get().payload == {"certificate": certificate.pk}
    assert AuditEvent.objects.get(verb="number.given").detail["reason"] == "Agenda Sium"


def test_a_number_is_given_once_only(polres, sdm):
    one, two = waiting(polres), waiting(polres)
    given(one, sdm, 7)

    with pytest.raises(NumberRefused, match="sudah dipakai"):
        given(two, sdm, 7)
    with pytest.raises(NumberRefused, match="sudah bernomor"):
        given(one, sdm, 8)


def test_a_number_of_the_running_series_needs_a_reservation(polres, sdm):
    UnitLetterheadFactory(unit=polres)
    issued(unit=polres)
    polres.letterheads.update(numbered_by_hand=True)
    certificate = issued(unit=polres)

    for sequence in (2, 40):
        with pytest.raises(NumberRefused, match="seri yang berjalan"):
            given(certificate, sdm, sequence)
    number = reserved(certificate.series, sdm)[0]

    assert given(certificate, sdm, number).sequence == 2


def test_numbers_typed_by_hand_are_passed_over_once_the_series_runs_by_itself(polres, sdm):
    given(waiting(polres), sdm, 2)
    polres.letterheads.update(numbered_by_hand=False)

    assert [issued(unit=polres).sequence for _one in range(2)] == [1, 3]
    assert invariants.each_number_is_used_once() == []


def test_another_units_registrar_is_refused(polres, sdm):
    certificate, stranger = waiting(polres), staff(Role.SDM, UnitFactory())

    for act in (
        lambda: begun(polres, stranger),
        lambda: reserved(certificate.series, stranger),
        lambda: given(certificate, stranger, 1),
    ):
        with pytest.raises(NumberRefused, match="di luar kewenangan"):
            act()


def test_a_reason_is_asked_for(polres, sdm):
    with pytest.raises(NumberRefused, match="alasan"):
        begun(polres, sdm, reason=" ")


@pytest.mark.both_databases
def test_the_registrar_does_it_all_on_the_pages(client, polres, sdm):
    certificate = waiting(polres)
    sign_in(client, sdm)
    book = f"{SERIES}{certificate.series_id}/"

    assert "1 sertifikat menunggu nomor" in client.get(book).content.decode()
    client.post(f"{book}pesan/", {"jumlah": 2, "pertama": 10, "alasan": "Kertas"})
    client.post(f"{book}batal/", {"nomor": 11, "alasan": "Rusak"})
    address = f"/sdm/sertifikat/{certificate.shown_id}/beri-nomor/"
    refused = client.post(address, {"urut": 11, "alasan": "Agenda"})
    assert "sudah dibatalkan" in refused.content.decode()
    client.post(address, {"urut": 10, "alasan": "Agenda"})

    text = client.get(book).content.decode()
    assert "Sertif/10/XI/DIK.2.6./2026" in text
    assert "Belum berjalan, mulai dari 1: 1 terpakai, 0 dipesan, 1 dibatalkan" in text
    client.post(
        f"{SERIES}mulai/",
        {"satuan": polres.pk, "jenis": "Sertif", "tahun": 2027, "pertama": 31, "alasan": "Buku kertas"},
    )
    assert NumberSeries.objects.get(year=2027).first_number == 31
    assert "Polres Nomor" in client.get(SERIES).content.decode()
