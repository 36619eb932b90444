"""A programme, its period and an activity."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from programmes import models


class ProgrammeFactory(DjangoModelFactory):
    code = factory.Sequence(lambda n: f"program-{n}")
    name = factory.Sequence(lambda n: f"Program Uji {n}")

    class Meta:
        model = models.Programme


class PeriodFactory(DjangoModelFactory):
    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Triwulan Uji {n}")
    starts_on = date(2026, 10, 1)
    ends_on = date(2026, 12, 31)

    class Meta:
        model = models.Period


class ActivityFactory(DjangoModelFactory):
    period = factory.SubFactory(PeriodFactory)
    code = factory.Sequence(lambda n: f"P3.{n}")
    field = "SDM Unggul"
    name = "Pelatihan etika pelayanan"

    class Meta:
        model = models.Activity


class IndicatorFactory(DjangoModelFactory):
    """At least eighty percent, for everybody."""

    activity = factory.SubFactory(ActivityFactory)
    measure = models.Measure.PERCENT
    target = 80

    class Meta:
        model = models.Indicator
