"""The program that opens a file somebody uploaded: alone in its process, with little memory and time.

foundation/spreadsheets.py starts it with the file on standard input and reads JSON from standard
output: ``{"rows": [[text, …], …]}`` or ``{"refused": "what is wrong and what to do"}``; started with names
of sheets, ``{"sheets": {name: rows}}`` with those that the workbook has. It knows nothing of Django and gets
no environment, so a file that breaks the parser breaks only this process.
"""

import csv
import io
import json
import resource
import stat
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

MAXIMUM_BYTES = 20 * 1024 * 1024
MAXIMUM_UNPACKED = 50 * 1024 * 1024
MAXIMUM_RATIO = 100
MAXIMUM_MEMBERS = 200
MAXIMUM_ROWS = 20_000
MAXIMUM_COLUMNS = 200
MAXIMUM_CELL = 32_767
MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 20

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
TOO_BIG = (
    "Isi berkas terlalu besar setelah dibuka. Hapus lembar, gambar dan pemformatan yang tidak perlu, lalu simpan lagi."
)
TOO_MANY_ROWS = "Berkas berisi lebih dari 20.000 baris. Bagi menjadi beberapa berkas."
TOO_MANY_COLUMNS = "Berkas berisi lebih dari 200 kolom. Hapus kolom yang tidak perlu."
BROKEN = "Berkas rusak atau tidak lengkap. Buka di Excel, simpan lagi sebagai .xlsx, lalu unggah ulang."
UNSAFE = "Susunan berkas tidak wajar sehingga tidak dibuka. Salin isinya ke berkas Excel baru, lalu unggah ulang."
LOCKED = "Berkas terkunci kata sandi atau berformat Excel lama (.xls). Simpan sebagai .xlsx tanpa kata sandi."
WRONG_TYPE = "Berkas bukan lembar Excel (.xlsx) atau CSV. Simpan sebagai .xlsx atau .csv, lalu unggah ulang."
NO_WORKBOOK = "Berkas bukan lembar Excel (.xlsx). Isi templatnya di Excel, lalu simpan sebagai .xlsx."
EMPTY = "Berkas kosong. Isi sekurang-kurangnya baris judul kolom."


class Refused(Exception):
    """The file is not read; the message says what to do about it."""


def rows_of(content: bytes) -> list[list[str]]:
    """Return the first sheet as rows of stripped text, row for row as Excel numbers them; all equally wide."""
    if content.startswith(b"PK\x03\x04"):
        check_archive(content)
        rows = _trimmed(workbook_rows(content))
    elif content.startswith(OLD_EXCEL):
        raise Refused(LOCKED)
    else:
        rows = _trimmed(csv_rows(content))
    if not rows:
        raise Refused(EMPTY)
    return _equally_wide(rows)


def sheets_of(content: bytes, names: Sequence[str]) -> dict[str, list[list[str]]]:
    """Return the sheets of those names, as ``rows_of`` does the first; a workbook only."""
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(LOCKED if content.startswith(OLD_EXCEL) else NO_WORKBOOK)
    check_archive(content)
    return {name: _equally_wide(_trimmed(rows)) for name, rows in workbook_sheets(content, names)}


def _equally_wide(rows: list[list[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _trimmed(rows: Iterable[list[str]]) -> list[list[str]]:
    kept: list[list[str]] = []
    characters = last = 0
    for row in rows:
        while row and not row[-1]:
            row.pop()
        if len(row) > MAXIMUM_COLUMNS:
            raise Refused(TOO_MANY_COLUMNS)
        characters += sum(map(len, row))
        if characters > MAXIMUM_UNPACKED:
            raise Refused(TOO_BIG)
        kept.append(row)
        if row:
            last = len(kept)
            if last > MAXIMUM_ROWS + 1:
                raise Refused(TOO_MANY_ROWS)
    return kept[:last]


# --- XLSX -------------------------------------------------------------------


def check_archive(content: bytes) -> None:
    """Judge a zip by its directory before anything is unpacked. Raises Refused."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if end < 0 or len(content) < end + 22:
        raise Refused(BROKEN)
    # The count stands in the file's last bytes: a directory of a million entries is not even listed.
    if int.from_bytes(content[end + 10 : end + 12], "little") > MAXIMUM_MEMBERS:
        raise Refused(UNSAFE)
    if int.from_bytes(content[end + 12 : end + 16], "little") > MAXIMUM_MEMBERS * 1024:
        raise Refused(UNSAFE)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refused(BROKEN) from None
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MAXIMUM_MEMBERS or len(set(names)) != len(names):
        raise Refused(UNSAFE)
    for member in members:
        _check_member(member)
    if sum(member.file_size for member in members) > MAXIMUM_UNPACKED:
        raise Refused(TOO_BIG)
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise Refused(WRONG_TYPE)
    try:
        # The directory may lie about sizes; reading each member to its checksum shows it.
        if archive.testzip() is not None:
            raise Refused(BROKEN)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise Refused(BROKEN) from None


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename.replace("\\", "/")
    if name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/"):
        raise Refused(UNSAFE)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(UNSAFE)
    if member.flag_bits & 0x1:
        raise Refused(LOCKED)
    if member.file_size > MAXIMUM_UNPACKED or member.file_size > MAXIMUM_RATIO * max(member.compress_size, 1):
        raise Refused(TOO_BIG)


def workbook_rows(content: bytes) -> Iterator[list[str]]:
    from python_calamine import CalamineError, load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, IndexError):
        raise Refused(BROKEN) from None
    yield from sheet_rows(sheet)


def workbook_sheets(content: bytes, names: Sequence[str]) -> Iterator[tuple[str, Iterator[list[str]]]]:
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(io.BytesIO(content))
        for name in names:
            if name in book.sheet_names:
                yield name, sheet_rows(book.get_sheet_by_name(name))
    except CalamineError:
        raise Refused(BROKEN) from None


def sheet_rows(sheet) -> Iterator[list[str]]:
    # Rows before the first filled one count too, so that row numbers are those that Excel shows.
    if sheet.total_height > MAXIMUM_ROWS + 1:
        raise Refused(TOO_MANY_ROWS)
    if sheet.total_width > MAXIMUM_COLUMNS:
        raise Refused(TOO_MANY_COLUMNS)
    for row in sheet.to_python(skip_empty_area=False):
        yield [cell_text(value) for value in row]


def cell_text(value: object) -> str:
    """Return a cell as a person would type it; whole numbers without ``.0``, dates as ISO."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel keeps 15 digits: a longer number (an 18-digit NIP) has lost its end and must not look whole.
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.15g}" if abs(value) < 1e15 else f"{value:.14e}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


# --- CSV --------------------------------------------------------------------


def csv_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    csv.field_size_limit(MAXIMUM_CELL)
    try:
        for row in reader:
            yield [_clean(cell) for cell in row]
    except csv.Error:
        raise Refused(
            f"Berkas CSV tidak terbaca mulai baris {reader.line_num}: tanda kutip tidak berpasangan atau isi sel "
            "terlalu panjang. Perbaiki baris itu atau simpan sebagai .xlsx."
        ) from None


def _decoded(content: bytes) -> str:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if utf16 else ["utf-8-sig", "windows-1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Control characters betray a picture or a PDF; "<" a web page that was saved under another name.
        if text.lstrip().startswith("<") or any(c < " " and c not in "\t\r\n" for c in set(text)):
            break
        return text
    raise Refused(WRONG_TYPE)


def _delimiter(text: str) -> str:
    """Return the separator that the first filled line uses most, outside quotes; ``;`` when none does."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(";\t,", key=outside.count)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(INVISIBLE)).strip()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        content = sys.stdin.buffer.read(MAXIMUM_BYTES + 1)
        names = sys.argv[1:]
        answer: dict = {"sheets": sheets_of(content, names)} if names else {"rows": rows_of(content)}
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"refused": TOO_BIG}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
