"""Files made to exhaust or to trick the server are refused, quickly and with a clear sentence."""

import os
import struct
import zipfile
import zlib
from io import BytesIO

import pytest

from foundation.spreadsheets import SpreadsheetRefused, read_rows

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
WORKBOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET = '<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{data}</worksheet>'


def cell(reference: str, text: str = "x") -> str:
    row = "".join(filter(str.isdigit, reference))
    return f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def xlsx(data: str = cell("A1"), *, doctype: str = "", extra=(), level: int = 6) -> bytes:
    """A workbook of one sheet, with ``extra`` (name or ZipInfo, content) members besides."""
    members = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS.format(kind="officeDocument", target="xl/workbook.xml")),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", SHEET.format(doctype=doctype, data=f"<sheetData>{data}</sheetData>")),
        *extra,
    ]
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def with_lying_size() -> bytes:
    """A member unpacks to 60 MB; the directory says 2,000 bytes."""
    content = xlsx(extra=[("xl/big.xml", b"A" * 60_000_000)], level=9)
    true, false = struct.pack("<L", 60_000_000), struct.pack("<L", 2_000)
    return content.replace(true, false)


def with_flag_of_encryption() -> bytes:
    content = bytearray(xlsx())
    directory = content.rfind(b"PK\x01\x02")
    content[directory + 8] |= 1
    return bytes(content)


def with_broken_checksum() -> bytes:
    content = xlsx(cell("A1", "Budi Santosa"))
    sheet = SHEET.format(doctype="", data=f"<sheetData>{cell('A1', 'Budi Santosa')}</sheetData>")
    checksum = struct.pack("<L", zlib.crc32(sheet.encode()))
    assert checksum in content
    return content.replace(checksum, b"\0\0\0\0")


def entities() -> str:
    steps = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE l [<!ENTITY l0 "tertawa">{steps}]>'


def twice_the_same_name() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return xlsx(extra=[("xl/workbook.xml", WORKBOOK)])


HOSTILE = {
    "a bomb of zeros": lambda: xlsx(extra=[("xl/media/a.bin", b"\0" * 49_000_000)], level=9),
    "more than 50 MB unpacked": lambda: xlsx(extra=[(f"xl/{n}.bin", b"AB" * 5_500_000) for n in range(5)], level=1),
    "a directory that lies about sizes": with_lying_size,
    "three hundred members": lambda: xlsx(extra=[(f"xl/{n}.xml", "x") for n in range(300)]),
    "ten thousand members": lambda: xlsx(extra=[(f"{n}", "") for n in range(10_000)], level=1),
    "a path that climbs out": lambda: xlsx(extra=[("../../etc/cron.d/x", "x")]),
    "an absolute path": lambda: xlsx(extra=[("/etc/passwd", "x")]),
    "a drive letter": lambda: xlsx(extra=[("C:\\windows\\x", "x")]),
    "a symbolic link": lambda: xlsx(extra=[(link("xl/link"), "/etc/passwd")]),
    "two members of one name": twice_the_same_name,
    "an encrypted member": with_flag_of_encryption,
    "a broken checksum": with_broken_checksum,
    "a file cut in half": lambda: xlsx()[:-400],
    "only the beginning of a zip": lambda: b"PK\x03\x04" + b"\0" * 500,
    "a cell in the last corner": lambda: xlsx(cell("A1") + cell("XFD1048576")),
    "a cell in the last row": lambda: xlsx(cell("A1048576")),
    "two million rows": lambda: xlsx("".join(f'<row r="{n}"/>' for n in range(1, 20_002)) + cell("A20002")),
    "too many columns": lambda: xlsx(cell("ZZ1")),
    "a workbook that is not XML": lambda: xlsx().replace(b"PK\x03\x04", b"PK\x03\x05", 1),
    "a sheet that is not XML": lambda: xlsx("<row><c></row></sheetData>"),
    "a zip of something else": lambda: zip_of_text(),
    "an old or locked Excel file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    "a picture": lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 100,
    "a PDF": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n\0\1\2",
    "a web page called Excel": lambda: b"<html><table><tr><td>NRP</td></tr></table></html>",
    "a quote that never ends": lambda: b'NRP;Nama\n1;"Budi\n' + b"2;Ani\n" * 1000,
    "a cell of a megabyte": lambda: b"NRP;Nama\n1;" + b"x" * 1_000_000,
    "a million columns": lambda: b";".join(b"x" for _ in range(1_000_000)),
    "21 megabytes": lambda: b"a;b\n" * 5_300_000,
}


def zip_of_text() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("surat.txt", "bukan lembar kerja")
    return file.getvalue()


def processor_time() -> float:
    """Seconds of this process and of the readers it has waited for: a busy machine must not turn the test red."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_quickly(kind):
    content = HOSTILE[kind]()
    began = processor_time()

    with pytest.raises(SpreadsheetRefused) as refusal:
        read_rows(BytesIO(content), name="daftar.xlsx")

    assert processor_time() - began < 3
    assert str(refusal.value).startswith("“daftar.xlsx”")
    assert str(refusal.value).endswith(".")


def test_the_same_workbook_without_the_trick_is_read():
    assert read_rows(BytesIO(xlsx()), name="daftar.xlsx") == [["x"]]


def test_entities_are_never_expanded():
    with pytest.raises(SpreadsheetRefused, match="rusak"):
        read_rows(BytesIO(xlsx(cell("A1", "&l9;"), doctype=entities())), name="x")


def test_a_shared_text_repeated_a_thousand_times_over_is_refused():
    cells = '<c t="s"><v>0</v></c>' * 3
    rows = "".join(f'<row r="{number}">{cells}</row>' for number in range(1, 2001))
    text = "x" * 32_000
    shared = (
        '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{text}</t></si></sst>"
    )

    with pytest.raises(SpreadsheetRefused, match="terlalu besar"):
        read_rows(BytesIO(with_shared_strings(rows, shared)), name="x")


def with_shared_strings(data: str, shared: str) -> bytes:
    relations = RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml").replace(
        "</Relationships>",
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    source, file = zipfile.ZipFile(BytesIO(xlsx(data, level=0))), BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in source.namelist():
            archive.writestr(name, relations if name == "xl/_rels/workbook.xml.rels" else source.read(name))
        archive.writestr("xl/sharedStrings.xml", shared, compress_type=zipfile.ZIP_STORED)
    return file.getvalue()
