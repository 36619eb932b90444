"""Completion per unit and per course, and the way down to the names."""

import re

from tests.reports.scenes import owes


def _lines(page):
    return {line.label: line.figures for line in page.context["table"].lines}


def test_each_unit_has_its_figures_and_the_weakest_stands_first(as_sdm, here):
    page = as_sdm.get("/sdm/penyelesaian/")

    lines = _lines(page)
    assert list(lines) == ["Polsek", "Satlantas", "Polres Uji (langsung)"]
    assert (lines["Polsek"].total, lines["Polsek"].overdue, lines["Polsek"].open) == (2, 1, 1)
    assert lines["Satlantas"].percent == 66
    assert "3 dari 6 pelatihan wajib selesai, 50%" in page.content.decode()


def test_a_withdrawn_or_exempt_duty_counts_nowhere(as_sdm, here):
    owes(here.officer("Gita", here.polsek), here.etika, "withdrawn")
    owes(here.officer("Hadi", here.polsek), here.etika, "exempt")

    page = as_sdm.get("/sdm/penyelesaian/")

    assert page.context["figures"].total == 6


def test_a_course_that_must_be_repeated_counts_once_with_its_newest_cycle(as_sdm, here):
    owes(here.officers["Andi"], here.etika, "late", cycle=2)

    page = as_sdm.get("/sdm/penyelesaian/")

    assert (page.context["figures"].total, page.context["figures"].done) == (6, 2)


def test_a_cell_of_the_heat_map_leads_to_its_names(as_sdm, here):
    heat = as_sdm.get("/sdm/penyelesaian/").context["heat"]
    weakest = heat.rows[0]

    page = as_sdm.get(weakest.cells[0].url)

    assert weakest.label == "Polsek"
    assert [row.officer.name for row in page.context["page"].object_list] == ["Eko", "Fitri"]


def test_every_linked_figure_is_the_length_of_its_list(as_sdm, here):
    owes(here.officers["Citra"], here.komunikasi, "late")
    content = as_sdm.get("/sdm/penyelesaian/").content.decode()
    links = re.findall(r'href="(/sdm/penyelesaian/nama/[^"]*)">(\d+)</a>', content)

    assert len(links) > 20
    for url, shown in links:
        page = as_sdm.get(url.replace("&amp;", "&"))
        assert page.context["page"].paginator.count == int(shown), url


def test_the_names_can_be_narrowed_by_state(as_sdm, here):
    page = as_sdm.get("/sdm/penyelesaian/nama/?keadaan=lewat")

    assert [row.officer.name for row in page.context["page"].object_list] == ["Dewi", "Eko"]
    assert [state["count"] for state in page.context["states"]] == [6, 3, 2, 1]


def test_the_way_back_leads_up_the_tree_and_ends_at_the_own_root(as_sdm, here):
    page = as_sdm.get(f"/sdm/penyelesaian/?satuan={here.polsek.code}")

    assert [crumb["label"] for crumb in page.context["crumbs"]] == ["Polres Uji", "Polsek"]


def test_whoever_was_transferred_away_leaves_the_figures(as_sdm, here, noon):
    here.officers["Eko"].postings.update(valid_to=noon)

    page = as_sdm.get("/sdm/penyelesaian/")

    assert page.context["figures"].total == 5


def test_a_unit_without_duties_shows_a_dash_and_not_zero_percent(as_sdm, here):
    from tests.factories.organisation import UnitFactory

    UnitFactory(name="Satpolairud", short_name="Satpolairud", parent=here.unit)

    page = as_sdm.get("/sdm/penyelesaian/")

    assert page.context["heat"].rows[-1].label == "Satpolairud"
    assert page.context["heat"].rows[-1].cells[0].percent is None
