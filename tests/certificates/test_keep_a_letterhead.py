"""SDM fills in heading, signer and crest; what was issued before stays as it was printed."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import storages
from PIL import Image

from certificates import services
from certificates.crests import clean_crest
from certificates.exceptions import LetterheadRefused
from certificates.models import CertificateState, UnitLetterhead
from foundation.models import OutboxEntry
from organisation.models import Role, UnitLevel
from tests.clock import NOON
from tests.factories.certificates import UnitLetterheadFactory, issued, picture, staff
from tests.factories.organisation import UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
VALUES = {
    "heading": "KEPOLISIAN NEGARA REPUBLIK INDONESIA\nDAERAH UJI",
    "place": "Uji",
    "on_behalf_of": "",
    "signer_post": "KAPOLRES UJI",
    "signer_name": "KEPALA UJI, S.H.",
    "signer_rank": "AJUN KOMISARIS BESAR POLISI",
    "signer_number": "79010001",
    "number_kind": "Sertif",
    "archive_code": "DIK.2.6.",
    "function_code": "",
    "via_post": "",
    "signer_capacity": "",
    "number_pattern": "{jenis}/{urut}/{bulan_romawi}/{kka}/{tahun}[/{satfung}]",
}


def sdm_of(unit):
    return staff(Role.SDM, unit)


def save(unit, *, crest=None, at=NOON, actor=None, **values):
    return services.save_letterhead(unit=unit, values=VALUES | values, crest=crest, actor=actor or sdm_of(unit), at=at)


def test_a_change_closes_the_old_letterhead_and_keeps_what_was_printed(django_capture_on_commit_callbacks):
    unit = UnitFactory()
    first = issued(unit=unit)

    save(unit, at=NOON + timedelta(hours=1))
    second = issued(unit=unit, at=NOON + timedelta(hours=2))
    first.refresh_from_db()

    assert (first.signer_name, second.signer_name) == ("PEJABAT UJI, S.I.K.", "KEPALA UJI, S.H.")
    assert UnitLetterhead.objects.filter(unit=unit).count() == 2
    assert second.sequence == 2


def test_certificates_that_waited_are_headed_and_queued_with_their_numbers():
    polres = UnitFactory(level=UnitLevel.RESORT)
    polsek = UnitFactory(parent=polres, level=UnitLevel.SECTOR)
    waiting = issued(unit=polsek, letterhead=False)
    elsewhere = issued(unit=UnitFactory(), letterhead=False)
    number = waiting.number

    save(polres, at=NOON + timedelta(hours=1))
    waiting.refresh_from_db()
    elsewhere.refresh_from_db()

    assert waiting.state_at(NOON) == CertificateState.QUEUED
    assert (waiting.number, waiting.signer_post) == (number, "KAPOLRES UJI")
    assert elsewhere.state_at(NOON) == CertificateState.WAITING
    assert [entry.payload for entry in OutboxEntry.objects.all()] == [{"certificate": waiting.pk}]


def test_a_unit_outside_the_grant_is_refused():
    with pytest.raises(LetterheadRefused):
        save(UnitFactory(), actor=sdm_of(UnitFactory()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_crest_is_stored_anew_without_what_hid_in_the_file(kind):
    exif = Image.Exif()
    exif[0x010E] = "rahasia di dalam foto"

    letterhead = save(UnitFactory(), crest=picture(kind, exif=exif.tobytes()))

    with storages["private"].open(letterhead.crest.name) as file:
        content = file.read()
    assert b"rahasia" not in content
    assert Image.open(BytesIO(content)).format == "PNG"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\0" * 40,
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        b"",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture(size=(4001, 1)),
        picture() + b"\0" * (2 * 1024 * 1024),
    ],
    ids=["svg", "html", "gif head", "pdf", "broken png", "empty", "gif", "bmp", "tiff", "wide", "heavy"],
)
def test_what_is_no_small_picture_is_refused(content):
    with pytest.raises(LetterheadRefused):
        clean_crest(content)


def test_an_old_crest_stays_until_another_is_given_or_it_is_dropped():
    unit = UnitFactory()
    with_crest = save(unit, crest=picture())

    kept = save(unit, at=NOON + timedelta(hours=1))
    dropped = services.save_letterhead(
        unit=unit, values=VALUES, crest=None, drop_crest=True, actor=sdm_of(unit), at=NOON + timedelta(hours=2)
    )

    assert kept.crest.name == with_crest.crest.name
    assert not dropped.crest


def test_sdm_sees_whose_letterhead_each_unit_uses(client):
    polres = UnitFactory(name="Polres Kop")
    polsek = UnitFactory(name="Polsek Kop", parent=polres, level=UnitLevel.SECTOR)
    UnitLetterheadFactory(unit=polres)
    sign_in(client, sdm_of(polres))

    text = client.get("/sdm/sertifikat/kop/").content.decode()

    assert "dari Polres Kop" in text
    assert polsek.name in text


def test_the_form_previews_without_storing_and_then_stores(client, settings):
    unit = UnitFactory()
    sign_in(client, sdm_of(unit))

    preview = client.post(f"/sdm/sertifikat/kop/{unit.pk}/", VALUES | {"pratinjau": "1"})
    assert 'src="data:image/png;base64,' in preview.content.decode()
    assert not UnitLetterhead.objects.exists()

    client.post(f"/sdm/sertifikat/kop/{unit.pk}/", VALUES | {"tanpa_lambang": ""})
    assert UnitLetterhead.objects.get().signer_name == "KEPALA UJI, S.H."


def test_a_heading_that_is_too_long_is_refused_beside_its_field(client):
    unit = UnitFactory()
    sign_in(client, sdm_of(unit))

    answer = client.post(f"/sdm/sertifikat/kop/{unit.pk}/", VALUES | {"heading": "X" * 42})

    assert "paling panjang 41" in answer.content.decode()
    assert not UnitLetterhead.objects.exists()


def test_a_deputys_letterhead_ends_by_itself_and_the_one_before_comes_back():
    unit = UnitFactory()
    sdm = sdm_of(unit)
    save(unit, actor=sdm)
    week = NOON + timedelta(days=7)

    services.save_letterhead(
        unit=unit,
        values=VALUES | {"signer_capacity": "Plh.", "signer_name": "WAKIL UJI"},
        crest=None,
        until=week,
        actor=sdm,
        at=NOON + timedelta(hours=1),
    )

    during, after = issued(unit=unit, at=NOON + timedelta(days=1)), issued(unit=unit, at=week)
    assert (during.signer_capacity, during.signer_name) == ("Plh.", "WAKIL UJI")
    assert (after.signer_capacity, after.signer_name) == ("", "KEPALA UJI, S.H.")


def test_a_new_letterhead_takes_the_place_of_what_was_planned():
    unit = UnitFactory()
    sdm = sdm_of(unit)
    save(unit, actor=sdm)
    week = NOON + timedelta(days=7)
    services.save_letterhead(unit=unit, values=VALUES, crest=None, until=week, actor=sdm, at=NOON + timedelta(hours=1))

    save(unit, actor=sdm, at=NOON + timedelta(hours=2), signer_name="BARU UJI")

    for at in (NOON + timedelta(hours=3), week, week + timedelta(days=400)):
        assert UnitLetterhead.nearest_to(unit, at=at).signer_name == "BARU UJI"


def test_an_end_needs_a_letterhead_to_come_back_and_lies_ahead():
    unit = UnitFactory()
    sdm = sdm_of(unit)
    values = {"unit": unit, "values": VALUES, "crest": None, "actor": sdm}

    with pytest.raises(LetterheadRefused, match="belum punya kop tetap"):
        services.save_letterhead(**values, until=NOON + timedelta(days=1), at=NOON)
    save(unit, actor=sdm)
    with pytest.raises(LetterheadRefused, match="sesudah hari ini"):
        services.save_letterhead(**values, until=NOON, at=NOON + timedelta(hours=1))


@pytest.mark.both_databases
def test_the_form_writes_capitals_and_asks_for_an_below_ub(client):
    unit = UnitFactory()
    sign_in(client, sdm_of(unit))
    address = f"/sdm/sertifikat/kop/{unit.pk}/"

    answer = client.post(address, VALUES | {"via_post": "WAKA"})
    assert "hanya ada di bawah a.n." in answer.content.decode()
    client.post(address, VALUES | {"heading": "Kepolisian Negara\nDaerah Uji", "sampai": ""})

    assert UnitLetterhead.objects.get().heading == "KEPOLISIAN NEGARA\nDAERAH UJI"
