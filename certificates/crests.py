"""Uploaded crests, logos and backgrounds: judged by their content, written anew without what hid in the file."""

import hashlib
import warnings
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from PIL import Image, ImageOps, UnidentifiedImageError

from .exceptions import LetterheadRefused

MAXIMUM_BYTES = 2 * 1024 * 1024
MAXIMUM_SIDE = 4000
# At 24 mm on paper this is beyond 300 dots per inch.
PRINTED_SIDE = 400
FORMATS = ("PNG", "JPEG", "WEBP")
# A landscape A4 at a good hundred dots per inch, so pale that black on it reads well, and light enough for the file.
BACKGROUND_SIZE = (1240, 877)
BACKGROUND_STRENGTH = 0.16
BACKGROUND_BYTES = 45_000
BACKGROUND_QUALITIES = (70, 60, 50, 40, 30)


def clean_crest(content: bytes) -> tuple[str, bytes]:
    """Return a file name made from the content and a PNG of it. Raises LetterheadRefused for anything else."""
    bare = _read(content, "Lambang")
    bare.thumbnail((PRINTED_SIDE, PRINTED_SIDE))
    # What shows through stays so: on a background of one's own a crest in a white box looks pasted on.
    shows_through = min(bare.getchannel("A").tobytes(), default=255) < 255
    target = BytesIO()
    (bare if shows_through else bare.convert("RGB")).save(target, "PNG", optimize=True)
    return _named(target.getvalue(), "png")


def clean_background(content: bytes) -> tuple[str, bytes]:
    """Return a file name made from the content and a pale JPEG of it that fills an A4 landscape.

    Raises LetterheadRefused for what is no picture, or one so restless that it stays too heavy.
    """
    bare = _read(content, "Latar")
    flat = Image.new("RGB", bare.size, "white")
    flat.paste(bare, mask=bare.getchannel("A"))
    whole = ImageOps.fit(flat, BACKGROUND_SIZE)
    pale = Image.blend(Image.new("RGB", whole.size, "white"), whole, BACKGROUND_STRENGTH)
    for quality in BACKGROUND_QUALITIES:
        target = BytesIO()
        pale.save(target, "JPEG", quality=quality, optimize=True)
        if target.tell() <= BACKGROUND_BYTES:
            return _named(target.getvalue(), "jpg")
    raise LetterheadRefused("Latar ini terlalu ramai untuk sertifikat. Pakai gambar yang lebih sederhana.")


def kept(name: str, content: bytes) -> str:
    """Store a cleaned picture under its name and return that.

    Named by its content and never removed: certificates already issued keep pointing at what they were printed with.
    """
    path, storage = f"crests/{name}", storages["private"]
    return path if storage.exists(path) else storage.save(path, ContentFile(content))


def _named(clean: bytes, ending: str) -> tuple[str, bytes]:
    return f"{hashlib.sha256(clean).hexdigest()[:32]}.{ending}", clean


def _read(content: bytes, what: str) -> Image.Image:
    if len(content) > MAXIMUM_BYTES:
        raise LetterheadRefused(f"Berkas {what.lower()} lebih besar dari 2 MB. Perkecil gambarnya.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                # The header tells the size before a single pixel is unpacked.
                if max(picture.size) > MAXIMUM_SIDE:
                    raise LetterheadRefused(f"{what} paling besar {MAXIMUM_SIDE} × {MAXIMUM_SIDE} piksel.")
                picture.load()
                return picture.convert("RGBA")
    except LetterheadRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        raise LetterheadRefused(f"{what} harus gambar PNG, JPEG, atau WebP. Simpan ulang gambarnya lalu unggah lagi.")
