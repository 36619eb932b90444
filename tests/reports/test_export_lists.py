"""XLSX and CSV hold what the screen shows, leave an event, and ask for a fresh sign-in."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from foundation.models import AuditEvent
from tests.reports.scenes import owes

pytestmark = pytest.mark.once_on("sqlite")


def _csv(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [line.split(";") for line in text.strip().split("\r\n")]


def _sheets(answer) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_chase_list_leaves_as_a_file_with_the_filter_of_the_screen(as_sdm, here):
    sheets = _sheets(as_sdm.get("/sdm/penagihan/unduh.xlsx?loket=sim"))

    header, *rows = sheets["Data"]
    assert [row[header.index("Nama")] for row in rows] == ["Dewi"]
    assert rows[0][header.index("NRP/NIP")] == here.officers["Dewi"].number
    assert rows[0][header.index("Lewat (hari)")] == 1
    about = dict(sheets["Keterangan"])
    assert about["Diunduh oleh"] == here.sdm.name
    assert about["Loket layanan"] == "sim"


def test_every_page_of_the_names_is_in_the_csv(as_sdm, here):
    for place in range(60):
        owes(here.officer(f"Personel {place:02}", here.polsek), here.etika, "done")

    header, *rows = _csv(as_sdm.get("/sdm/penyelesaian/nama/unduh.csv?keadaan=selesai"))

    assert header[:3] == ["NRP/NIP", "Pangkat", "Nama"]
    assert len(rows) == 63


def test_units_and_courses_leave_with_their_figures(as_sdm, here):
    _header, *units = _csv(as_sdm.get("/sdm/penyelesaian/satuan.csv"))
    _header, *courses = _csv(as_sdm.get("/sdm/penyelesaian/pelatihan.csv"))

    assert units[0] == ["Polsek", "2", "0", "1", "1", "0%", "0%"]
    assert courses == [["C1", "Etika Pelayanan Publik", "6", "3", "2", "1", "50%"]]


def test_a_name_that_looks_like_a_formula_stays_text(as_sdm, here):
    owes(here.officer("=HYPERLINK(1)", here.polsek), here.etika, "late")

    rows = _csv(as_sdm.get("/sdm/penagihan/unduh.csv"))

    assert any(row[2] == "'=HYPERLINK(1)" for row in rows)


@pytest.mark.parametrize(
    ("url", "rows"),
    [
        ("/sdm/penagihan/unduh.xlsx", 2),
        ("/sdm/penyelesaian/nama/unduh.csv", 6),
        ("/sdm/penyelesaian/satuan.xlsx", 3),
        ("/sdm/penyelesaian/pelatihan.csv", 1),
    ],
)
def test_a_download_leaves_an_event(as_sdm, here, url, rows):
    as_sdm.get(url)

    event = AuditEvent.objects.get(verb="report.exported")
    assert event.actor_id == here.sdm.pk
    assert event.detail["rows"] == rows


def test_a_sign_in_of_an_hour_ago_is_not_enough_for_a_download(client, here, settings, monkeypatch):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    monkeypatch.setattr("organisation.middleware.SecondFactorMiddleware._lacks_factor", lambda *_: False)
    client.force_login(here.sdm)

    answer = client.get("/sdm/penagihan/unduh.xlsx")

    assert answer.status_code == 302
    assert "konfirmasi" in answer.headers["Location"]
    assert not AuditEvent.objects.filter(verb="report.exported").exists()
