"""Where somebody belongs, and in which zone they read times."""

from .models import Posting, RoleGrant, Unit, Zone


def place_of(actor) -> Unit | None:
    """The unit of the latest posting, else of the first role."""
    posting = Posting.objects.filter(officer__user=actor).select_related("unit").order_by("-valid_from").first()
    grant = None if posting else RoleGrant.objects.filter(user=actor).select_related("unit").first()
    place = posting or grant
    return place.unit if place else None


def reading_zone(actor) -> str:
    """The zone in which ``actor`` reads times: of ``place_of``."""
    unit = place_of(actor)
    return unit.zone if unit else Zone.WIB
