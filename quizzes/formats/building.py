"""Block values as plain lists and dicts: filled up, spelled alike and checked by the blocks themselves."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from quizzes.blocks import QUESTION_BLOCKS
from quizzes.choices import QuestionKind

from .model import ImportedQuestion, Picture, Unreadable
from .text import canonical, one_line, tidy, title_of

BLOCKS: dict[str, blocks.StructBlock] = dict(QUESTION_BLOCKS)
FIVE_PLACES = Decimal("0.00001")
HEADING = "Pembahasan:"


def shaped(block: blocks.Block, value: Any) -> Any:
    """A block's value in plain lists and dicts, what is missing filled with the defaults of the block."""
    if isinstance(block, blocks.StructBlock):
        given = value or {}
        return {
            name: shaped(child, given[name] if name in given else child.get_default())
            for name, child in block.child_blocks.items()
        }
    if isinstance(block, blocks.ListBlock):
        return [shaped(block.child_block, item) for item in value or []]
    if isinstance(block, ImageChooserBlock):
        return _picture_of(value)
    if isinstance(block, SnippetChooserBlock):
        return getattr(value, "code", value) or None
    if isinstance(block, blocks.RichTextBlock):
        return canonical(getattr(value, "source", value) or "")
    if isinstance(block, blocks.CharBlock):
        return one_line(value or "")
    if isinstance(block, blocks.TextBlock):
        return tidy(value or "")
    if isinstance(block, blocks.BooleanBlock):
        return bool(value)
    return str(value or "") if isinstance(block, blocks.ChoiceBlock) else value


def _picture_of(image) -> Picture | None:
    if image is None or isinstance(image, Picture):
        return image
    with image.file.open("rb") as file:
        return Picture(image.filename, file.read())


def built(
    kind: str,
    value: dict[str, Any],
    *,
    line: int,
    topic: Sequence[str] = (),
    title: str = "",
    tags: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> ImportedQuestion:
    """A question from what a file says. Raises Unreadable with the first fault its block finds."""
    _check_counts(BLOCKS[kind], value)
    path = tuple(part for part in map(one_line, topic) if part)
    full = shaped(BLOCKS[kind], {**value, "topic": path[-1] if path else ""})
    if problem := problem_of(kind, full):
        raise Unreadable(problem, line)
    return ImportedQuestion(
        kind=kind,
        value=full,
        topic=path,
        title=one_line(title)[:255] or title_of(full["text"]),
        tags=tuple(tag for tag in map(one_line, tags) if tag),
        line=line,
        notes=tuple(notes),
    )


def _check_counts(block: blocks.Block, value: Any) -> None:
    """Refuse more rows than a block takes, before each of them is looked at."""
    if isinstance(block, blocks.StructBlock) and isinstance(value, dict):
        for name, child in block.child_blocks.items():
            _check_counts(child, value.get(name))
    elif isinstance(block, blocks.ListBlock) and isinstance(value, list):
        if block.meta.max_num is not None and len(value) > block.meta.max_num:
            label = str(block.label).split(",")[0].split(";")[0]
            raise Unreadable(f"{label}: paling banyak {block.meta.max_num}, di sini {len(value)}.")
        for item in value:
            _check_counts(block.child_block, item)


def problem_of(kind: str, value: dict[str, Any]) -> str:
    """The first fault of a question in a sentence; empty when its block takes it as it is."""
    block = BLOCKS[kind]
    try:
        block.clean(block.normalize(_without_choosers(value)))
    except ValidationError as error:
        return _sentence(block, error)
    return ""


def _without_choosers(value: Any) -> Any:
    """The value without pictures and legal source, which are looked up when the import is carried out."""
    if isinstance(value, dict):
        return {
            name: None if name in ("image", "legal_source") else _without_choosers(child)
            for name, child in value.items()
        }
    return [_without_choosers(item) for item in value] if isinstance(value, list) else value


def _sentence(block: blocks.Block, error: ValidationError) -> str:
    """The first message inside a tree of block errors, with the place it speaks of in the words of the editor."""
    faults = getattr(error, "block_errors", None)
    if isinstance(faults, dict) and faults:
        name, inner = next(iter(faults.items()))
        if isinstance(block, blocks.StructBlock):
            child = block.child_blocks[name]
            return f"{child.label}: {_sentence(child, inner)}"
        assert isinstance(block, blocks.ListBlock)  # noqa: S101 (only lists count their errors)
        return f"nomor {int(name) + 1}, {_sentence(block.child_block, inner)}"
    general = getattr(error, "non_block_errors", None)
    if general:
        first = general.as_data()[0] if hasattr(general, "as_data") else general[0]
        return first.messages[0] if isinstance(first, ValidationError) else str(first)
    return error.messages[0]


def choice(text: str, fraction: Decimal, feedback: str = "", image: Picture | None = None, alt: str = "") -> dict:
    """An option of any kind answered by choosing, before ``chosen_kind`` decides which."""
    return {
        "text": text,
        "fraction": fraction,
        "right": fraction > 0,
        "feedback": feedback,
        "image": image,
        "image_alt": alt,
    }


def chosen_kind(options: list[dict], *, one: bool, extras: dict[str, str], notes: list[str]) -> tuple[str, dict]:
    """Which of our kinds a question answered by choosing is: (kind, its answers). Raises Unreadable."""
    full = [option for option in options if option["fraction"] == 1]
    positive = [option for option in options if option["fraction"] > 0]
    if not one and len(positive) == 1:
        notes.append("Hanya satu jawaban yang benar, jadi dijadikan soal dengan satu jawaban.")
        positive[0]["fraction"] = Decimal(1)
        full = positive
        one = True
    if not one:
        if extras.get("weights") == "auto":
            for option in options:
                option["fraction"] = None
        return QuestionKind.MULTIPLE, {
            "options": options,
            "all_or_nothing": extras.get("all_or_nothing") == "yes",
        }
    if len(full) != 1:
        raise Unreadable(
            "Tepat satu pilihan harus bernilai penuh (100%). "
            "Untuk beberapa jawaban benar, pakai soal dengan beberapa jawaban."
        )
    only_one = all(option["fraction"] == 0 for option in options if option is not full[0])
    if only_one and extras.get("kind") != QuestionKind.SITUATIONAL:
        return QuestionKind.SINGLE, {"options": options}
    return QuestionKind.SITUATIONAL, {"options": options}


def fraction_from(percent: str) -> Decimal:
    """``33,33333`` percent → 0.33333. Raises Unreadable."""
    number = decimal_from(percent)
    if not -100 <= number <= 100:
        raise Unreadable(f"Bobot {percent.strip()[:20]}% di luar -100 sampai 100.")
    return (number / 100).quantize(FIVE_PLACES).normalize() + 0


def percent_of(fraction: Decimal) -> str:
    return written(fraction * 100)


def decimal_from(text: str) -> Decimal:
    """A number with point or comma. Raises Unreadable."""
    compact = text.strip()[:100].replace(",", ".")
    try:
        number = Decimal(compact)
    except InvalidOperation:
        raise Unreadable(f"“{text.strip()[:30]}” bukan angka.") from None
    if not number.is_finite() or not -20 <= number.adjusted() <= 20 or len(compact) > 80:
        raise Unreadable(f"“{text.strip()[:30]}” bukan angka yang dapat dipakai.")
    return number


def written(number: Decimal) -> str:
    """A decimal with a point and without needless zeros: 12.500 → 12.5."""
    return f"{number.normalize() + 0:f}"


def joined_feedback(value: dict[str, Any]) -> str:
    """Feedback and explanation as the one general feedback that other systems know."""
    parts = [value["feedback"]] if value["feedback"] else []
    if value["explanation"]:
        parts.append(f"{HEADING}\n{value['explanation']}")
    return "\n".join(parts)


def parted_feedback(text: str) -> dict[str, str]:
    """What ``joined_feedback`` joined."""
    lines = tidy(text).split("\n")
    if HEADING not in lines:
        return {"feedback": "\n".join(lines), "explanation": ""}
    place = lines.index(HEADING)
    return {"feedback": "\n".join(lines[:place]), "explanation": "\n".join(lines[place + 1 :])}
