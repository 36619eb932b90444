"""The verbs of this room: write down what an order from above says, remove what was written by mistake."""

from datetime import datetime

from django.db import transaction

from foundation import audit
from organisation.models import User

from .exceptions import RowInUse
from .models import Indicator
from .usage import Row, why_not_deleted


@transaction.atomic
def save_row(*, row: Row, actor: User, at: datetime) -> None:
    """Save a validated programme, period, activity or target and say who did it."""
    created = row.pk is None
    row.save()
    _note(row, "created" if created else "changed", actor=actor, at=at)


@transaction.atomic
def delete_row(*, row: Row, actor: User, at: datetime) -> None:
    """Remove a programme, period, activity or target on which nothing stands. Raises RowInUse."""
    # Lock first: an order must not come to name it between the question and the end.
    type(row)._default_manager.select_for_update().get(pk=row.pk)
    if problem := why_not_deleted(row):
        raise RowInUse(problem)
    _note(row, "deleted", actor=actor, at=at)
    row.delete()


def _note(row: Row, what: str, *, actor: User, at: datetime) -> None:
    detail = {"name": str(row), **({"target": str(row.target)} if isinstance(row, Indicator) else {})}
    audit.record(verb=f"{row._meta.model_name}.{what}", actor=actor, at=at, obj=row, detail=detail)
