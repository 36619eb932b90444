"""Lines above an officer's courses about what others did for them; rooms above register who tells them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from organisation.models import Officer


@dataclass(frozen=True)
class NewsItem:
    """One line, drawn by components/_task.html."""

    title: str
    facts: str
    url: str
    icon: str = "info"


Teller = Callable[..., list[NewsItem]]
_tellers: list[Teller] = []


def tells(teller: Teller) -> Teller:
    """Register ``teller(officer, *, at)``; it asks the database once."""
    _tellers.append(teller)
    return teller


def news_for(officer: Officer, *, at: datetime) -> list[NewsItem]:
    return [item for teller in _tellers for item in teller(officer, at=at)]
