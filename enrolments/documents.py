"""An uploaded document, judged by its content: a PDF, or a picture of a letter."""

import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from .exceptions import ReliefRefused

MAXIMUM_BYTES = 5 * 1024 * 1024
MAXIMUM_SIDE = 12_000
EXTENSIONS = {"PDF": "pdf", "JPEG": "jpg", "PNG": "png"}


def extension_of(content: bytes) -> str:
    """``pdf``, ``jpg`` or ``png``, whatever the file is called. Raises ReliefRefused for anything else."""
    if len(content) > MAXIMUM_BYTES:
        raise ReliefRefused("Dokumen lebih besar dari 5 MB. Kecilkan pindaiannya, lalu unggah lagi.")
    if content.startswith(b"%PDF-"):
        return EXTENSIONS["PDF"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # The header alone: nothing is unpacked here, and it is never shown as a part of a page.
            with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
                if max(picture.size) <= MAXIMUM_SIDE:
                    return EXTENSIONS[str(picture.format)]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        pass
    raise ReliefRefused("Dokumen harus PDF, JPG, atau PNG. Simpan ulang berkasnya, lalu unggah lagi.")
