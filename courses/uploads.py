"""What may be uploaded: kinds by content, not by name; no picture keeps where and with what it was taken."""

import io

from django.core.files.base import ContentFile
from PIL import Image as Pillow
from PIL import ImageOps

from .exceptions import UploadRefused

MAXIMUM_DOCUMENT_BYTES = 20 * 1024 * 1024
MAXIMUM_VIDEO_BYTES = 200 * 1024 * 1024
PICTURE_FORMATS = {"JPEG", "PNG", "WEBP"}

ZIP = b"PK\x03\x04"
# Office files are ZIP archives; what else stands inside is opened on the reader's machine, never on ours.
SIGNATURES = {"pdf": b"%PDF-", "docx": ZIP, "xlsx": ZIP, "pptx": ZIP}
TEXT_KINDS = {"txt", "csv", "vtt"}


def check_document(file, name: str) -> None:
    """Raise UploadRefused unless ``file`` is what the extension of ``name`` says and not too large."""
    extension = name.rsplit(".", 1)[-1].lower()
    limit = MAXIMUM_VIDEO_BYTES if extension == "mp4" else MAXIMUM_DOCUMENT_BYTES
    if file.size > limit:
        raise UploadRefused(f"Berkas lebih besar dari {limit // 1024 // 1024} MB. Perkecil dahulu, lalu unggah lagi.")
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if not _fits(extension, head):
        raise UploadRefused(f"Isi berkas ini bukan {extension.upper()}. Simpan ulang dengan format yang benar.")


def _fits(extension: str, head: bytes) -> bool:
    if extension == "mp4":
        return head[4:8] == b"ftyp"
    if extension == "vtt":
        return head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")
    if extension in TEXT_KINDS:
        return b"\x00" not in head
    return extension in SIGNATURES and head.startswith(SIGNATURES[extension])


def strip_metadata(field_file) -> None:
    """Replace a picture that is about to be stored by its pixels alone, turned the right way up."""
    field_file.open()
    with Pillow.open(field_file) as picture:
        kind = picture.format
        if kind not in PICTURE_FORMATS:
            raise UploadRefused("Gambar harus JPEG, PNG, atau WebP.")
        upright = ImageOps.exif_transpose(picture)
        clean = Pillow.new(upright.mode, upright.size)
        if upright.mode == "P":
            clean.putpalette(upright.getpalette() or [])
            if "transparency" in upright.info:
                clean.info["transparency"] = upright.info["transparency"]
        clean.paste(upright)
    stripped = io.BytesIO()
    clean.save(stripped, format=kind, **({"quality": 88} if kind != "PNG" else {"optimize": True}))
    name = field_file.name
    field_file.file = ContentFile(stripped.getvalue(), name=name)
    field_file.name = name
    field_file._committed = False
