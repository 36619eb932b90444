"""The pictures say what the numbers say, and reach a slow phone within the content policy. No database."""

import gzip
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from foundation.pictures import (
    Bar,
    HeatCell,
    HeatColumn,
    HeatRow,
    HeatTable,
    bars,
    heat_step,
    nice_top,
    percent_text,
    ring,
    segments,
    trend,
    whole_percent,
)
from foundation.style_samples import style_samples

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 6, 0), (2, 5, 40), (299, 300, 99), (5, 5, 100), (7, 5, 100), (0, 0, 0)]
)
def test_a_share_is_rounded_down_so_that_only_everything_is_100(done, total, percent):
    assert whole_percent(done, total) == percent


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        whole_percent(-1, 5)


@pytest.mark.parametrize(
    ("value", "text"),
    [(68, "68%"), (Decimal("87.5"), "87,5%"), (99.96, "99,9%"), (0, "0%"), (None, "–")],
)
def test_a_percentage_is_written_the_indonesian_way(value, text):
    assert percent_text(value) == text


def test_a_ring_is_complete_only_when_there_was_something_to_do():
    assert ring(5, 5).complete
    assert not ring(4, 5).complete
    assert not ring(0, 0).complete


@pytest.mark.parametrize(
    ("percent", "step"), [(0, 0), (19, 0), (19.9, 0), (20, 1), (59, 2), (79, 3), (80, 4), (100, 4), (None, None)]
)
def test_a_heat_cell_takes_the_tint_of_its_fifth(percent, step):
    assert heat_step(percent) == step


def test_a_cell_without_assignment_is_a_dash_and_not_zero():
    cell = HeatCell(None)

    assert (cell.text, cell.step) == ("–", "x")
    assert HeatCell(0).text == "0%"


def test_the_weakest_unit_stands_on_top_and_units_without_assignment_last():
    rows = [
        HeatRow("SPKT", [HeatCell(96), HeatCell(91)]),
        HeatRow("Satpolairud", [HeatCell(None), HeatCell(None)]),
        HeatRow("Satpas", [HeatCell(41), HeatCell(None)]),
    ]
    table = HeatTable("Selesai", [HeatColumn("Etika"), HeatColumn("Standar")], rows)

    assert [row.label for row in table.weakest_first().rows] == ["Satpas", "SPKT", "Satpolairud"]


def test_a_row_with_a_missing_cell_is_refused_instead_of_shifting_its_columns():
    table = HeatTable("Selesai", [HeatColumn("Etika"), HeatColumn("Standar")], [HeatRow("SPKT", [HeatCell(96)])])

    with pytest.raises(ValueError, match="shorter"):
        table.with_columns()


def test_a_trend_without_any_number_is_not_drawn():
    assert trend([]) is None
    assert trend([("Mei", None)]) is None


def test_an_unknown_week_breaks_the_line():
    drawn = trend([("1", 10), ("2", 20), ("3", None), ("4", 40)])

    assert [len(line.split()) for line in drawn.lines] == [2, 1]
    assert (drawn.first, drawn.last) == ("10%", "40%")


def test_a_plan_is_a_second_line_on_the_same_axis_and_breaks_where_it_is_unknown():
    drawn = trend([("1", 10), ("2", 20), ("3", 40)], plan=[None, 50, 100])

    assert len(drawn.plan) == 1
    assert [point.split(",")[0] for point in drawn.plan[0].split()] == [
        point.split(",")[0] for point in drawn.lines[0].split()[1:]
    ]
    assert drawn.plan[0].endswith(",16")
    assert drawn.plan_last == "100%"
    assert trend([("1", 10)]).plan == []


def test_a_trend_of_one_week_is_a_point_with_one_label():
    drawn = trend([("16 Nov", 68)])

    assert len(drawn.labels) == 1
    assert drawn.rows == [("16 Nov", "68%")]


def test_hours_have_an_axis_with_a_round_top_and_indonesian_figures():
    drawn = trend([("Mei", 0), ("Jun", 1284)], unit="JP")

    assert [tick.text for tick in drawn.ticks] == ["0", "1.000", "2.000"]
    assert drawn.last == "1.284 JP"


@pytest.mark.parametrize(("values", "top"), [([], 1), ([0], 1), ([68], 80), ([100], 100), ([1284], 2000)])
def test_an_axis_ends_at_a_round_figure(values, top):
    assert nice_top(values) == top


def test_a_bar_knows_whether_it_stays_below_the_target():
    low, high, unknown = bars([Bar("Satpas", 52), Bar("SPKT", 91), Bar("Satpolairud", None)], target=80)

    assert (low.below_target, high.below_target, unknown.below_target) == (True, False, False)
    assert (low.width, unknown.width, unknown.text) == ("52%", "0%", "–")


def test_the_place_in_a_course_has_one_segment_for_each_lesson():
    assert [part.reached for part in segments(2, 5)] == [True, True, False, False, False]
    assert segments(0, 0) == []


@given(st.lists(st.tuples(st.text(max_size=5), st.none() | st.floats(0, 100)), max_size=40))
def test_every_point_of_a_trend_stays_in_its_box_and_keeps_a_decimal_point(points):
    drawn = trend(points, target=80)

    for line in drawn.lines if drawn else []:
        for point in line.split():
            x, y = point.split(",")
            assert 0 <= float(x) <= drawn.width
            assert 0 <= float(y) <= drawn.height


def test_indonesian_localisation_does_not_reach_the_coordinates():
    page = Template(
        "{% load pictures %}{% ring 2 3 %}{% meter 2 3 %}{% segments 2 7 %}{% trend points target=66.5 %}"
        "{% bars rows target=66.5 %}"
    )
    html = page.render(Context({"points": [("1", 12.5), ("2", 99.9)], "rows": [Bar("Satpas", Decimal("12.5"))]}))

    drawn = re.findall(r' (?:x|y|x1|x2|y1|y2|cx|cy|width|stroke-dasharray)="([^"]*)"', html)
    assert drawn
    assert not [value for value in drawn if "," in value]
    assert "12,5%" in html


def test_every_component_renders_on_the_style_page():
    html = render_to_string("style_page.html", style_samples(), request=RequestFactory().get("/gaya/?q=SPKT&page=3"))

    assert 'href="?q=SPKT&amp;page=4"' in html
    assert 'aria-label="0%, Polsek Kepulauan Contoh Selatan Daya, Standar Pelayanan SPKT, SKCK dan SIM' in html


def test_error_pages_of_a_failing_server_need_no_context():
    for name in ("400.html", "500.html"):
        assert "Ke halaman awal" in render_to_string(name)


def test_no_template_needs_what_the_content_policy_forbids():
    forbidden = re.compile(r"\sstyle=|<style|<script(?![^>]*nonce=)|\son[a-z]+=|\|safe\b|mark_safe")
    pages = [ROOT / "templates" / "base.html", *(ROOT / "templates" / "components").glob("*.html")]

    assert [page.name for page in pages if forbidden.search(page.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("name", "kilobytes"), [("css/app.css", 8), ("img/guilloche-rose.svg", 4), ("img/guilloche-band.svg", 4)]
)
def test_what_a_first_visit_loads_stays_small(name, kilobytes):
    content = (ROOT / "elearning" / "static" / name).read_bytes()

    assert len(gzip.compress(content, 9)) <= kilobytes * 1024
