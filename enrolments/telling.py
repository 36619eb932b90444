"""What the rooms above have to say about a step of a course, on the officer's course page.

    @telling.about_items
    def earlier_grades(enrolment) -> dict[int, str]: ...   # item id → a short fact

This room names no quiz and no event; it only shows what it is told.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping

from .models import Enrolment

Teller = Callable[[Enrolment], Mapping[int, str]]
_tellers: list[Teller] = []


def about_items(teller: Teller) -> Teller:
    """Register what a room says; it is asked once per page."""
    _tellers.append(teller)
    return teller


def facts_of(enrolment: Enrolment | None) -> dict[int, list[str]]:
    """Everything that is told about the items of the enrolment's course."""
    facts: dict[int, list[str]] = defaultdict(list)
    if enrolment is None:
        return facts
    for teller in _tellers:
        for item, fact in teller(enrolment).items():
            facts[item].append(fact)
    return facts
