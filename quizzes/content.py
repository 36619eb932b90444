"""What a quiz page says, as plain values: the one reading of its blocks, for compiling and for the preview."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from courses.models import Topic
from courses.rich_text import sanitised

from .blocks import DRAW, FROM_BANK
from .blocks.written import lines_of
from .choices import QuestionKind, QuizRole
from .graph import scene_key
from .models.bank import BankQuestion, shortened
from .models.rules import DeliveryRules
from .openness import in_order
from .pools import PagePool, pools_of

SETTINGS = (
    "title",
    "intro",
    "role",
    "min_scenarios",
    *(rule.name for rule in DeliveryRules._meta.local_fields),
)


@dataclass(frozen=True)
class Standing:
    """A question that stands on the page itself, written there or named from the bank; ``number`` is its place.

    ``child`` is the question block; None where the bank question is gone or has no block yet.
    """

    number: int
    uuid: str
    child: Any
    bank: BankQuestion | None = None


def standing_of(page) -> list[Standing]:
    """The questions of the page without those that are drawn from the bank."""
    return [
        _standing(number, child) for number, child in enumerate(page.questions, start=1) if child.block_type != DRAW
    ]


def _standing(number: int, child) -> Standing:
    if child.block_type != FROM_BANK:
        return Standing(number, str(child.id), child)
    bank = child.value
    return Standing(number, str(bank.uuid if bank else child.id), bank and bank.block, bank)


def settings_of(page) -> dict[str, Any]:
    """The rules of the quiz; ``draw_count`` 0 means every question, a pre-test has no pass mark."""
    settings = {name: getattr(page, name) for name in SETTINGS}
    for name in ("opens_at", "closes_at"):
        # The same moment, whatever zone it was typed in.
        settings[name] = settings[name] and settings[name].astimezone(UTC)
    settings["review_options"] = in_order(page.review_options)
    from_page = page.draw_count or sum(child.block_type != DRAW for child in page.questions)
    from_bank = sum(child.value["count"] or 0 for child in page.questions if child.block_type == DRAW)
    settings["draw_count"] = from_page + from_bank
    settings["pass_fraction"] = f"{page.pass_mark / 100:.3f}" if page.role == QuizRole.POSTTEST else None
    return settings


def compiled_questions(page, pools: list[PagePool]) -> list[dict[str, Any]]:
    """One dict per question of the page and of its ``pools``, in the author's order. Nothing is checked.

    What a draw brings stands at its place; a question that several draws may give stands at the first.
    """
    drawn = BankQuestion.objects.in_bulk({member.pk for pool in pools for member in pool.members})
    pool_at = {pool.number: pool for pool in pools}
    questions: list[dict[str, Any]] = []
    seen: set[int] = set()
    for number, child in enumerate(page.questions, start=1):
        if pool := pool_at.get(number):
            new = [drawn[member.pk] for member in pool.members if member.pk not in seen]
            seen.update(bank.pk for bank in new)
            questions += [_of_bank(bank, len(questions) + place, pool=number) for place, bank in enumerate(new, 1)]
        elif (standing := _standing(number, child)).child is not None:
            order = len(questions) + 1
            questions.append(
                _of_bank(standing.bank, order)
                if standing.bank
                else question_of(child.block_type, standing.uuid, child.value, order=order)
            )
    return questions


def questions_of(page) -> list[dict[str, Any]]:
    """``compiled_questions`` with the pools as they stand now."""
    return compiled_questions(page, pools_of(page))


def _of_bank(bank: BankQuestion, order: int, **pool) -> dict[str, Any]:
    block = bank.block
    return {**question_of(block.block_type, str(bank.uuid), block.value, order=order), "bank_id": bank.pk, **pool}


def summary_of(child) -> str:
    """The words of a question block in one line, for lists; of an empty one its kind."""
    words = strip_tags(child.value["text"].source) if child.value["text"] else ""
    return shortened(words) or QuestionKind(child.block_type).label


def problem_of(child) -> str:
    """The first fault of an entry of the page in a sentence; empty when it can be compiled."""
    if child.block_type == FROM_BANK:
        return _problem_of_bank(child.value)
    return problem_of_block(child.block, child.value)


def problem_of_block(block, value) -> str:
    """The first fault of a block's value in a sentence; empty when there is none."""
    try:
        block.clean(value)
    except ValidationError as error:
        return _first_sentence(error)
    return ""


def _problem_of_bank(bank: BankQuestion | None) -> str:
    if bank is None:
        return "Soal banknya belum dipilih atau sudah dihapus."
    if not bank.live:
        return f"“{bank}” belum disetujui di bank soal. Tunggu pemeriksaannya, atau pilih soal lain."
    return ""


def unknown_topics(slugs: Iterable[str | None]) -> list[str]:
    """A sentence for each topic that is not in the tree."""
    asked = {slug for slug in slugs if slug}
    known = set(Topic.objects.filter(slug__in=asked).values_list("slug", flat=True)) if asked else set()
    return [f"Topik “{slug}” tidak ada di daftar topik. Pilih topik yang ada." for slug in sorted(asked - known)]


def _first_sentence(error: ValidationError) -> str:
    """The first message inside a tree of block errors."""
    for children in (getattr(error, "block_errors", None), getattr(error, "non_block_errors", None)):
        errors = list(children.values()) if isinstance(children, dict) else list(children or [])
        if errors:
            first = errors[0]
            return _first_sentence(first) if isinstance(first, ValidationError) else str(first)
    return error.messages[0]


def digest(settings: dict[str, Any], questions: list[dict[str, Any]], pools: list[PagePool]) -> str:
    """The same content gives the same SHA-256, whatever the order of keys."""
    drawn = [pool.row for pool in pools]
    text = json.dumps([settings, questions, *([drawn] if drawn else [])], sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def question_of(kind: str, uuid: str, value, *, order: int) -> dict[str, Any]:
    """One question block as plain values: what is shown, ``options``, the public ``shape`` and the ``key``."""
    return {
        "uuid": uuid,
        "kind": kind,
        "order": order,
        "html": _text(value["text"]) + _image(value),
        "marks": value["marks"] or 1,
        "topic": value["topic"] or "",
        "difficulty": value["difficulty"] or "",
        "feedback": value["feedback"] or "",
        "explanation": value["explanation"] or "",
        "legal_source_id": value["legal_source"].pk if value["legal_source"] else None,
        "needs_verification": bool(value["needs_verification"]),
        "options": [],
        "shape": {},
        "key": {},
        **ANSWERS[kind](uuid, value),
    }


def _text(rich_text) -> SafeString:
    return mark_safe(expand_db_html(sanitised(rich_text.source))) if rich_text else mark_safe("")


def _image(value) -> SafeString:
    if not value["image"]:
        return mark_safe("")
    picture = value["image"].get_rendition("max-720x720|format-webp")
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        picture.url,
        picture.width,
        picture.height,
        value["image_alt"] or "",
    )


def _option(option_id, order: int, html: str, fraction=0, feedback: str = "") -> dict[str, Any]:
    return {
        "uuid": str(option_id),
        "order": order,
        "html": html,
        "fraction": f"{fraction or 0:.5f}",
        "feedback": feedback or "",
    }


def _named(question: str, name: str) -> str:
    """The id of something that has no block of its own: it follows from the question and its words."""
    return str(uuid5(UUID(question), name))


def _choices(value, fraction_of) -> list[dict[str, Any]]:
    return [
        _option(
            bound.id,
            order,
            escape(bound.value["text"] or "") + _image(bound.value),
            fraction_of(bound.value),
            bound.value["feedback"],
        )
        for order, bound in enumerate(value["options"].bound_blocks, start=1)
    ]


def _single(_question: str, value) -> dict[str, Any]:
    return {"options": _choices(value, lambda option: option["right"])}


def _multiple(_question: str, value) -> dict[str, Any]:
    weights = any(option["fraction"] is not None for option in value["options"])
    key = {name: True for name, on in (("weights", weights), ("all_or_nothing", value["all_or_nothing"])) if on}
    fraction_of = (lambda option: option["fraction"]) if weights else (lambda option: option["right"])
    return {"options": _choices(value, fraction_of), "key": key}


def _situational(_question: str, value) -> dict[str, Any]:
    return {"options": _choices(value, lambda option: option["fraction"])}


def _true_false(question: str, value) -> dict[str, Any]:
    answers = (("benar", "Benar", value["feedback_true"]), ("salah", "Salah", value["feedback_false"]))
    return {
        "options": [
            _option(_named(question, answer), order, label, value["answer"] == answer, feedback)
            for order, (answer, label, feedback) in enumerate(answers, start=1)
        ]
    }


def _ordering(_question: str, value) -> dict[str, Any]:
    return {
        "options": [
            _option(bound.id, order, escape(bound.value or ""))
            for order, bound in enumerate(value["steps"].bound_blocks, start=1)
        ]
    }


def _matching(question: str, value) -> dict[str, Any]:
    pairs = value["pairs"].bound_blocks
    # Two statements may share a partner. Sorted, so that the order tells nothing where nothing is shuffled.
    partners = sorted({pair.value["match"].strip() for pair in pairs} | {text.strip() for text in value["distractors"]})
    return {
        "options": [
            _option(_named(question, text), order, escape(text)) for order, text in enumerate(partners, start=1)
        ],
        "shape": {"stems": [{"uuid": str(pair.id), "text": pair.value["stem"]} for pair in pairs]},
        "key": {"pairs": {str(pair.id): _named(question, pair.value["match"].strip()) for pair in pairs}},
    }


def _short(_question: str, value) -> dict[str, Any]:
    accepted = [
        {
            "uuid": str(bound.id),
            "text": bound.value["text"],
            "fraction": str(bound.value["fraction"]),
            "feedback": bound.value["feedback"] or "",
        }
        for bound in value["accepted"].bound_blocks
    ]
    return {"key": {"accepted": accepted, "match_case": bool(value["match_case"])}}


def _numerical(_question: str, value) -> dict[str, Any]:
    numbers = [
        {
            "uuid": str(bound.id),
            "number": str(bound.value["number"]),
            "tolerance": str(bound.value["tolerance"] or 0),
            "fraction": str(bound.value["fraction"]),
            "feedback": bound.value["feedback"] or "",
        }
        for bound in value["numbers"].bound_blocks
    ]
    units = [{"name": unit["name"], "factor": str(unit["factor"])} for unit in value["units"]]
    return {
        "shape": {"units": [unit["name"] for unit in units]},
        "key": {"numbers": numbers, "units": units},
    }


def _gaps(_question: str, value) -> dict[str, Any]:
    gaps, key = [], {}
    for bound in value["gaps"].bound_blocks:
        right, wrong = lines_of(bound.value["answers"]), lines_of(bound.value["wrong"])
        key[str(bound.id)] = right
        # Sorted: their order must not tell which came first, the right one.
        gaps.append({"uuid": str(bound.id), "choices": sorted({*right, *wrong}, key=str.casefold) if wrong else []})
    return {"shape": {"gaps": gaps}, "key": {"gaps": key}}


def _essay(_question: str, value) -> dict[str, Any]:
    rubric = value["rubric"].bound_blocks
    return {
        "shape": {
            "max_words": value["max_words"] or 0,
            "criteria": [
                {"uuid": str(bound.id), "text": bound.value["text"], "points": bound.value["points"]}
                for bound in rubric
            ],
        },
        "key": {
            "guides": {str(bound.id): bound.value["guide"] or "" for bound in rubric},
            "two_markers": bool(value["two_markers"]),
        },
    }


def _scenario(_question: str, value) -> dict[str, Any]:
    scenes = {}
    for scene in value["scenes"]:
        scenes[scene_key(scene["name"] or "")] = {
            "html": _text(scene["text"]) + _image(scene),
            "ending": scene["ending"] or "",
            "choices": [
                {
                    "uuid": str(bound.id),
                    "text": bound.value["text"],
                    "to": scene_key(bound.value["to"] or ""),
                    "fraction": str(bound.value["fraction"] or 0),
                    "consequence": bound.value["consequence"] or "",
                    "feedback": bound.value["feedback"] or "",
                }
                for bound in scene["choices"].bound_blocks
            ],
        }
    return {"key": {"start": next(iter(scenes), ""), "scenes": scenes}}


ANSWERS: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.SITUATIONAL: _situational,
    QuestionKind.ORDERING: _ordering,
    QuestionKind.MATCHING: _matching,
    QuestionKind.SHORT: _short,
    QuestionKind.NUMERICAL: _numerical,
    QuestionKind.GAPS: _gaps,
    QuestionKind.ESSAY: _essay,
    QuestionKind.SCENARIO: _scenario,
}
