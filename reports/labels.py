"""Short words for narrow places."""

import re

from courses.models import Course

# A syllable begins with one consonant, or one written with two letters, before a vowel: Pe-la-ti-han, Pe-nga-du-an.
SYLLABLE = re.compile(
    r"""
    (?<=[a-z]) (?= (?: ng | ny | kh | sy | [bcdfghjklmnpqrstvwyz] ) [aiueo] )
    (?<! n (?=[gy]) ) (?<! k (?=h) ) (?<! s (?=y) )
    """,
    re.VERBOSE,
)


def column_label(course: Course) -> str:
    """``C2 Ko-mu-ni-ka-si``: code and first word of the title with soft hyphens, for the head of a narrow column."""
    first = course.title.split(maxsplit=1)[0]
    return f"{course.code} {hyphenated(first)}"


def hyphenated(text: str) -> str:
    """``text`` with a soft hyphen between syllables."""
    return SYLLABLE.sub(chr(0xAD), text)
