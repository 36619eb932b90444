"""What a quiz file says of the answers of each question kind → the raw value of its block.

The blocks hold the rules of a sound key; here their first complaint gets the file and the line it is about.
Whatever a file lists is known by its words: moved up or down it keeps its id.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from courses.loading import Entry, block_id, rich_text

from .blocks import QUESTION_BLOCKS
from .choices import EndingTone, QuestionKind
from .content import problem_of_block

Place = tuple[str | int, ...]
BLOCKS = dict(QUESTION_BLOCKS)


def answers_of(entry: Entry, kind: str, place: Place) -> dict[str, Any]:
    """The fields of the block that are the kind's own. Raises ContentFileError."""
    return READERS[kind](entry, place)


def refuse_unsound(entry: Entry, kind: str, value: dict[str, Any]) -> None:
    """Raise ContentFileError with what the block of the kind says is wrong with the whole question."""
    block = BLOCKS[kind]
    if problem := problem_of_block(block, block.to_python(value)):
        raise entry.problem(problem)


def _item(value: Any, *place: str | int) -> dict[str, Any]:
    return {"type": "item", "value": value, "id": block_id(*place)}


def _choice(entry: Entry, place: Place, *, kind: str = QuestionKind.SINGLE) -> dict[str, Any]:
    key = "fraction" if kind == QuestionKind.SITUATIONAL else "correct"
    options = [_option(option, key) for option in entry.entries("options")]
    best = sum(option[key] == 1 for option in options)
    if kind == QuestionKind.MULTIPLE and best < 2:
        raise entry.problem("paling sedikit dua pilihan harus “correct: true”.", "options")
    if kind != QuestionKind.MULTIPLE and best != 1:
        raise entry.problem(f"tepat satu pilihan harus “{key}: {'1' if key == 'fraction' else 'true'}”.", "options")
    if len({option["text"].casefold() for option in options}) < len(options):
        raise entry.problem("ada dua pilihan yang sama bunyinya.", "options")
    if kind == QuestionKind.TRUE_FALSE:
        return _true_false(entry, options)
    name = "fraction" if kind == QuestionKind.SITUATIONAL else "right"
    items = [{"text": option["text"], name: option[key], "feedback": option["feedback"]} for option in options]
    return {"options": [_item(item, *place, "options", item["text"].casefold()) for item in items]}


def _option(entry: Entry, key: str) -> dict[str, Any]:
    option = {
        "text": entry.text("text", longest=500),
        "feedback": entry.text("feedback", ""),
        key: entry.yes("correct") if key == "correct" else entry.fraction("fraction"),
    }
    entry.finish()
    return option


def _true_false(entry: Entry, options: list[dict[str, Any]]) -> dict[str, Any]:
    by_text = {option["text"].casefold(): option for option in options}
    if by_text.keys() != {"benar", "salah"}:
        raise entry.problem("pilihannya harus “Benar” dan “Salah”.", "options")
    return {
        "answer": "benar" if by_text["benar"]["correct"] else "salah",
        "feedback_true": by_text["benar"]["feedback"],
        "feedback_false": by_text["salah"]["feedback"],
    }


def _ordering(entry: Entry, place: Place) -> dict[str, Any]:
    return {"steps": [_item(step, *place, "steps", step.casefold()) for step in entry.texts("steps")]}


def _matching(entry: Entry, place: Place) -> dict[str, Any]:
    pairs = []
    for pair in entry.entries("pairs"):
        stem = pair.text("stem", longest=300)
        pairs.append(_item({"stem": stem, "match": pair.text("match", longest=200)}, *place, "pairs", stem.casefold()))
        pair.finish()
    others = [_item(text, *place, "distractors", text.casefold()) for text in entry.texts("distractors", [])]
    return {"pairs": pairs, "distractors": others}


def _short(entry: Entry, place: Place) -> dict[str, Any]:
    accepted = []
    for form in entry.entries("accepted"):
        text = form.text("text", longest=200)
        value = {"text": text, "fraction": _fraction(form), "feedback": form.text("feedback", "")}
        accepted.append(_item(value, *place, "accepted", text))
        form.finish()
    return {"accepted": accepted, "match_case": entry.yes("match_case", False)}


def _numerical(entry: Entry, place: Place) -> dict[str, Any]:
    numbers = []
    for row in entry.entries("numbers"):
        number = str(row.decimal("number"))
        value = {
            "number": number,
            "tolerance": str(row.decimal("tolerance", 0)),
            "fraction": _fraction(row),
            "feedback": row.text("feedback", ""),
        }
        numbers.append(_item(value, *place, "numbers", number, value["tolerance"]))
        row.finish()
    units = []
    for unit in entry.entries("units", []):
        name = unit.text("name", longest=20)
        units.append(_item({"name": name, "factor": str(unit.decimal("factor", 1))}, *place, "units", name.casefold()))
        unit.finish()
    return {"numbers": numbers, "units": units}


def _gaps(entry: Entry, place: Place) -> dict[str, Any]:
    gaps = []
    for number, gap in enumerate(entry.entries("gaps"), start=1):
        value = {"answers": "\n".join(gap.texts("answers")), "wrong": "\n".join(gap.texts("wrong", []))}
        gaps.append(_item(value, *place, "gaps", number))
        gap.finish()
    return {"gaps": gaps}


def _essay(entry: Entry, place: Place) -> dict[str, Any]:
    rubric = []
    for row in entry.entries("rubric"):
        text = row.text("text", longest=200)
        value = {"text": text, "points": row.number("points", least=1), "guide": row.text("guide", "")}
        rubric.append(_item(value, *place, "rubric", text.casefold()))
        row.finish()
    return {
        "rubric": rubric,
        "max_words": entry.number("max_words", 300),
        "two_markers": entry.yes("two_markers", False),
    }


def _scenario(entry: Entry, place: Place) -> dict[str, Any]:
    scenes = []
    for scene in entry.entries("scenes"):
        name = scene.text("name", longest=30)
        here = (*place, "scenes", name.casefold())
        value = {
            "name": name,
            "text": rich_text(scene.text("text")),
            "image": None,
            "image_alt": "",
            "choices": [_way(choice, here) for choice in scene.entries("choices", [])],
            "ending": scene.one_of("ending", EndingTone.values, ""),
        }
        scene.finish()
        scenes.append(_item(value, *here))
    return {"scenes": scenes}


def _way(entry: Entry, place: Place) -> dict[str, Any]:
    value = {
        "text": entry.text("text", longest=400),
        "to": entry.text("to", longest=30),
        "fraction": str(entry.decimal("fraction", least=Decimal(-1), most=Decimal(1))),
        "consequence": entry.text("consequence", ""),
        "feedback": entry.text("feedback", ""),
    }
    entry.finish()
    return _item(value, *place, "choices", value["text"].casefold())


def _fraction(entry: Entry) -> str:
    return str(entry.decimal("fraction", 1, least=Decimal(-1), most=Decimal(1)))


READERS: dict[str, Callable[[Entry, Place], dict[str, Any]]] = {
    QuestionKind.SINGLE: _choice,
    QuestionKind.MULTIPLE: lambda entry, place: _choice(entry, place, kind=QuestionKind.MULTIPLE),
    QuestionKind.TRUE_FALSE: lambda entry, place: _choice(entry, place, kind=QuestionKind.TRUE_FALSE),
    QuestionKind.SITUATIONAL: lambda entry, place: _choice(entry, place, kind=QuestionKind.SITUATIONAL),
    QuestionKind.ORDERING: _ordering,
    QuestionKind.MATCHING: _matching,
    QuestionKind.SHORT: _short,
    QuestionKind.NUMERICAL: _numerical,
    QuestionKind.GAPS: _gaps,
    QuestionKind.ESSAY: _essay,
    QuestionKind.SCENARIO: _scenario,
}
