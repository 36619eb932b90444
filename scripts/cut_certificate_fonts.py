"""Cut the four fonts of the certificate out of the two variable ones: python scripts/cut_certificate_fonts.py

A variable font is made fixed in every single PDF, which takes longer than setting the page. The fixed
weights are committed; this script is their source. Same files in, same bytes out.
"""

import os
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "certificates" / "rendering" / "fonts"
SOURCES = {
    "latin": ROOT / "elearning" / "static" / "fonts" / "plus-jakarta-sans.woff2",
    "latin-ext": FONTS / "plus-jakarta-sans-ext.woff2",
}
WEIGHTS = (400, 700)

if __name__ == "__main__":
    os.environ["SOURCE_DATE_EPOCH"] = "1600000000"
    for part, source in SOURCES.items():
        for weight in WEIGHTS:
            font = instantiateVariableFont(TTFont(source), {"wght": weight})
            font.flavor = None
            font.save(FONTS / f"{part}-{weight}.ttf")
