"""An uploaded crest: judged by its content, written anew without anything that hid in the file."""

import hashlib
import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from .exceptions import LetterheadRefused

MAXIMUM_BYTES = 2 * 1024 * 1024
MAXIMUM_SIDE = 4000
# At 24 mm on paper this is beyond 300 dots per inch.
PRINTED_SIDE = 400
FORMATS = ("PNG", "JPEG", "WEBP")


def clean_crest(content: bytes) -> tuple[str, bytes]:
    """Return a file name made from the content and a PNG of it. Raises LetterheadRefused for anything else."""
    if len(content) > MAXIMUM_BYTES:
        raise LetterheadRefused("Berkas lambang lebih besar dari 2 MB. Perkecil gambarnya.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                # The header tells the size before a single pixel is unpacked.
                if max(picture.size) > MAXIMUM_SIDE:
                    raise LetterheadRefused(f"Lambang paling besar {MAXIMUM_SIDE} × {MAXIMUM_SIDE} piksel.")
                picture.load()
                bare = picture.convert("RGBA")
    except LetterheadRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        raise LetterheadRefused("Lambang harus gambar PNG, JPEG, atau WebP. Simpan ulang gambarnya lalu unggah lagi.")
    bare.thumbnail((PRINTED_SIDE, PRINTED_SIDE))
    # On white: a certificate's archive format and old printers know no half-transparent picture.
    flat = Image.new("RGB", bare.size, "white")
    flat.paste(bare, mask=bare.getchannel("A"))
    target = BytesIO()
    flat.save(target, "PNG", optimize=True)
    clean = target.getvalue()
    return f"{hashlib.sha256(clean).hexdigest()[:32]}.png", clean
