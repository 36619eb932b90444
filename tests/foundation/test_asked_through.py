"""A condition for rows, asked by a list of other rows that leads to them."""

from datetime import timedelta

import pytest
from django.db.models import Q

from foundation.planning import asked_through
from organisation.models import Officer, posted
from tests.factories.organisation import OfficerFactory, PostingFactory, UnitFactory


@pytest.mark.django_db
def test_all_of_it_must_fit_one_and_the_same_row(noon):
    here, elsewhere = UnitFactory(), UnitFactory()
    stands_here, went_away = OfficerFactory.create_batch(2, posting=None)
    PostingFactory(officer=stands_here, unit=here, valid_from=noon - timedelta(days=9))
    PostingFactory(officer=went_away, unit=here, valid_from=noon - timedelta(days=9), valid_to=noon - timedelta(days=1))
    PostingFactory(officer=went_away, unit=elsewhere, valid_from=noon - timedelta(days=1))

    found = Officer.objects.filter(asked_through("posting__", posted(at=noon) & Q(unit=here)))

    assert list(found) == [stands_here]


def test_what_must_not_be_is_refused_rather_than_asked_of_every_row():
    with pytest.raises(ValueError, match="posting__"):
        asked_through("posting__", Q(rank=1) & ~Q(unit=2))
