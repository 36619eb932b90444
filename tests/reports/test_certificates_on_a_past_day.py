"""How many certificates were in force on a past day is asked later as it was read that evening."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from certificates.models import Certificate
from tests.certificates.test_correct_and_reissue import ask_correction
from tests.factories.certificates import decided, issued, revoked
from tests.factories.organisation import UnitFactory
from tests.reports.scenes import owes, polres
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
# Half past nine in the evening in Jakarta, on the clock of the Polres.
EVENING = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
REGISTER = "/sdm/sertifikat/"


def shown(client, address: str) -> list[str]:
    return sorted(row.holder_name for row in client.get(address).context["page"])


def test_each_evening_is_found_again_later_and_the_tile_leads_to_its_list(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    here, names, evenings = polres(), iter(["Ani", "Budi", "Citra", "Dewi", "Eko"]), {}
    owes(here.officer("Wajib", here.unit), here.etika)
    with time_machine.travel(EVENING, tick=False) as clock:

        def earns(unit) -> Certificate:
            now = datetime.now(UTC)
            return issued(here.officer(next(names), unit), course=here.etika, at=now, rendered=True)

        def evening() -> None:
            """Ends after midnight in Jakarta, while it is still the same day in UTC."""
            sign_in(client, here.sdm)
            evenings[f"{datetime.now(UTC):%Y-%m-%d}"] = shown(client, f"{REGISTER}?keadaan=valid")
            clock.shift(timedelta(hours=3))

        ani, budi, citra = (earns(unit) for unit in (here.unit, here.polsek, here.polsek))
        Certificate.objects.filter(pk=ani.pk).update(expires_at=EVENING + timedelta(days=3))
        evening()
        earns(here.unit)
        for happens in (
            lambda now: revoked(budi, at=now),
            lambda now: decided(ask_correction(citra), here.polsek, at=now),
            lambda now: issued(unit=UnitFactory(), at=now, rendered=True),
            lambda now: earns(here.polsek),
        ):
            happens(datetime.now(UTC))
            clock.shift(timedelta(hours=21))
            evening()
        assert len({tuple(found) for found in evenings.values()}) == len(evenings)
        clock.shift(timedelta(days=5))
        revoked(Certificate.objects.get(holder_name__contains="Dewi"), at=datetime.now(UTC))
        sign_in(client, here.sdm)

        for day, names_then in evenings.items():
            found = shown(client, f"{REGISTER}?per={day}")
            tiles = {tile["label"]: tile for tile in client.get(f"/sdm/?per={day}&menurut=catatan").context["tiles"]}
            tile = tiles["Sertifikat berlaku"]
            assert (day, found) == (day, names_then)
            assert (int(tile["value"]), shown(client, tile["url"])) == (len(found), found)


def test_of_those_that_held_on_a_day_the_filter_leaves_what_is_in_that_state_now(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    here = polres()
    with time_machine.travel(EVENING, tick=False) as clock:
        lost, _held = (
            issued(here.officer(name, here.unit), course=here.etika, at=EVENING, rendered=True)
            for name in ("Ani", "Budi")
        )
        clock.shift(timedelta(days=1))
        revoked(lost, at=datetime.now(UTC))
        sign_in(client, here.sdm)

        found = {state: shown(client, f"{REGISTER}?per=2026-11-02&keadaan={state}") for state in ("valid", "revoked")}

    assert {state: [name.split()[-1] for name in names] for state, names in found.items()} == {
        "valid": ["Budi"],
        "revoked": ["Ani"],
    }
