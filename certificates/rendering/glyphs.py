"""Which characters the shipped fonts can print (any other would be an empty box), and how wide they are."""

from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = [Path(__file__).with_name("fonts") / f"{name}.ttf" for name in ("latin-400", "latin-ext-400")]


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    return frozenset(code for path in FONTS for code in TTFont(path, lazy=True).getBestCmap())


def unprintable(text: str) -> list[str]:
    """The characters of ``text`` that would be boxes on paper, each once."""
    return sorted({character for character in text if not character.isspace() and ord(character) not in _known()})


@lru_cache(maxsize=2)
def _advances(weight: int) -> dict[int, float]:
    found: dict[int, float] = {}
    for name in ("latin-ext", "latin"):
        font = TTFont(Path(__file__).with_name("fonts") / f"{name}-{weight}.ttf", lazy=True)
        metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
        found |= {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}
    return found


def width(text: str, *, weight: int = 400) -> float:
    """How wide ``text`` is on one line, in parts of the size of its letters; ``weight`` is 400 or 700."""
    advances = _advances(weight)
    # A box stands for what the fonts do not know.
    return sum(advances.get(ord(character), 0.6) for character in text)
