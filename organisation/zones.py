"""In which zone somebody reads times."""

from .models import Posting, RoleGrant, Zone


def reading_zone(actor) -> str:
    """The zone in which ``actor`` reads times: of the latest posting, else of the first role's unit."""
    posting = Posting.objects.filter(officer__user=actor).select_related("unit").order_by("-valid_from").first()
    grant = None if posting else RoleGrant.objects.filter(user=actor).select_related("unit").first()
    place = posting or grant
    return place.unit.zone if place else Zone.WIB
