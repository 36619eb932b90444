"""Units, people and where they stand. Everything is in force since EPOCH unless a test says otherwise."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from organisation import models
from organisation.models import PATH_STEP, NumberKind, Role, UnitLevel, Zone

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "kuda hijau melompat sungai"


class UnitFactory(DjangoModelFactory):
    """A unit with its path and open placement: ``UnitFactory(parent=polres, level=UnitLevel.SECTOR)``."""

    code = factory.Sequence(lambda n: f"SAT-{n:04d}")
    name = factory.Sequence(lambda n: f"Polres Uji {n}")
    short_name = factory.SelfAttribute("name")
    level = UnitLevel.RESORT
    zone = Zone.WIB
    parent = None
    active_from = EPOCH

    class Meta:
        model = models.Unit
        skip_postgeneration_save = True

    @factory.post_generation
    def path(unit, create, extracted, **kwargs):
        unit.path = (unit.parent.path if unit.parent else "") + str(unit.pk).zfill(PATH_STEP)
        unit.save(update_fields=["path"])
        models.UnitPlacement.objects.create(
            unit=unit, parent=unit.parent, valid_from=unit.active_from, recorded_at=unit.active_from
        )


class RankFactory(DjangoModelFactory):
    """One of the seeded ranks: ``RankFactory(code="akp")``."""

    code = "bripka"

    class Meta:
        model = models.Rank
        django_get_or_create = ["code"]

    short = factory.LazyAttribute(lambda rank: rank.code.title())
    full = factory.SelfAttribute("short")
    group = "Uji"
    order = factory.Sequence(lambda n: 1000 + n)


class ServiceFunctionFactory(DjangoModelFactory):
    """One of the seeded functions: ``ServiceFunctionFactory(code="skck")``."""

    code = "spkt"
    name = factory.LazyAttribute(lambda function: function.code.upper())

    class Meta:
        model = models.ServiceFunction
        django_get_or_create = ["code"]


class UserFactory(DjangoModelFactory):
    """A login with PASSWORD."""

    login = factory.Sequence(lambda n: f"{70_000_000 + n}")
    name = factory.Sequence(lambda n: f"Akun Uji {n}")
    password = factory.django.Password(PASSWORD)

    class Meta:
        model = models.User


class PostingFactory(DjangoModelFactory):
    """Where an officer stands: ``PostingFactory(officer=…, unit=…, functions=[…])``."""

    officer = factory.SubFactory("tests.factories.organisation.OfficerFactory", posting=None)
    unit = factory.SubFactory(UnitFactory)
    rank = factory.SubFactory(RankFactory)
    post = "Banit"
    valid_from = EPOCH
    recorded_at = factory.SelfAttribute("valid_from")

    class Meta:
        model = models.Posting
        skip_postgeneration_save = True

    @factory.post_generation
    def functions(posting, create, extracted, **kwargs):
        if extracted:
            posting.functions.set(extracted)


class OfficerFactory(DjangoModelFactory):
    """An officer with a login and an open posting: ``OfficerFactory(posting__unit=polsek)``, or ``posting=None``."""

    number = factory.Sequence(lambda n: f"{90_000_000 + n}")
    number_kind = NumberKind.NRP
    name = factory.Sequence(lambda n: f"Personel Uji {n}")
    user = factory.SubFactory(
        UserFactory, login=factory.SelfAttribute("..number"), name=factory.SelfAttribute("..name")
    )
    posting = factory.RelatedFactory(PostingFactory, factory_related_name="officer")

    class Meta:
        model = models.Officer
        skip_postgeneration_save = True


class RoleGrantFactory(DjangoModelFactory):
    """A role in force over a unit: ``RoleGrantFactory(user=…, role=Role.SDM, unit=polres)``."""

    user = factory.SubFactory(UserFactory)
    role = Role.SDM
    unit = factory.SubFactory(UnitFactory)
    valid_from = EPOCH
    recorded_at = factory.SelfAttribute("valid_from")

    class Meta:
        model = models.RoleGrant
