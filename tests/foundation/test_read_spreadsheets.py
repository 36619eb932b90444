"""A roster somebody uploads becomes rows of text, whatever program wrote it."""

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from foundation.spreadsheets import SpreadsheetRefused, read_rows

TABLE = [["NRP", "Nama"], ["85010001", "Budi Santosa"]]


def workbook(rows) -> BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def read(content: bytes | BytesIO, name="personel.xlsx"):
    return read_rows(BytesIO(content) if isinstance(content, bytes) else content, name=name)


def test_an_excel_sheet_becomes_stripped_text():
    assert read(workbook([["NRP", " Nama\xa0"], [85010001, "Budi\u200b Santosa "]])) == TABLE


def test_dates_are_iso_and_whole_numbers_have_no_decimals():
    rows = read(workbook([[date(2026, 11, 21), datetime(2026, 11, 21, 8, 30), 12.0, 12.5, True, None, 0.1 + 0.2, "x"]]))

    assert rows == [["2026-11-21", "2026-11-21 08:30:00", "12", "12.5", "TRUE", "", "0.3", "x"]]


def test_a_nip_that_excel_kept_as_a_number_does_not_look_whole():
    [[text]] = read(workbook([[198501012005011001]]))

    assert not text.isdigit()


def test_rows_keep_the_numbers_that_excel_shows():
    rows = read(workbook([[], [], ["NRP", "Nama"], [], ["85010001", "Budi"], ["", "  "], []]))

    assert rows == [["", ""], ["", ""], ["NRP", "Nama"], ["", ""], ["85010001", "Budi"]]


@pytest.mark.parametrize(
    "content",
    [
        b"NRP;Nama\r\n85010001;Budi Santosa\r\n",
        b"\xef\xbb\xbfNRP;Nama\n85010001;Budi Santosa",
        b"NRP,Nama\n85010001,Budi Santosa\n\n\n",
        b"NRP\tNama\n85010001\t Budi Santosa \n",
        b'"NRP";"Nama"\r\n"85010001";"Budi Santosa"\r\n',
        "NRP\tNama\r\n85010001\tBudi Santosa\r\n".encode("utf-16"),
    ],
)
def test_a_csv_is_read_whatever_its_separator_and_byte_order_mark(content):
    assert read(content, "personel.csv") == TABLE


def test_a_csv_of_old_windows_keeps_its_accents():
    assert read("Nama;Jabatan\nRené;Ka SPKT – Sorong".encode("cp1252")) == [
        ["Nama", "Jabatan"],
        ["René", "Ka SPKT – Sorong"],
    ]


def test_separators_inside_quotes_do_not_choose_the_separator():
    assert read(b'"NRP, NIP, nomor";Nama\n1;"A, S.H."') == [["NRP, NIP, nomor", "Nama"], ["1", "A, S.H."]]


def test_short_rows_are_filled_up_to_the_widest():
    assert read(b"a;b;c\n1\n") == [["a", "b", "c"], ["1", "", ""]]


def test_the_first_sheet_is_read_and_formulas_give_their_kept_value():
    book = openpyxl.Workbook()
    book.active.append(["satu"])
    book.create_sheet("Lain").append(["dua"])
    file = BytesIO()
    book.save(file)

    assert read(file.getvalue()) == [["satu"]]


def test_twenty_thousand_rows_and_a_header_are_read():
    content = b"NRP;Nama\n" + b"85010001;Budi\n" * 20_000

    assert len(read(content)) == 20_001


def test_one_row_more_is_refused_and_says_what_to_do():
    with pytest.raises(SpreadsheetRefused, match=r"20\.000 baris. Bagi menjadi beberapa berkas"):
        read(b"NRP;Nama\n" + b"85010001;Budi\n" * 20_001)


def test_an_empty_file_is_refused():
    for content in (b"", b"\r\n \n", workbook([])):
        with pytest.raises(SpreadsheetRefused, match="Isi sekurang-kurangnya baris judul"):
            read(content)
