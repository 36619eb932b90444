"""Questions as plain values, for hypothesis: every kind, with the texts an author may have written."""

from decimal import Decimal
from io import BytesIO

from hypothesis import strategies as st
from PIL import Image as Pillow

from quizzes.choices import Difficulty, EndingTone
from quizzes.formats.building import built
from quizzes.formats.model import ImportedQuestion, Picture, Unreadable
from quizzes.formats.text import canonical, html_of, one_line, tidy

# Letters, what the formats write their own grammar with, and what HTML and Excel would read as something else.
LETTERS = "abc XYZ 019 áé“–~=#{}:\\/%[]|;,.*()<>&\"'$_@!?-+\n§¶¤¢£"
# Written as one letter, so that hypothesis is quick: what means something only together.
TOGETHER = str.maketrans({"§": "->", "¶": "::", "¤": "//", "¢": "&amp;", "£": "[html]"})


def words(least: int = 0, most: int = 24):
    return st.text(LETTERS, min_size=least, max_size=most).map(lambda text: tidy(text.translate(TOGETHER)))


TEXT = words()
LINE = words(1, 16).map(one_line).filter(bool)


def distinct(text, **size):
    return st.lists(text, unique_by=lambda value: " ".join(value.split()).casefold(), **size)


def picture(colour: int = 0) -> Picture:
    file = BytesIO()
    Pillow.new("RGB", (2, 2), (colour, 0, 0)).save(file, "PNG")
    return Picture("gambar.png", file.getvalue())


PICTURES = st.sampled_from([None, None, None, picture(1), picture(2)])
PLAIN_STEM = st.tuples(LINE, TEXT).map(lambda parts: html_of("\n\n".join(parts)))
RICH_STEM = st.lists(st.tuples(st.sampled_from(["p", "b", "i", "li"]), LINE), min_size=1, max_size=4).map(
    lambda parts: canonical(
        "".join(
            f"<ol><li>{html_of(text)[3:-4]}</li></ol>"
            if tag == "li"
            else f"<p><{tag}>{html_of(text)[3:-4]}</{tag}></p>"
            for tag, text in parts
        )
    )
)
STEM = st.one_of(PLAIN_STEM, RICH_STEM).filter(bool)
FRACTION = st.integers(-100_000, 100_000).map(lambda n: Decimal(n).scaleb(-5))


@st.composite
def option(draw, text: str, *, pictures: bool, **more):
    image = draw(PICTURES) if pictures else None
    return {
        "text": text,
        "feedback": draw(TEXT),
        "image": image,
        "image_alt": draw(LINE) if image else "",
        **more,
    }


@st.composite
def options(draw, fractions: list, name: str, *, pictures: bool):
    texts = draw(distinct(words(1, 12).filter(bool), min_size=len(fractions), max_size=len(fractions)))
    return [
        draw(option(text, pictures=pictures, **{name: fraction}))
        for text, fraction in zip(texts, fractions, strict=True)
    ]


@st.composite
def single(draw, pictures=True):
    place, count = draw(st.integers(0, 7)), draw(st.integers(2, 8))
    rights = [number == place % count for number in range(count)]
    return {"options": draw(options(rights, "right", pictures=pictures))}


@st.composite
def multiple(draw, pictures=True):
    right, wrong = draw(st.integers(2, 4)), draw(st.integers(0, 4))
    value = draw(options([True] * right + [False] * wrong, "right", pictures=pictures))
    if draw(st.booleans()):
        shares = [Decimal(1) / right] * right
        for entry, share in zip(value, shares, strict=False):
            entry["fraction"] = share.quantize(Decimal("0.00001"))
        for entry in value[right:]:
            entry["fraction"] = -abs(draw(FRACTION))
    return {"options": draw(st.permutations(value)), "all_or_nothing": draw(st.booleans())}


@st.composite
def situational(draw, pictures=True):
    others = draw(st.lists(FRACTION.filter(lambda value: value < 1), min_size=1, max_size=7))
    return {"options": draw(options(draw(st.permutations([Decimal(1), *others])), "fraction", pictures=pictures))}


@st.composite
def matching(draw, pictures=True):
    stems = draw(distinct(LINE, min_size=2, max_size=6))
    partners = draw(distinct(LINE, min_size=len(stems) + 2, max_size=len(stems) + 2))
    return {
        "pairs": [{"stem": stem, "match": match} for stem, match in zip(stems, partners, strict=False)],
        "distractors": partners[len(stems) :] if draw(st.booleans()) else [],
    }


@st.composite
def short(draw, pictures=True):
    texts = draw(distinct(LINE, min_size=1, max_size=5))
    fractions = [Decimal(1), *(draw(FRACTION) for _ in texts[1:])]
    accepted = [
        {"text": text, "fraction": fraction, "feedback": draw(TEXT)}
        for text, fraction in zip(texts, fractions, strict=True)
    ]
    return {"accepted": accepted, "match_case": draw(st.booleans())}


NUMBER = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n).scaleb(-6)) | st.integers(-(10**12), 10**12).map(Decimal)


@st.composite
def numerical(draw, pictures=True):
    rows = draw(st.lists(st.tuples(NUMBER, NUMBER.map(abs), FRACTION, TEXT), min_size=1, max_size=4))
    numbers = [
        {"number": number, "tolerance": tolerance, "fraction": fraction if place else Decimal(1), "feedback": feedback}
        for place, (number, tolerance, fraction, feedback) in enumerate(rows)
    ]
    names = draw(distinct(LINE.map(lambda text: text[:20].strip()).filter(bool), max_size=3))
    factors = [Decimal(1), *(Decimal(draw(st.integers(1, 10**12))).scaleb(-6) for _ in names[1:])]
    return {"numbers": numbers, "units": [{"name": n, "factor": f} for n, f in zip(names, factors, strict=False)]}


@st.composite
def gaps(draw, pictures=True, most=4):
    count = draw(st.integers(1, most))
    words = draw(distinct(LINE, min_size=count * 4, max_size=count * 4))
    rows = []
    for number in range(count):
        right, wrong = words[number * 4 : number * 4 + 2], words[number * 4 + 2 : number * 4 + 4]
        rows.append({"answers": "\n".join(right), "wrong": "\n".join(wrong) if draw(st.booleans()) else ""})
    pieces = [draw(LINE).replace("[[", "((") for _ in range(count + 1)]
    stem = " ".join(f"{piece} [[{number}]]" for number, piece in enumerate(pieces[:-1], start=1))
    return {"text": html_of(f"{stem} {pieces[-1]}"), "gaps": rows}


@st.composite
def essay(draw, pictures=True):
    texts = draw(distinct(LINE, min_size=1, max_size=4))
    rubric = [{"text": text, "points": draw(st.integers(1, 100)), "guide": draw(TEXT)} for text in texts]
    return {"rubric": rubric, "max_words": draw(st.integers(0, 3000)), "two_markers": draw(st.booleans())}


@st.composite
def scenario(draw, pictures=True):
    names = draw(distinct(LINE.map(lambda text: text[:20].strip()).filter(bool), min_size=2, max_size=4))
    *scenes, _last = names
    rows = []
    for place, name in enumerate(scenes):
        choices = [
            {
                "text": draw(LINE),
                "to": names[place + 1],
                # The first choice is the best one: full marks must be within reach.
                "fraction": draw(FRACTION) if number else Decimal(1),
                "consequence": draw(TEXT),
                "feedback": draw(TEXT),
            }
            for number in range(draw(st.integers(1, 3)))
        ]
        rows.append({"name": name, "text": draw(STEM), "choices": choices, "ending": ""})
    rows.append(
        {"name": names[-1], "text": draw(STEM), "choices": [], "ending": draw(st.sampled_from(EndingTone.values))}
    )
    return {"scenes": rows}


ANSWERS = {
    "single": single,
    "multiple": multiple,
    "truefalse": lambda pictures=True: st.fixed_dictionaries(
        {"answer": st.sampled_from(["benar", "salah"]), "feedback_true": TEXT, "feedback_false": TEXT}
    ),
    "situational": situational,
    "ordering": lambda pictures=True: distinct(LINE, min_size=3, max_size=6).map(lambda steps: {"steps": steps}),
    "matching": matching,
    "short": short,
    "numerical": numerical,
    "gaps": gaps,
    "essay": essay,
    "scenario": scenario,
}


@st.composite
def questions(draw, kind: str, *, pictures: bool = True, tags: bool = True) -> ImportedQuestion:
    """A question of the kind that its block takes."""
    image = draw(PICTURES) if pictures else None
    value = {
        "text": draw(STEM).replace("[[", "(("),
        "image": image,
        "image_alt": draw(LINE) if image else "",
        "feedback": draw(TEXT),
        "explanation": draw(TEXT),
        "difficulty": draw(st.sampled_from(Difficulty.values)),
        "marks": draw(st.integers(1, 20)),
        "legal_source": draw(st.sampled_from([None, "uu-25-2009"])),
        "needs_verification": draw(st.booleans()),
        **draw(ANSWERS[kind](pictures=pictures)),
    }
    free = draw(distinct(LINE.filter(lambda tag: not tag.startswith("presisi:")), max_size=2)) if tags else []
    topic = draw(st.lists(LINE.filter(lambda name: name != "top" and not name.startswith("$")), max_size=3))
    try:
        return built(kind, value, line=1, topic=topic, title=draw(LINE), tags=free)
    except Unreadable as problem:
        raise AssertionError(f"{kind}: {problem}\n{value}") from problem
