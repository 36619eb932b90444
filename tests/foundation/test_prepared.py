"""A prepared query gives what Django's own gives, whatever the values."""

import pytest
from django.db.models import BigIntegerField, BooleanField, CharField, F, Value

from foundation.prepared import PreparedRows, PreparedUpdate, Slot
from organisation.models import Posting, User
from tests.factories.organisation import OfficerFactory, PostingFactory, UserFactory

pytestmark = pytest.mark.django_db


def postings():
    return (
        Posting.objects.select_related("officer__user", "unit")
        .annotate(same=Value(True, output_field=BooleanField()))
        .filter(officer__name=Slot("name", CharField()), unit__zone="Asia/Jakarta")
        .order_by("pk")
    )


def test_rows_come_with_their_related_rows_and_annotations_and_ask_once(django_assert_num_queries):
    ours = [OfficerFactory(name="Rahmat O'Neill"), OfficerFactory(name='Sri "%s" Lestari')]
    prepared = PreparedRows(postings)
    for officer in [*ours, *ours]:
        with django_assert_num_queries(1):
            [posting] = prepared.rows(name=officer.name)
            assert (posting.officer.user, posting.unit.zone, posting.same) == (officer.user, "Asia/Jakarta", True)
        assert posting == Posting.objects.get(officer=officer)
        assert (posting.valid_from, posting.valid_to) == (posting.officer.postings.get().valid_from, None)


def test_tuples_come_as_from_a_values_list(django_assert_num_queries):
    ours = [OfficerFactory(name="Rahmat O'Neill"), OfficerFactory(name="Sri Lestari")]
    wanted = ("officer__name", "valid_from", "unit__zone", "pk")
    prepared = PreparedRows(lambda: postings().values_list(*wanted))
    for officer in [*ours, *ours]:
        with django_assert_num_queries(1):
            [found] = prepared.tuples(name=officer.name)
        assert found == Posting.objects.values_list(*wanted).get(officer=officer)


def test_a_missing_row_and_a_missing_relation_are_what_they_are_elsewhere():
    UserFactory(login="71000001")
    users = PreparedRows(lambda: User.objects.select_related("officer").filter(login=Slot("login", CharField())))

    assert not list(users.rows(login="71000002"))
    [user] = users.rows(login="71000001")
    with pytest.raises(User.officer.RelatedObjectDoesNotExist):
        user.officer  # noqa: B018


def test_an_update_says_how_many_rows_it_changed():
    posting = PostingFactory(officer=OfficerFactory(posting=None))
    move = PreparedUpdate(
        lambda: Posting.objects.filter(pk=Slot("pk", BigIntegerField()), post=Slot("old", CharField())),
        post=Slot("new", CharField()),
        recorded_at=F("valid_from"),
    )

    assert move.run(pk=posting.pk, old="Banit", new="Kanit") == 1
    assert move.run(pk=posting.pk, old="Banit", new="Kapolsek") == 0
    posting.refresh_from_db()
    assert posting.post == "Kanit"
