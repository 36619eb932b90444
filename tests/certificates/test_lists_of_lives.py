"""What ends next quarter, what ended and by whom, and the life of one certificate: on the page and as files."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from openpyxl import load_workbook

from certificates import lists
from certificates.models import Certificate
from certificates.services import tell_expiring
from certificates.timeline import timeline
from enrolments.models import Message
from organisation.models import Role, Zone
from tests.certificates.test_correct_and_reissue import ask_correction
from tests.clock import NOON
from tests.factories.certificates import decided, issued, revoked, staff
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=3)


@pytest.fixture
def unit():
    return UnitFactory()


def ending(unit, ends, *, officer=None, course=None, name="Andi") -> Certificate:
    officer = officer or OfficerFactory(name=name, posting__unit=unit)
    certificate = issued(officer, course=course, rendered=True)
    Certificate.objects.filter(pk=certificate.pk).update(expires_at=ends)
    certificate.refresh_from_db()
    return certificate


def renewed(certificate) -> Certificate:
    """The next round of the same course, finished later."""
    course = certificate.completion.course
    EnrolmentFactory(officer=certificate.officer, course=course, cycle=2, started_at=NOON)
    completion = completed_again(certificate.officer, course)
    return Certificate.objects.get(completion=completion)


def completed_again(officer, course):
    from enrolments.models import CourseCompletion, Enrolment
    from enrolments.services import complete_item

    enrolment = Enrolment.objects.get(officer=officer, course=course, cycle=2)
    for entry in course.current_version.version_items.select_related("item"):
        complete_item(
            enrolment=enrolment,
            item=entry.item,
            evidence=None,
            grade=90 if entry.decides_grade else None,
            at=LATER,
        )
    return CourseCompletion.objects.get(enrolment=enrolment)


@pytest.fixture
def looking(client, unit):
    def look(address, role=Role.SDM):
        sign_in(client, staff(role, unit))
        with time_machine.travel(NOON, tick=False):
            return client.get(f"/sdm/sertifikat/{address}")

    return look


# --- what ends when -------------------------------------------------------------


def test_the_next_quarter_is_the_calendars_on_the_clock_of_the_unit():
    starts, ends = lists.quarter(1, at=NOON, zone=Zone.WIT)

    assert (starts.isoformat(), ends.isoformat()) == ("2027-01-01T00:00:00+09:00", "2027-04-01T00:00:00+09:00")
    assert lists.quarter_words(0, at=NOON, zone=Zone.WIB) == "1 Oktober – 31 Desember 2026"


def test_the_page_lists_what_ends_next_quarter_and_says_what_is_renewed(looking, unit):
    february, december = datetime(2027, 2, 10, tzinfo=UTC), datetime(2026, 12, 10, tzinfo=UTC)
    ending(unit, february, name="Februari")
    ending(unit, december, name="Akhirtahun")
    done = ending(unit, february, name="Sudah", course=published_course())
    renewed(done)

    page = looking("berakhir/").content.decode()
    assert "Februari" in page
    assert "Akhirtahun" not in page
    assert "Sudah diperbarui" in page
    assert "Belum diperbarui" in page
    assert "Akhirtahun" in looking("berakhir/?masa=ini").content.decode()


def test_revoked_and_foreign_ones_do_not_end_again(looking, unit):
    february = datetime(2027, 2, 10, tzinfo=UTC)
    revoked(ending(unit, february, name="Dicabut"))
    ending(UnitFactory(), february, name="Tetangga")

    page = looking("berakhir/").content.decode()

    assert "Tidak ada yang berakhir" in page


def test_the_page_asks_as_often_for_one_as_for_many(looking, unit, django_assert_max_num_queries):
    for number in range(8):
        ending(unit, datetime(2027, 2, 10, tzinfo=UTC), name=f"Orang {number}")

    # Session and roles, units of the filter, courses of the filter, count, rows, audit; whoever signs in before it.
    with django_assert_max_num_queries(40):
        looking("berakhir/")


def rows_of(answer) -> list:
    return [list(row) for row in load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0].values]


def test_what_ends_is_a_file(looking, unit):
    certificate = ending(unit, datetime(2027, 2, 10, tzinfo=UTC))

    header, row = rows_of(looking("berakhir/ekspor.xlsx"))
    assert (row[0], row[4]) == (certificate.number, certificate.holder_number)
    assert row[header.index("Sudah diperbarui")] == "Belum"
    assert certificate.number in b"".join(looking("berakhir/ekspor.csv").streaming_content).decode()
    assert looking("berakhir/ekspor.exe").status_code == 404


# --- what ended, and by whom ------------------------------------------------------


def test_the_page_says_what_was_revoked_why_on_which_paper_and_by_whom(looking, unit):
    certificate = issued(unit=unit)
    revoked(certificate, reason="Pos-tes dikerjakan joki.")
    other = issued(unit=unit)
    decided(ask_correction(other), unit, at=LATER)

    page = looking("dicabut/", Role.HEAD).content.decode()

    assert "2 sertifikat dicabut atau diganti" in page
    assert "Pos-tes dikerjakan joki." in page
    assert "B/ND-61/XI/2026" in page
    assert "disetujui" in page
    assert Certificate.objects.get(replaces=other).number in page
    only = looking("dicabut/?putusan=revoked").content.decode()
    assert "1 sertifikat" in only
    assert "joki" in only


def test_what_ended_is_a_file_with_both_names(looking, unit):
    certificate = issued(unit=unit)
    revoked(certificate)
    ruling = certificate.rulings.get()

    _header, row = rows_of(looking("dicabut/ekspor.xlsx"))

    assert row[0] == certificate.number
    assert row[7] == "Dicabut"
    assert row[11:13] == [ruling.asked_by_name, ruling.approved_by.name]


def test_what_another_unit_revoked_is_not_seen(looking):
    revoked(issued())

    assert "Belum ada yang dicabut" in looking("dicabut/").content.decode()


# --- the life of one ----------------------------------------------------------------


def test_the_life_of_a_certificate_is_told_in_order(unit):
    certificate = ending(unit, NOON + 60 * DAY)
    newer = renewed(certificate)
    decided(ask_correction(certificate), unit, at=LATER)
    certificate = Certificate.objects.get(pk=certificate.pk)

    steps = timeline(certificate, at=NOON + 61 * DAY)

    titles = [step.title for step in steps]
    assert titles[:2] == ["Pelatihan selesai", "Diterbitkan"]
    for title in (
        "Berkas dibuat",
        "Koreksi diminta",
        "Koreksi disetujui",
        "Diganti",
        "Diperbarui",
        "Masa berlaku berakhir",
    ):
        assert title in titles
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert next(step for step in steps if step.title == "Diperbarui").text == newer.number


def test_the_download_by_somebody_else_is_part_of_the_life(client, unit, looking):
    certificate = ending(unit, None)
    sign_in(client, staff(Role.HEAD, unit))
    client.get(f"/sertifikat/{certificate.shown_id}.pdf")

    assert "Berkas diunduh orang lain" in looking(f"{certificate.shown_id}/").content.decode()


def test_the_life_of_one_is_a_file(looking, unit):
    certificate = issued(unit=unit)
    revoked(certificate)

    rows = rows_of(looking(f"{certificate.shown_id}/riwayat.xlsx"))

    assert rows[0] == ["Waktu", "Peristiwa", "Keterangan", "Oleh"]
    assert "Dicabut" in [row[1] for row in rows]
    assert "Pencabutan disetujui" in b"".join(looking(f"{certificate.shown_id}/riwayat.csv").streaming_content).decode()


def test_a_long_life_asks_no_more_than_a_short_one(unit, django_assert_num_queries):
    certificate = issued(unit=unit, rendered=True)
    revoked(certificate)
    certificate = (
        Certificate.objects.for_verification()
        .select_related("completion__recognition", "mailing__asked_by", "mailing__file")
        .get(pk=certificate.pk)
    )

    # Requests with their decisions; downloads; what renewed it.
    with django_assert_num_queries(3):
        timeline(certificate, at=LATER)


# --- expiry -----------------------------------------------------------------------


def told() -> list[str]:
    return list(Message.objects.filter(kind="certificate_ends").order_by("pk").values_list("title", flat=True))


def test_the_officer_is_told_thirty_days_before_and_when_it_has_ended(unit):
    ending(unit, NOON + 35 * DAY)
    tell_expiring(at=NOON)
    assert told() == []

    for day in range(1, 40):
        tell_expiring(at=NOON + day * DAY)
        tell_expiring(at=NOON + day * DAY)

    first, second = told()
    assert "hari lagi" in first
    assert "sudah berakhir" in second


def test_who_has_renewed_it_is_left_in_peace(unit):
    certificate = ending(unit, NOON + 35 * DAY)
    tell_expiring(at=NOON)
    renewed(certificate)

    tell_expiring(at=NOON + 10 * DAY)

    assert told() == []


def test_the_owner_sees_that_it_was_renewed_or_is_over(client, unit):
    certificate = ending(unit, NOON - DAY)
    sign_in(client, certificate.officer.user)
    assert "Masa berlakunya sudah berakhir" in client.get("/sertifikat/").content.decode()

    renewed(certificate)

    page = client.get("/sertifikat/").content.decode()
    assert "Sudah diperbarui" in page
    assert "Masa berlakunya sudah berakhir" not in page


def test_the_owner_reads_why_it_was_revoked(client, unit):
    certificate = issued(unit=unit)
    revoked(certificate, reason="Dikerjakan orang lain.")
    sign_in(client, certificate.officer.user)

    assert "Dikerjakan orang lain." in client.get("/sertifikat/").content.decode()


def test_the_public_page_says_that_a_newer_one_stands(client, unit):
    certificate = ending(unit, NOON - DAY)
    newer = renewed(certificate)

    page = client.get(f"/verifikasi/{certificate.shown_id}/").content.decode()

    assert "Kedaluwarsa" in page
    assert newer.number in page
    assert newer.shown_id in page
