"""The list of material on the back of a certificate: read once, when it is issued, and kept with it."""

from decimal import ROUND_DOWN, Decimal

from courses.models import CourseVersionItem, ItemKind
from enrolments.models import CourseCompletion
from enrolments.services.learning import DONE, ITEMS

SMALLEST = Decimal("0.1")


def materials_of(completion: CourseCompletion) -> list[dict]:
    """Return what was learned for ``completion``, in reading order: title, kind, minutes, JP and grade as text.

    Every item that the version asked for stands here, and those beyond that were done; a pre-test or an exercise,
    which nobody must take, is no material. The item that decides the grade has that of the ledger. What was learned
    elsewhere has its list elsewhere.
    """
    if completion.recognition_id is not None:
        return []
    done: dict[int, Decimal | None] = {row.item_id: row.grade for row in DONE.rows(enrolment=completion.enrolment_id)}
    items = [
        entry
        for entry in ITEMS.one(completion.course_version_id)
        if entry.required or (entry.item_id in done and entry.item.kind != ItemKind.QUIZ)
    ]
    shares = shared_jp(completion.jp, [entry.minutes for entry in items])
    return [_line(entry, jp, completion, done) for entry, jp in zip(items, shares, strict=True)]


def _line(
    entry: CourseVersionItem, jp: Decimal | None, completion: CourseCompletion, done: dict[int, Decimal | None]
) -> dict:
    grade = completion.grade if entry.decides_grade else done.get(entry.item_id)
    return {
        "title": entry.title,
        "kind": entry.item.kind,
        "minutes": entry.minutes,
        "jp": None if jp is None else str(jp),
        "grade": None if grade is None else str(grade),
    }


def shared_jp(total: Decimal, minutes: list[int]) -> list[Decimal | None]:
    """Share ``total`` JP among items by their minutes, in tenths, so that the lines add up to what the front says.

    What rounding leaves goes to the items that lost most by it. Without minutes nothing is shared out.
    """
    whole = sum(minutes)
    if not whole:
        return [None] * len(minutes)
    exact = [total * part / whole for part in minutes]
    shares = [share.quantize(SMALLEST, rounding=ROUND_DOWN) for share in exact]
    left = int((total - sum(shares)) / SMALLEST)
    by_loss = sorted(range(len(shares)), key=lambda place: shares[place] - exact[place])
    for place in by_loss[:left]:
        shares[place] += SMALLEST
    return list(shares)
