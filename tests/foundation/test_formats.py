"""What is written the Indonesian way, whatever locale is active."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from foundation import formats
from foundation.templatetags.components import breakable

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
LATE_EVENING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
SATURDAY = date(2026, 11, 21)


def test_a_date_is_written_with_indonesian_names_even_when_english_is_active():
    with translation.override("en"):
        assert formats.date_long(SATURDAY) == "Sabtu, 21 November 2026"
        assert formats.date_medium(date(2027, 5, 1)) == "1 Mei 2027"
        assert formats.date_short(SATURDAY) == "21/11/2026"
        assert formats.month_year(date(2026, 8, 17)) == "Agustus 2026"


def test_a_moment_falls_on_the_day_of_the_units_zone():
    assert formats.datetime_zone(LATE_EVENING, WIT) == "21 November 2026 08.00 WIT"
    assert formats.datetime_zone(LATE_EVENING, WITA) == "21 November 2026 07.00 WITA"
    assert formats.datetime_long(LATE_EVENING, WIB) == "Sabtu, 21 November 2026 pukul 06.00 WIB"
    assert formats.date_medium(LATE_EVENING - timedelta(hours=8), WIB) == "20 November 2026"
    assert formats.date_medium(LATE_EVENING - timedelta(hours=8), WIT) == "21 November 2026"


@pytest.mark.parametrize("write", [formats.date_long, formats.date_short, formats.roman_month])
def test_a_moment_without_a_zone_is_refused_rather_than_guessed(write):
    with pytest.raises(ValueError, match="zone"):
        write(LATE_EVENING)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="naive"):
        formats.time_zone(datetime(2026, 1, 1), WIB)


def test_a_zone_abroad_has_no_label():
    with pytest.raises(ValueError, match="Indonesia"):
        formats.zone_label("Europe/Berlin")


def test_roman_months_run_from_one_to_twelve():
    assert [formats.roman_month(date(2026, month, 1)) for month in (1, 4, 9, 11, 12)] == ["I", "IV", "IX", "XI", "XII"]


def test_ranges_write_what_both_ends_share_only_once():
    assert formats.time_range(LATE_EVENING, LATE_EVENING + timedelta(minutes=150), WIB) == "06.00–08.30 WIB"
    assert formats.date_range(SATURDAY, SATURDAY) == "21 November 2026"
    assert formats.date_range(date(2026, 11, 20), SATURDAY) == "20–21 November 2026"
    assert formats.date_range(date(2026, 11, 30), date(2026, 12, 2)) == "30 November – 2 Desember 2026"
    assert formats.date_range(date(2026, 12, 30), date(2027, 1, 2)) == "30 Desember 2026 – 2 Januari 2027"
    assert formats.date_range(date(2026, 11, 20), SATURDAY, in_document=True) == "20 s.d. 21 November 2026"


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (timedelta(days=7), "7 hari lagi"),
        (timedelta(days=1), "besok"),
        (timedelta(hours=1), "hari ini"),
        (timedelta(hours=-1), "lewat hari ini"),
        (timedelta(days=-2), "lewat 2 hari"),
        (timedelta(days=1200), "1.200 hari lagi"),
    ],
)
def test_days_left_are_said_as_an_officer_says_them(due, text):
    noon = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)

    assert formats.days_left(noon + due, at=noon, zone=WIB) == text


def test_days_left_count_calendar_days_of_the_zone_not_hours():
    before_midnight_in_jakarta = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    one_hour_later = before_midnight_in_jakarta + timedelta(hours=1)

    assert formats.days_left(one_hour_later, at=before_midnight_in_jakarta, zone=WIB) == "besok"
    assert formats.days_left(one_hour_later, at=before_midnight_in_jakarta, zone=WIT) == "hari ini"


@pytest.mark.parametrize(
    ("hour", "part"), [(0, "pagi"), (10, "pagi"), (11, "siang"), (14, "siang"), (15, "sore"), (18, "malam")]
)
def test_the_greeting_follows_the_clock_of_the_unit(hour, part):
    at = datetime(2026, 11, 21, hour, 59, tzinfo=UTC) - timedelta(hours=9)

    assert formats.greeting(at, WIT) == f"Selamat {part}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567.8, "1.234.567,8"),
        (1234.5, "1.234,5"),
        (Decimal("70.00"), "70"),
        (Decimal("1E+3"), "1.000"),
        (0, "0"),
        (-0.0, "0"),
        (-1500, "-1.500"),
        (20000, "20.000"),
    ],
)
def test_numbers_have_points_for_thousands_and_a_comma_for_decimals(value, text):
    assert formats.number(value) == text


def test_a_number_can_be_given_a_fixed_count_of_decimals():
    assert formats.number(2.345, 2) == "2,35"
    assert formats.number(2, 1) == "2,0"


def test_money_is_written_without_empty_cents():
    assert formats.rupiah(30000) == "Rp30.000"
    assert formats.rupiah(Decimal("30000.50")) == "Rp30.000,50"
    assert formats.rupiah(-2000) == "-Rp2.000"


def test_a_percentage_never_claims_more_than_was_reached():
    assert formats.percent(87.5) == "87,5%"
    assert formats.percent(100) == "100%"
    assert formats.percent(Decimal("99.96")) == "99,9%"
    assert formats.percent(Decimal("66.67"), 2) == "66,67%"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (48_200, "48 KB"),
        (999_499, "999 KB"),
        (999_500, "1 MB"),
        (1_240_000, "1,2 MB"),
        (2_500_000_000, "2,5 GB"),
    ],
)
def test_file_sizes_are_short(size, text):
    assert formats.byte_size(size) == text


def test_minutes_become_hours():
    assert [formats.minutes_text(m) for m in (0, 45, 120, 90)] == ["0 menit", "45 menit", "2 jam", "1 jam 30 menit"]


def test_templates_use_the_same_words_and_show_nothing_for_nothing():
    template = Template(
        "{% load formats %}{{ day|date_long }}|{{ moment|time_zone:zone }}|{{ grade|percent }}|{{ grade|number:2 }}|"
        "{{ missing|date_medium }}{{ none|number }}|{% days_left moment at zone %}|{% greeting at zone %}|"
        "{% time_range moment at zone %}|{% date_range day day %}"
    )

    with translation.override("en"):
        text = template.render(
            Context(
                {
                    "day": SATURDAY,
                    "moment": LATE_EVENING,
                    "zone": WIT,
                    "grade": 87.5,
                    "none": None,
                    "at": LATE_EVENING + timedelta(hours=1),
                }
            )
        )

    assert text == (
        "Sabtu, 21 November 2026|08.00 WIT|87,5%|87,50||lewat hari ini|Selamat pagi|08.00–09.00 WIT|21 November 2026"
    )


def test_a_number_breaks_behind_its_slashes_and_stays_text():
    assert breakable("Koreksi Sertif/1/<b>") == "Koreksi Sertif/<wbr>1/<wbr>&lt;b&gt;"
