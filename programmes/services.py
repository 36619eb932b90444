"""The one verb of this room: write down what an order from above says."""

from datetime import datetime

from django.db import transaction

from foundation import audit
from organisation.models import User

from .models import Activity, Indicator, Period, Programme


@transaction.atomic
def save_row(*, row: Programme | Period | Activity | Indicator, actor: User, at: datetime) -> None:
    """Save a validated programme, period, activity or target and say who did it."""
    created = row.pk is None
    row.save()
    audit.record(
        verb=f"{row._meta.model_name}.{'created' if created else 'changed'}",
        actor=actor,
        at=at,
        obj=row,
        detail={"name": str(row), **({"target": str(row.target)} if isinstance(row, Indicator) else {})},
    )
