"""Text between a foreign file and our blocks: what was sent as bytes, what is HTML, what is plain."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping
from html import unescape
from io import BytesIO
from urllib.parse import unquote

import nh3
from PIL import Image as Pillow

from courses.rich_text import from_markdown
from courses.uploads import PICTURE_FORMATS

from .model import MAXIMUM_BYTES, Picture, Reading, Unreadable

LONGEST_TEXT = 20_000
LONGEST_TITLE = 60
LARGEST_PICTURE = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li"}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
# What XML cannot hold, or nobody means to write; the last range is free for a reader's own marks.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
REFUSED_TAG = re.compile(
    r"<\s*(table|iframe|video|audio|object|embed|svg|math|form|input|select|textarea|button|script|canvas)\b", re.I
)
SIMPLIFIED_TAG = re.compile(r"<\s*(h[1-6]|u|s|sub|sup|a|pre|code|blockquote|font|dl|hr)\b", re.I)
IMAGE_TAG = re.compile(r"<img\b[^<>]*>", re.I)
IMAGE_FIELD = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
MARKUP = re.compile(r"<[a-zA-Z/][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
PLAIN_PARAGRAPHS = re.compile(r"(?:<p>(?:[^<]|<br>)*</p>)+")

TOO_BIG = f"Berkas lebih besar dari {MAXIMUM_BYTES // 1024 // 1024} MB. Bagi menjadi beberapa berkas."
NOT_TEXT = "Isi ini bukan teks. Simpan sebagai teks dengan pengodean UTF-8, lalu unggah lagi."
EMPTY = "Tidak ada isinya. Tempel soalnya, atau pilih berkas yang berisi soal."


def decoded(content: bytes, reading: Reading) -> str:
    """Return the text of a file, with a remark in ``reading`` about an odd encoding. Raises Unreadable."""
    if len(content) > MAXIMUM_BYTES:
        raise Unreadable(TOO_BIG)
    if not content.strip():
        raise Unreadable(EMPTY)
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("windows-1252")
        except UnicodeDecodeError:
            raise Unreadable(NOT_TEXT) from None
        reading.notes.append(
            "Berkas ini bukan UTF-8 dan dibaca sebagai Windows-1252. Periksa huruf beraksen dan tanda kutipnya."
        )
    if "\x00" in text:
        raise Unreadable(NOT_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def tidy(text: str) -> str:
    """The text as we keep it: composed letters, one kind of line end, no control characters, no outer space."""
    text = UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    return " ".join(tidy(text).split())


def canonical(html: str) -> str:
    """The HTML of a question: the marks an author may use and nothing else, always in the same spelling."""
    cleaned = tidy(nh3.clean(tidy(html), tags=TAGS, attributes={}, link_rel=None))
    # A white space between the letters says the same, whichever it is and however often it stands.
    cleaned = re.sub(r"[ \n]+", " ", cleaned)
    cleaned = re.sub(r" ?(</?(?:p|ul|ol|li)>|<br>) ?", r"\1", cleaned)
    cleaned = _without_empty(cleaned)
    if "<li>" in cleaned and not re.search(r"<[uo]l>", cleaned):
        # Items without their list.
        cleaned = f"<ul>{cleaned}</ul>"
    if not re.search(r"<(?:p|ul|ol)>", cleaned):
        cleaned = f"<p>{cleaned}</p>"
    return _without_empty(cleaned)


def _without_empty(html: str) -> str:
    return re.sub(r"(?:<br>)*</p>", "</p>", html).replace("<p></p>", "")


def escaped(text: str) -> str:
    """Plain text as nh3 writes it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


def html_of(plain: str) -> str:
    """Plain text as paragraphs: an empty line parts them, a line end breaks the line."""
    paragraphs = re.split(r"\n\n+", tidy(plain))
    return canonical("".join(f"<p>{'<br>'.join(escaped(paragraph).split(chr(10)))}</p>" for paragraph in paragraphs))


def plain_of(html: str) -> str | None:
    """The plain text that ``html_of`` turns into exactly this HTML; None when it says more than plain text can."""
    if not PLAIN_PARAGRAPHS.fullmatch(html):
        return None
    plain = unescape(html[3:-4].replace("</p><p>", "\n\n").replace("<br>", "\n"))
    return plain if plain == tidy(plain) and html_of(plain) == html else None


def text_of(html: str) -> str:
    """The words of an HTML fragment, for places that hold plain text."""
    kept = nh3.clean(html, tags={"p", "br", "li", "div"}, attributes={})
    return tidy(unescape(re.sub(r"<[^<>]*>", "", re.sub(r"<br>|</(?:p|li|div)>", "\n", kept))))


def title_of(html: str) -> str:
    """A short name for a question that brought none: its first words."""
    words = one_line(text_of(html))
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…"


def rich(text: str, form: str, notes: list[str]) -> str:
    """The HTML of a question's text that was written as ``html``, ``markdown``, ``plain`` or ``moodle``."""
    _check_length(text)
    if form == "plain":
        return html_of(text)
    if form == "markdown":
        return canonical(from_markdown(text))
    if form == "moodle":
        if not MARKUP.search(text):
            return html_of(text)
        text = tidy(text).replace("\n\n", "<br><br>").replace("\n", "<br>")
    _check_tags(text, notes)
    return canonical(re.sub(r"<(/?)(?:div|h[1-6]|blockquote|pre)\b[^<>]*>", r"<\1p>", text, flags=re.I))


def plain(text: str, form: str, notes: list[str]) -> str:
    """The words of an answer or a feedback that was written in one of the four forms."""
    _check_length(text)
    if form == "markdown":
        return text_of(from_markdown(text))
    if form == "plain" or (form == "moodle" and not MARKUP.search(text)):
        return tidy(text)
    _check_tags(text, notes)
    if re.search(r"<(?:b|strong|i|em)\b", text, re.I):
        _note(notes, "Huruf tebal dan miring pada pilihan dan umpan balik tidak dibawa.")
    return text_of(text)


def take_pictures(
    html: str, form: str, files: Mapping[str, bytes], notes: list[str]
) -> tuple[str, Picture | None, str]:
    """Take the picture out of a text that may hold HTML: (the rest, the picture, what it shows). Raises Unreadable.

    ``files`` holds what the file brought along under its name; a ``data:`` address carries its own bytes.
    """
    tags = IMAGE_TAG.findall(html) if form in ("html", "moodle") else []
    if not tags:
        return html, None, ""
    if len(tags) > 1:
        raise Unreadable("Ada lebih dari satu gambar. Gabungkan menjadi satu gambar, atau bagi soalnya.")
    fields = {name.lower(): unescape(double or single) for name, double, single in IMAGE_FIELD.findall(tags[0])}
    alt = one_line(fields.get("alt", ""))[:250]
    picture = _picture(fields.get("src", ""), files)
    if not alt:
        _note(notes, "Gambarnya belum punya keterangan. Tuliskan isi gambar dalam kata-kata sebelum terbit.")
    rest = html.replace(tags[0], "")
    if text_of(html.partition(tags[0])[2]):
        _note(notes, "Gambar diletakkan sesudah teks.")
    return rest, picture, alt


def _picture(source: str, files: Mapping[str, bytes]) -> Picture:
    if source.startswith("@@PLUGINFILE@@/"):
        name = unquote(source.removeprefix("@@PLUGINFILE@@/")).split("?")[0]
        if name not in files:
            raise Unreadable(f"Gambar “{name[:60]}” tidak ikut dalam berkas. Ekspor lagi bersama gambarnya.")
        return picture_from(name, files[name])
    if source.startswith("data:image/") and ";base64," in source[:60]:
        head, _comma, data = source.partition(";base64,")
        return picture_from(f"gambar.{head.removeprefix('data:image/')[:10]}", bytes_of(data))
    raise Unreadable(
        "Gambar dari alamat lain tidak diambil. Sisipkan gambarnya ke dalam berkas, atau pasang sesudah impor."
    )


def bytes_of(data: str) -> bytes:
    """What base64 text holds. Raises Unreadable."""
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("Gambar di dalam berkas rusak. Ekspor lagi bersama gambarnya.") from None


def picture_from(name: str, content: bytes) -> Picture:
    """Check what somebody sent as a picture. Raises Unreadable."""
    if len(content) > LARGEST_PICTURE:
        raise Unreadable("Gambar lebih besar dari 5 MB. Perkecil dahulu gambarnya.")
    try:
        with Pillow.open(BytesIO(content)) as opened:
            width, height = opened.size
            if opened.format not in PICTURE_FORMATS:
                raise Unreadable("Gambar harus JPEG, PNG, atau WebP.")
            if width * height > MOST_PIXELS:
                raise Unreadable("Gambar terlalu lebar atau tinggi. Perkecil dahulu gambarnya.")
            opened.verify()
    except Unreadable:
        raise
    except Exception:  # Pillow raises whatever its decoders raise; all of it means the same to the author
        raise Unreadable("Gambar di dalam berkas rusak atau bukan gambar.") from None
    return Picture(one_line(name)[:100] or "gambar", content)


def picture_tag(picture: Picture, alt: str) -> str:
    """The picture inside the text itself, for formats that carry no files."""
    kind = {b"\x89PNG": "png", b"RIFF": "webp"}.get(picture.content[:4], "jpeg")
    data = base64.b64encode(picture.content).decode()
    return f'<img src="data:image/{kind};base64,{data}" alt="{escaped(alt).replace(chr(34), "&quot;")}">'


def _check_length(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"Teks ini lebih panjang dari {LONGEST_TEXT} huruf. Ringkaslah dahulu.")


def _check_tags(html: str, notes: list[str]) -> None:
    if found := REFUSED_TAG.search(html):
        raise Unreadable(f"Ada unsur HTML <{found[1].lower()}> yang tidak dapat dibawa. Ganti dengan teks atau gambar.")
    if SIMPLIFIED_TAG.search(html):
        _note(notes, "Sebagian bentuk tulisan (judul, tautan, garis bawah) dijadikan teks biasa.")


def _note(notes: list[str], sentence: str) -> None:
    if sentence not in notes:
        notes.append(sentence)
