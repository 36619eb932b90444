"""Which characters the shipped fonts can print; any other would be an empty box."""

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
