"""Tags and filters where an include would be clumsy. The fragments are in templates/components/."""

import math
from functools import cache, lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# state: (word, tone, icon). Tones are classes of app.css; an icon and a word always stand beside the colour.
STATES = {
    # duties
    "not_started": ("Belum dimulai", "", "circle"),
    "in_progress": ("Sedang berjalan", "now", "half"),
    "done": ("Selesai", "good", "check"),
    "due": ("Belum selesai", "now", "clock"),
    "due_soon": ("Segera berakhir", "gold", "clock"),
    "overdue": ("Lewat batas waktu", "late", "alert"),
    "exempt": ("Dikecualikan", "", "minus"),
    "paused": ("Dijeda", "", "clock"),
    "running": ("Berlaku", "now", "check"),
    "to_come": ("Akan datang", "", "clock"),
    "over": ("Sudah berakhir", "", "minus"),
    "withdrawn": ("Dicabut", "", "minus"),
    "moved": ("Pindah tugas", "", "minus"),
    "undone": ("Dibatalkan", "", "minus"),
    "spared": ("Tidak perlu lagi", "", "minus"),
    # what an order changes
    "gains": ("Kewajiban baru", "now", "plus"),
    "owed": ("Sudah wajib", "", "assignment"),
    "sooner": ("Berbenturan", "gold", "alert"),
    "recognised": ("Diakui", "good", "shield"),
    "locked": ("Belum terbuka", "", "lock"),
    "required": ("Wajib", "now", "assignment"),
    "optional": ("Pilihan", "", "circle"),
    # attempts and answers
    "submitted": ("Dikirim", "now", "upload"),
    "awaiting_marking": ("Menunggu penilaian", "", "clock"),
    "passed": ("Lulus", "good", "check"),
    "not_passed": ("Belum lulus", "late", "alert"),
    "correct": ("Tepat", "good", "check"),
    "partial": ("Sebagian tepat", "now", "half"),
    "wrong": ("Belum tepat", "late", "cross"),
    # certificates and legal sources
    "queued": ("Antre", "", "clock"),
    "awaiting_number": ("Menunggu nomor", "", "clock"),
    "awaiting_signature": ("Menunggu TTE", "", "clock"),
    "certificate": ("Sertifikat", "gold", "certificate"),
    "valid": ("Berlaku", "good", "check"),
    "superseded": ("Diganti", "gold", "sync"),
    "revoked": ("Dicabut", "late", "cross"),
    "expired": ("Kedaluwarsa", "late", "clock"),
    "amended": ("Diubah", "gold", "edit"),
    "repealed": ("Dicabut", "late", "cross"),
    "needs_review": ("Perlu ditinjau", "gold", "alert"),
    # content, reports and requests
    "draft": ("Draf", "", "edit"),
    "in_review": ("Ditinjau", "now", "search"),
    "approved": ("Disetujui", "good", "check"),
    "published": ("Terbit", "good", "check"),
    "verified": ("Diverifikasi", "good", "shield"),
    "verified_above": ("Diverifikasi tingkat atas", "good", "shield"),
    "rejected": ("Ditolak", "late", "cross"),
    "waiting": ("Menunggu", "", "clock"),
    # notices and what became of a message; "queued" stands above
    "new": ("Baru", "gold", "bell"),
    "sending": ("Sedang dikirim", "now", "sync"),
    "delivered": ("Terkirim", "good", "check"),
    "failed": ("Gagal", "late", "alert"),
    "unknown": ("Tidak pasti", "gold", "info"),
    "dropped": ("Tidak jadi dikirim", "", "minus"),
    # class events
    "present": ("Hadir", "good", "check"),
    "absent": ("Tidak hadir", "late", "cross"),
    "excused": ("Izin", "", "minus"),
}

NOTES = {
    "hukum": ("law", "now", "Dasar hukum"),
    "ingat": ("info", "gold", "Ingat"),
    "hati": ("alert", "late", "Hati-hati"),
    "verifikasi": ("shield", "good", "Perlu diverifikasi"),
}


@cache
def _icons() -> str:
    # Asked for dozens of times on a page; it changes with a deployment only.
    return static("img/icons.svg")


# Pure, and written dozens of times on a page. ``typed``: safe text must not answer for the same text unsafe.
_remembered = lru_cache(maxsize=2_000, typed=True)


@register.simple_tag
@_remembered
def icon(name: str, label: str = "") -> SafeString:
    """{% icon "check" %}: a picture beside words. With a label it stands alone and is read aloud."""
    address = f"{_icons()}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.simple_tag
@_remembered
def tag(state: str, label: str = "") -> SafeString:
    """{% tag "overdue" %} or {% tag "overdue" "Lewat 2 hari" %}; an unknown state shows its label plainly."""
    word, tone, picture = STATES.get(state, (state, "", ""))
    # Not a fragment: a list shows dozens, and a fragment's own context costs five times the words in it.
    return format_html('<span class="tag {}">{}{}</span>', tone, icon(picture) if picture else "", label or word)


@register.simple_tag
def choice(
    name: str,
    value: str,
    text: str,
    *,
    multiple: bool = False,
    checked: bool = False,
    disabled: bool = False,
    result: str = "",
    hint: str = "",
) -> SafeString:
    """{% choice "pilihan" option.value option.text %}: an answer to tick, within ``<div class="choices">``.

    ``result`` is ``correct``, ``wrong`` or empty; with one it can no longer be changed.
    """
    # Not a fragment, for the same reason as a tag.
    return format_html(
        '<label class="choice{}"><input type="{}" name="{}" value="{}"{}{}><span>{}{}</span>{}</label>',
        {"correct": " good", "wrong": " late"}.get(result, ""),
        "checkbox" if multiple else "radio",
        name,
        value,
        mark_safe(" checked" if checked else ""),
        mark_safe(" disabled" if disabled or result else ""),
        text,
        format_html("<small>{}</small>", hint) if hint else "",
        tag(result) if result else "",
    )


@register.inclusion_tag("components/_verdict.html")
def verdict(state: str, text: str = "", title: str = "") -> dict[str, str]:
    """{% verdict "valid" text %}: the large answer of the verification page."""
    word, tone, picture = STATES.get(state, (state, "", "info"))
    return {"title": title or word, "text": text, "tone": tone or "now", "icon": picture}


@register.simple_block_tag
def note(content: str, kind: str = "ingat", title: str = "") -> SafeString:
    """{% note "hukum" %}…{% endnote %}: a callout; kinds are hukum, ingat, hati, verifikasi."""
    picture, tone, word = NOTES.get(kind, NOTES["ingat"])
    words = (tone, icon(picture), title or word, content)
    return format_html('<div class="note {}"><strong>{}{}</strong><div class="rich">{}</div></div>', *words)


@register.simple_block_tag(end_name="enddata_table")
def data_table(content: str, caption: str, fold: bool = False, quiet: bool = False) -> SafeString:
    """{% data_table "Personel yang lewat" %}<thead>…</thead><tbody>…</tbody>{% enddata_table %}.

    ``fold`` turns rows into short blocks on a phone (give each td a data-label); ``quiet`` hides the caption
    where a heading already says it.
    """
    return render_to_string(
        "components/_table.html", {"content": content, "caption": caption, "fold": fold, "quiet": quiet}
    )


@register.filter
def elided_pages(page: Page) -> list[int | str]:
    """The page numbers to show, with an ellipsis where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def thousands(value: Any) -> str:
    """1284000 → 1.284.000; None is a dash."""
    return "–" if value is None else f"{int(value):,}".replace(",", ".")


@register.filter
def file_size(size: int) -> str:
    """49152 (bytes) → "48 KB"; sizes on screen are rounded up, so a download never surprises."""
    kilobytes = max(1, math.ceil(size / 1024))
    if kilobytes < 1024:
        return f"{kilobytes} KB"
    return f"{math.ceil(kilobytes / 102.4) / 10:.1f} MB".replace(".", ",").replace(",0 ", " ")


@register.filter
def groups_of(value: str, length: int = 4) -> list[str]:
    """Cut a hash or code into groups that a line may break between; copying it adds nothing."""
    return [value[i : i + length] for i in range(0, len(value), length)]


@register.filter
def breakable(value: str) -> SafeString:
    """``Sertif/175/XI/…``: a line may break behind a slash, and nowhere within a part."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in value.split("/")))
