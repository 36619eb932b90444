"""What only our questions have, as tags that another system keeps: ``presisi:difficulty=easy``.

Other tags of a question stay what they are. Values with structure are JSON.
"""

import json
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from quizzes.choices import Difficulty, QuestionKind

from .building import decimal_from, written
from .model import ImportedQuestion, Unreadable

PREFIX = "presisi:"
Extras = dict[str, str]
# Kinds that another system writes as one of its own.
MISTAKABLE = (QuestionKind.SITUATIONAL, QuestionKind.GAPS, QuestionKind.SHORT)


def extras_of(question: ImportedQuestion, *, held: Collection[str] = ()) -> Extras:
    """What the format does not hold by itself; ``held`` names what it does."""
    value = question.value
    everything = {
        "difficulty": value["difficulty"] if value["difficulty"] != Difficulty.MEDIUM else "",
        # Without it a text with gaps is worth as many marks as it has gaps.
        "marks": str(value["marks"]) if value["marks"] != 1 or question.kind == QuestionKind.GAPS else "",
        "legal": value["legal_source"] or "",
        "verify": "yes" if value["needs_verification"] else "",
        "kind": question.kind if question.kind in MISTAKABLE else "",
        "all_or_nothing": "yes" if value.get("all_or_nothing") else "",
        "weights": "auto" if question.kind == QuestionKind.MULTIPLE and not weighed(value) else "",
        "match_case": "yes" if value.get("match_case") else "",
        "units": _json([[unit["name"], written(unit["factor"])] for unit in value.get("units", [])]),
        "two_markers": "yes" if value.get("two_markers") else "",
        "max_words": str(value["max_words"]) if "max_words" in value else "",
        "rubric": _json([[row["text"], row["points"], row["guide"]] for row in value.get("rubric", [])]),
    }
    return {name: text for name, text in everything.items() if text and name not in held}


def weighed(value: dict[str, Any]) -> bool:
    """Whether the author gave each option of several its own weight."""
    return any(option["fraction"] is not None for option in value["options"])


def _json(rows: list) -> str:
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def tags_of(question: ImportedQuestion, *, held: Collection[str] = ()) -> list[str]:
    """All tags of a question as a file carries them."""
    extras = extras_of(question, held=held)
    return [*question.tags, *(f"{PREFIX}{name}={text}" for name, text in extras.items())]


def parted(tags: Iterable[str]) -> tuple[tuple[str, ...], Extras]:
    """The tags of a file as (free tags, our own extras)."""
    free, extras = [], {}
    for tag in tags:
        name, equals, text = tag.removeprefix(PREFIX).partition("=")
        if tag.startswith(PREFIX) and equals:
            extras[name] = text
        elif tag and tag not in free:
            free.append(tag)
    return tuple(free), extras


def common(extras: Extras) -> dict[str, Any]:
    """The fields that every kind has. Raises Unreadable for a value that means nothing."""
    fields: dict[str, Any] = {
        "legal_source": extras.get("legal") or None,
        "needs_verification": extras.get("verify") == "yes",
    }
    if "difficulty" in extras:
        fields["difficulty"] = extras["difficulty"]
    if "marks" in extras:
        fields["marks"] = whole(extras["marks"], "poin")
    return fields


def essay_fields(extras: Extras) -> dict[str, Any]:
    """Rubric and limits of an essay; one criterion where the file brings none."""
    rubric = [{"text": row[0], "points": row[1], "guide": row[2]} for row in _rows(extras, "rubric", (str, int, str))]
    fields: dict[str, Any] = {
        "rubric": rubric or [{"text": "Isi jawaban", "points": 4, "guide": ""}],
        "two_markers": extras.get("two_markers") == "yes",
        "max_words": whole(extras.get("max_words") or "0", "batas kata"),
    }
    return fields


def units_from(extras: Extras) -> list[dict[str, Any]]:
    return [{"name": row[0], "factor": decimal_from(row[1])} for row in _rows(extras, "units", (str, str))]


def _rows(extras: Extras, name: str, kinds: tuple[type, ...]) -> list[list]:
    try:
        rows = json.loads(extras.get(name) or "[]")
    except (ValueError, RecursionError):
        rows = None
    fits = isinstance(rows, list) and all(
        isinstance(row, list)
        and len(row) == len(kinds)
        and all(isinstance(cell, kind) for cell, kind in zip(row, kinds, strict=True))
        for row in rows
    )
    if not fits:
        raise Unreadable(f"Tanda “{PREFIX}{name}” rusak. Hapus tandanya, lalu isi lagi sesudah impor.")
    return rows


def whole(text: str, what: str) -> int:
    """A whole number, as ``1`` or ``1.0000000``. Raises Unreadable."""
    number = decimal_from(text)
    if number != number.to_integral_value() or abs(number) > 100_000:
        raise Unreadable(f"{what.capitalize()} harus bilangan bulat, bukan {text.strip()[:20]}.")
    return int(number)


def percent_weight(fraction: Decimal | None, right: bool, number_right: int) -> Decimal:
    """The weight that other systems see: the author's, or equal shares where right minus wrong counts."""
    if fraction is not None:
        return fraction
    share = (Decimal(1) / max(number_right, 1)).quantize(Decimal("0.00001"))
    return share if right else -share
