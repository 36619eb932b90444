"""Programmes are orders from above and the same for everybody: every signed-in person may read them."""

from django.db.models import QuerySet

from organisation.models import Role

from .models import Activity

MANAGES_PROGRAMMES = (Role.ADMINISTRATOR,)


def activities_for_actor(actor) -> QuerySet[Activity]:
    return Activity.objects.select_related("period__programme").order_by("-period__starts_on", "code")
